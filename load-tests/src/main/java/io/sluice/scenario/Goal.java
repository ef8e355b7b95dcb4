package io.sluice.scenario;

import io.sluice.ladder.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a figure must be, such as {@code rate >= 1000000}. Immutable.
 *
 * @param figure its name
 * @param atLeast whether more is better
 */
record Goal(String figure, boolean atLeast, double bound) {

    private static final Pattern TEXT = Pattern.compile("([a-z][a-z0-9_]*) *(>=|<=) *([0-9]+(?:\\.[0-9]+)?)");

    /** Of these the worst round counts; of all others the median. */
    private static final Set<String> WORST = Set.of(
            "lost",
            "phantom",
            "p99_growth",
            "rss_mib",
            "rss_growth_mib",
            "lag_s",
            "down_rss_mib",
            "down_growth_mib",
            "caught_up_s");

    /** Of these as well: what the load wanted, and the gateway did not take. */
    private static final Set<String> NOT_TAKEN = Set.of("refused", "unknown", "unsent", "unsent_ratio");

    /**
     * What holds of any load with a rate, or a gateway that refuses work would be a fast one. What is due when the load
     * ends may find no connection free: a thousandth is 60 ms of a minute.
     */
    static final List<Goal> RATE_KEPT = all("refused <= 0, unknown <= 0, unsent_ratio <= 0.001");

    /**
     * Several, with commas between.
     *
     * @throws IllegalArgumentException if that is not what the text holds
     */
    static List<Goal> all(String text) {
        List<Goal> goals = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            Matcher matcher = TEXT.matcher(one.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "goal is '" + one.strip() + "', expected such as 'rate >= 1000000' or 'p50_ms <= 1'");
            }
            goals.add(new Goal(matcher.group(1), matcher.group(2).equals(">="), Double.parseDouble(matcher.group(3))));
        }
        return List.copyOf(goals);
    }

    /**
     * These, and what else must hold of a load with a rate: {@link #RATE_KEPT}, but for figures that these have
     * something to say of, such as those of a load that is to be refused.
     */
    static List<Goal> withRateKept(List<Goal> goals) {
        List<Goal> all = new ArrayList<>(goals);
        for (Goal kept : RATE_KEPT) {
            String said = kept.figure.replace("_ratio", "");
            if (goals.stream()
                    .noneMatch(goal -> goal.figure.replace("_ratio", "").equals(said))) {
                all.add(kept);
            }
        }
        return List.copyOf(all);
    }

    double value(Figures figures) {
        return value(figures, figure);
    }

    static double value(Figures figures, String figure) {
        return WORST.contains(figure) || NOT_TAKEN.contains(figure) ? figures.most(figure) : figures.of(figure);
    }

    boolean met(Figures figures) {
        return met(value(figures));
    }

    boolean met(double value) {
        return atLeast ? value >= bound : value <= bound;
    }
}
