package io.sluice.cli.reconcile;

import java.util.UUID;

/**
 * What a line of a manifest tells.
 *
 * @param parked whether the block was refused for ever, and so lies apart
 * @param minute when it was delivered, since the epoch
 */
record Manifest(UUID incarnation, int log, long block, boolean parked, int minute, Facts facts) {}
