package io.sluice.privacy.period;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How long a value keeps its pseudonym, and where the secrets for that are.
 *
 * @param period how long periods are
 * @param directory where secrets are if they are in no bucket, and none is fixed
 * @param fixed the one secret for all time, or {@code null}
 * @param keep how long after its end a period's secret stays
 */
public record PseudonymConfig(Period.Length period, Path directory, FixedSecret fixed, Duration keep) {}
