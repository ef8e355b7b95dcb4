package io.sluice.http;

import io.sluice.common.LoopHandle;
import io.sluice.intake.Intake;

/** Makes what stands behind each loop. */
@FunctionalInterface
public interface IntakeFactory {

    /**
     * The intake of one more loop. Called once a loop, on the loop's own thread, in ascending order, and before the
     * port is bound: what fails here fails the start.
     *
     * @param index number of the loop, from 0
     * @param loop the loop itself, for wake-ups and deadlines
     */
    Intake create(int index, LoopHandle loop);
}
