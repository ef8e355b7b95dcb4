package io.sluice.load.acks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AckFileTest {

    private static final AckHead HEAD = new AckHead("abcd1234", 1_795_305_600_123L, 42);

    @TempDir
    Path directory;

    @Test
    void saysOfEachNumberWhatBecameOfIt() throws IOException {
        Path path = directory.resolve("run.acks");
        AckFile file = new AckFile(path, HEAD);
        Ledger ledger = new Ledger(file);
        Ledger.Range acked = deal(ledger, 50);
        Ledger.Range refused = deal(ledger, 50);
        deal(ledger, 50);
        Ledger.Range lost = deal(ledger, 50);
        ledger.refused(refused);
        ledger.acked(acked);
        ledger.unknown(lost);
        ledger.close();
        file.end(ledger.sent());

        Read read = read(path);
        assertThat(read.head).isEqualTo(HEAD);
        assertThat(read.ended).isTrue();
        assertThat(read.sent.get(0).count()).isEqualTo(200);
        assertThat(read.acked.get(0).count()).isEqualTo(50);
        assertThat(read.acked.get(0).contains((int) acked.first())).isTrue();
        assertThat(read.refused.get(0).count()).isEqualTo(50);
        assertThat(read.refused.get(0).contains((int) refused.first())).isTrue();
        assertThat(Files.size(path)).isEqualTo(file.bytes());
    }

    @Test
    void takesLessThanAFifthOfAByteAnEventWhenAnswersComeOutOfOrder() throws IOException {
        Path path = directory.resolve("run.acks");
        AckFile file = new AckFile(path, HEAD);
        Ledger ledger = new Ledger(file);
        Random random = new Random(7);
        List<Ledger.Range> underWay = new ArrayList<>();
        int mostOpen = 0;
        for (int i = 0; i < 400_000; i++) {
            underWay.add(deal(ledger, 5));
            if (underWay.size() > 256) {
                Ledger.Range range = underWay.remove(random.nextInt(underWay.size()));
                if (random.nextInt(1000) == 0) {
                    ledger.refused(range);
                } else {
                    ledger.acked(range);
                }
            }
            if (i % 10_000 == 0) {
                ledger.snapshot();
            }
            mostOpen = Math.max(mostOpen, ledger.openBlocks());
        }
        underWay.forEach(ledger::acked);
        ledger.close();
        file.end(ledger.sent());
        assertThat(ledger.sent()).isEqualTo(2_000_000);
        assertThat((double) Files.size(path) / ledger.sent()).isLessThan(0.2);
        assertThat(mostOpen).isLessThan(5);
        Read read = read(path);
        assertThat(read.count(read.acked) + read.count(read.refused)).isEqualTo(ledger.sent());
        assertThat(read.count(read.sent)).isEqualTo(ledger.sent());
    }

    @Test
    void isReadUpToWhereAKilledRunLeftIt() throws IOException {
        byte[] whole = Files.readAllBytes(sample());
        long most = 0;
        for (int length = Records.HEAD_BYTES; length < whole.length; length++) {
            Path cut = directory.resolve("cut.acks");
            Files.write(cut, java.util.Arrays.copyOf(whole, length));
            Read read = read(cut);
            assertThat(read.ended).as("cut to %d", length).isFalse();
            long acked = read.count(read.acked);
            assertThat(acked).as("cut to %d", length).isGreaterThanOrEqualTo(most);
            most = acked;
        }
        assertThat(most).isPositive();
    }

    @Test
    void isRefusedIfAByteChanged() throws IOException {
        byte[] whole = Files.readAllBytes(sample());
        for (int at = 0; at < whole.length; at += 3) {
            byte[] bad = whole.clone();
            bad[at] ^= 0x10;
            Path path = directory.resolve("bad.acks");
            Files.write(path, bad);
            try {
                // A length that grew beyond the end of the file looks like a cut: then nothing wrong is said.
                assertThat(read(path).ended).as("byte %d changed", at).isFalse();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("bad.acks");
            }
        }
    }

    @Test
    void isRefusedIfItIsNone() throws IOException {
        Path path = Files.writeString(directory.resolve("none"), "x".repeat(100));
        assertThatThrownBy(() -> read(path)).hasMessageContaining("SLUICEAK");
        Path empty = Files.createFile(directory.resolve("empty"));
        assertThatThrownBy(() -> read(empty)).hasMessageContaining("shorter than its head");
    }

    @Test
    void handsOutABlockOnlyWhenTheFileClaimsIt() throws IOException {
        Path path = directory.resolve("run.acks");
        AckFile file = new AckFile(path, HEAD);
        try {
            Ledger ledger = new Ledger(file);
            for (int i = 0; i < 40; i++) {
                long block = deal(ledger, BlockSet.SIZE).first() / BlockSet.SIZE;
                assertThat(read(path).claimed).contains((int) block);
            }
        } finally {
            file.close();
        }
    }

    @Test
    void writesWhatChangedBeforeTheBlockIsSettled() throws IOException {
        Path path = directory.resolve("run.acks");
        AckFile file = new AckFile(path, HEAD);
        Ledger ledger = new Ledger(file);
        ledger.acked(deal(ledger, 10));
        ledger.snapshot();
        // As if the process had been killed: nothing but the snapshot.
        file.close();
        Read read = read(path);
        assertThat(read.ended).isFalse();
        assertThat(read.count(read.acked)).isEqualTo(10);
        assertThat(read.sent).isEmpty();
    }

    private Path sample() throws IOException {
        Path path = directory.resolve("sample.acks");
        AckFile file = new AckFile(path, HEAD);
        Ledger ledger = new Ledger(file);
        for (int i = 0; i < 3; i++) {
            ledger.acked(deal(ledger, 100));
            ledger.refused(deal(ledger, 7));
            ledger.snapshot();
        }
        ledger.close();
        file.end(ledger.sent());
        return path;
    }

    private static Ledger.Range deal(Ledger ledger, int count) {
        Ledger.Range range = ledger.tryDeal(count);
        while (range == null) {
            Thread.onSpinWait();
            range = ledger.tryDeal(count);
        }
        return range;
    }

    private static Read read(Path path) throws IOException {
        Read read = new Read();
        try (AckReader reader = new AckReader(path)) {
            read.head = reader.head();
            reader.read(read);
            read.ended = reader.ended();
        }
        return read;
    }

    private static final class Read implements AckReader.Visitor {

        AckHead head;
        boolean ended;
        final List<Integer> claimed = new ArrayList<>();
        final Map<Integer, BlockSet> sent = new TreeMap<>();
        final Map<Integer, BlockSet> acked = new TreeMap<>();
        final Map<Integer, BlockSet> refused = new TreeMap<>();

        long count(Map<Integer, BlockSet> sets) {
            return sets.values().stream().mapToLong(BlockSet::count).sum();
        }

        @Override
        public void claimed(int block) {
            claimed.add(block);
        }

        @Override
        public void sent(int block, AckReader.Numbers numbers) {
            numbers.addTo(sent.computeIfAbsent(block, b -> new BlockSet()));
        }

        @Override
        public void acked(int block, AckReader.Numbers numbers) {
            numbers.addTo(acked.computeIfAbsent(block, b -> new BlockSet()));
        }

        @Override
        public void refused(int block, AckReader.Numbers numbers) {
            numbers.addTo(refused.computeIfAbsent(block, b -> new BlockSet()));
        }
    }
}
