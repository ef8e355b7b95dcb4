package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.ReferenceJson;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Values of the corpora in every place of an event, beneath every encoding: nothing is left of them, what is left is
 * JSON, and scrubbing it again changes nothing. {@code -Dsluice.privacy.places=1000000} tries as many.
 */
class EveryPlaceTest {

    private static final int TRIES = Integer.getInteger("sluice.privacy.places", 30_000);
    private static final long SEED = Long.getLong("sluice.seed", 20261123);

    @Test
    void nothingIsLeftOfAnyValueInAnyPlaceBeneathAnyEncoding() {
        Planted.All all = Planted.load();
        System.out.println(all.values().size() + " texts; left out: " + all.leftOut());
        SplittableRandom random = new SplittableRandom(SEED);
        ScrubbedText scrubbed = new ScrubbedText();
        List<String> left = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            Planted planted = all.values().get(random.nextInt(all.values().size()));
            Disguise disguise = Disguise.values()[random.nextInt(Disguise.values().length)];
            Place place = Place.values()[random.nextInt(Place.values().length)];
            Surrounding around = Surrounding.values()[random.nextInt(Surrounding.values().length)];
            if (Limits.leftOut(planted, disguise, around, place) != null) {
                continue;
            }
            String json = place.event(around.of(disguise.of(planted.text())), random);
            String once = scrubbed.of(json);
            String fault = fault(planted, once);
            if (fault == null) {
                ReferenceJson.parse(once);
                String twice = scrubbed.of(once);
                fault = twice.equals(once) ? null : "another result the second time: " + twice;
            }
            if (fault != null) {
                left.add(planted.entity() + " " + disguise + " " + around + " " + place + ": " + fault + "\n    " + json
                        + "\n    " + once);
            }
        }
        assertThat(left).as("of %d, seed %d: %d", TRIES, SEED, left.size()).isEmpty();
    }

    private static String fault(Planted planted, String line) {
        return Limits.left(planted, line);
    }
}
