package io.sluice.privacy.consent;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a policy does with events for the sake of consent. Immutable; data, which {@link ConsentSection} reads.
 *
 * @param unsaid what is done where nothing was said
 * @param refused what is done where something was refused; what was granted is kept
 * @param regions both by country (ISO 3166-1 alpha-2, in upper case), or for all of {@code EU}: the 27 states of the
 *     European Union, and Iceland, Liechtenstein and Norway. A country goes before the EU
 * @param purposes those of a TC string that are needed, 1 to 24
 * @param categories names of those that measure, in lower case without separators
 * @param ignored signals that are not listened to
 */
public record ConsentRules(
        Decision unsaid,
        Decision refused,
        Map<String, Regional> regions,
        Set<Integer> purposes,
        Set<String> categories,
        Set<Signal> ignored) {

    /** Rules of one region; {@code null} is as elsewhere. */
    public record Regional(Decision unsaid, Decision refused) {}

    /** Store and access information on a device; measure the performance of content. */
    private static final Set<Integer> PURPOSES = Set.of(1, 8);

    private static final Set<String> CATEGORIES = Set.of(Choices.MEASURING.split(" "));

    public ConsentRules {
        regions = Map.copyOf(regions);
        purposes = Set.copyOf(new TreeSet<>(purposes));
        categories = Set.copyOf(categories);
        ignored = Set.copyOf(ignored);
    }

    private ConsentRules(Decision unsaid, Decision refused, Map<String, Regional> regions) {
        this(unsaid, refused, regions, PURPOSES, CATEGORIES, Set.of());
    }

    /**
     * As the strictest law of the place has it, and no stricter where there is none: whoever has not refused is kept.
     */
    public static ConsentRules strict() {
        Regional optIn = new Regional(Decision.ANONYMISE, null);
        return new ConsentRules(Decision.KEEP, Decision.ANONYMISE, Map.of("EU", optIn, "GB", optIn));
    }

    /** Opt-in, wherever the visitor is: the law goes by where the shop is, too. */
    public static ConsentRules gdpr() {
        return new ConsentRules(Decision.ANONYMISE, Decision.ANONYMISE, Map.of());
    }

    /** Opt-out. */
    public static ConsentRules ccpa() {
        return new ConsentRules(Decision.KEEP, Decision.ANONYMISE, Map.of());
    }

    /** Whatever was said is stored beside the event, and acted on by whoever reads it. */
    public static ConsentRules minimal() {
        return new ConsentRules(Decision.KEEP, Decision.KEEP, Map.of());
    }
}
