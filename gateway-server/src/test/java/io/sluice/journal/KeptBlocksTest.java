package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.journal.TestProducer.Sent;
import io.sluice.metrics.Metrics;
import io.sluice.storage.SimStorage;
import io.sluice.storage.SimStorage.Call;
import io.sluice.testing.CleanLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is delivered once more is what was delivered the first time. */
final class KeptBlocksTest {

    private final SimStorage disk = new SimStorage(1);

    @Test
    void aBlockWhoseSealCouldNotBeSyncedEndsWhereItsWriterSaidNext(CleanLog.Expected log) throws Exception {
        log.line("failed, going on in the next");
        TestJournal journal = new TestJournal(disk, TestJournal.config(), 1, 1);
        journal.prepare();
        Sent taken = journal.producers.getFirst().flush(1, false);
        journal.commit();
        disk.failIf((call, path) -> call == Call.SYNC && Layout.segmentNumber(path) == 0);
        Sent refused = journal.producers.getFirst().flush(1, true);
        journal.commit();
        disk.failIf((call, path) -> false);
        journal.commit();
        assertThat(taken.isAcknowledged()).isTrue();
        assertThat(refused.isAcknowledged()).isFalse();
        SealedBlock delivered = journal.poll();
        assertThat(TestJournal.lines(delivered)).isEqualTo(taken.lines);

        List<SealedBlock> kept = new ArrayList<>();
        try (KeptBlocks blocks =
                KeptBlocks.received(TestJournal.config(), disk, 0, Long.MAX_VALUE, new Metrics().newCells())) {
            for (SealedBlock block = blocks.poll(0); block != null; block = blocks.poll(0)) {
                kept.add(block);
            }
        }
        assertThat(TestJournal.lines(kept)).isEqualTo(taken.lines);
        assertThat(kept.getFirst().crc32()).isEqualTo(delivered.crc32());
    }
}
