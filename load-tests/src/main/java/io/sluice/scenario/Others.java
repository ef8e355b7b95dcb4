package io.sluice.scenario;

import io.sluice.ladder.Child;
import io.sluice.ladder.CpuUse;
import io.sluice.ladder.MachineUse;
import java.io.IOException;

/**
 * What all processors have done up to a moment, and what of it was ours: this process, those that it started, and the
 * kernel's own threads. Immutable.
 *
 * @param ours nanoseconds
 */
record Others(MachineUse machine, long ours) {

    /** @param living of ours, the same at both ends; those that have ended are known */
    static Others now(Child... living) throws IOException {
        long self = ProcessHandle.current().pid();
        long ours = CpuUse.of(self).process().total()
                + CpuUse.ended(self).total()
                + CpuUse.kernelThreads().total();
        for (Child child : living) {
            ours += CpuUse.of(child.pid()).process().total();
        }
        return new Others(MachineUse.now(), ours);
    }

    /** The part of the processors that others took since then. */
    double since(Others before) {
        MachineUse used = machine.since(before.machine);
        double all = used.busy() + used.idle() + used.stolen();
        return Math.max(0, used.busy() - (ours - before.ours)) / Math.max(1, all);
    }
}
