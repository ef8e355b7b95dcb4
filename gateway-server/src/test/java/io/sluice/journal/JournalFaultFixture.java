package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.storage.SimStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A disk that can be made to fail, a journal on it, and what many power failures would leave of it. */
abstract class JournalFaultFixture {

    /** So many different power failures at one place. */
    static final int CRASHES = 100;

    final SimStorage disk = new SimStorage(1);

    static TestJournal open(SimStorage disk, int generation, int producers) throws IOException {
        TestJournal journal = new TestJournal(disk, TestJournal.config(), generation, producers);
        journal.prepare();
        return journal;
    }

    static boolean isSegment(Path path) {
        return Layout.segmentNumber(path) >= 0;
    }

    /** What each of many power failures now would leave. */
    static List<List<String>> recoveries(SimStorage disk) throws IOException {
        List<List<String>> recoveries = new ArrayList<>();
        for (int seed = 0; seed < CRASHES; seed++) {
            TestJournal next = new TestJournal(disk.crash(seed), TestJournal.config(), 99, 0);
            recoveries.add(TestJournal.lines(next.pollAll()));
            assertThat(next.metrics.total(Counter.DAMAGED_BLOCKS))
                    .as("damaged blocks, seed %d", seed)
                    .isZero();
        }
        return recoveries;
    }

    /** @return the lines that were delivered */
    static List<String> deliverAll(TestJournal journal) throws IOException {
        List<SealedBlock> blocks = journal.pollAll();
        List<String> lines = TestJournal.lines(blocks);
        for (SealedBlock block : blocks) {
            journal.deliver(block);
        }
        journal.settle();
        return lines;
    }

    Path segment(long sequence) {
        return disk.files().stream()
                .filter(path -> Layout.segmentNumber(path) == sequence)
                .findFirst()
                .orElseThrow();
    }
}
