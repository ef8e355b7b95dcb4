package io.sluice.delivery.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.delivery.Blocks;
import io.sluice.journal.BlockManifest;
import io.sluice.journal.BlockSource;
import io.sluice.journal.Receipt;
import io.sluice.journal.SealedBlock;
import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import io.sluice.ring.BlockSummary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ManifestsTest {

    private static final long SECOND = 1_000_000_000L;

    /** Hands out manifests, and nothing else. */
    private static final class Journal implements BlockSource {
        final Deque<BlockManifest> manifests = new ArrayDeque<>();
        final List<BlockManifest> manifested = new ArrayList<>();

        @Override
        public SealedBlock poll(long timeoutNanos, Predicate<String> wanted) {
            return null;
        }

        @Override
        public void maintain() {}

        @Override
        public void delivered(SealedBlock block, Receipt receipt) {
            throw new AssertionError("nothing was handed out");
        }

        @Override
        public BlockManifest pollManifest() {
            return manifests.poll();
        }

        @Override
        public void manifested(BlockManifest manifest) {
            manifested.add(manifest);
        }

        @Override
        public void giveBack(SealedBlock block) {
            throw new AssertionError("nothing was handed out");
        }

        @Override
        public long pendingBlocks() {
            return 0;
        }
    }

    private final Journal journal = new Journal();
    private final Manifests manifests = new Manifests(Blocks.MANIFESTS, journal, Blocks.INCARNATION);

    @Test
    void writesTheLineThatTheDocumentationShows() {
        BlockSummary summary = new BlockSummary();
        add(summary, "toys", 29_396_031, 2);
        add(summary, "demo", 29_396_031, 40);
        add(summary, "demo", 29_396_030, 1);
        BlockManifest block = new BlockManifest(
                Blocks.INCARNATION,
                0,
                123,
                "events",
                Encoding.GZIP,
                4711,
                43,
                20_000,
                0x00C0FFEE,
                1_763_761_800_123L,
                summary,
                new Receipt(Receipt.Kind.DELIVERED, "a \"b\\\u001f", 1_763_761_861_456L));
        assertThat(new String(ManifestLine.of(block), StandardCharsets.US_ASCII))
                .isEqualTo("{\"v\":1,\"inc\":\"019a0000-0000-7000-8000-000000000001\",\"log\":0,\"block\":123,"
                        + "\"group\":\"events\",\"enc\":\"gzip\",\"bytes\":4711,\"records\":43,\"raw\":20000,"
                        + "\"crc32\":\"00c0ffee\",\"rt\":1763761800123,\"kind\":\"delivered\","
                        + "\"id\":\"a \\\"b\\\\\\u001f\",\"at\":1763761861456,"
                        + "\"shops\":{\"demo\":{\"29396030\":1,\"29396031\":40},\"toys\":{\"29396031\":2}}}\n");
    }

    @Test
    void aBlockWithoutCountsAndOneThatIsParkedHaveAllFieldsToo() {
        assertThat(new String(ManifestLine.of(manifest(7, Receipt.Kind.PARKED, 0)), StandardCharsets.US_ASCII))
                .contains("\"kind\":\"parked\",\"id\":\"id-7\"")
                .endsWith(",\"shops\":{}}\n");
    }

    @Test
    void linesWaitForTheLingerAndGoAsOneBlockOfTheirGroup() throws Exception {
        journal.manifests.add(manifest(1, Receipt.Kind.DELIVERED, 0));
        manifests.gather(0);
        assertThat(manifests.poll(9 * SECOND, 0, false)).isNull();
        assertThat(manifests.nanosUntilDue(9 * SECOND)).isEqualTo(SECOND);
        journal.manifests.add(manifest(2, Receipt.Kind.PARKED, 0));
        manifests.gather(9 * SECOND);

        SealedBlock block = manifests.poll(10 * SECOND, 4711, false);
        assertThat(block.group()).isEqualTo("manifests");
        assertThat(block.firstReceivedMillis()).isEqualTo(4711);
        assertThat(block.records()).isEqualTo(2);
        String lines = lines(block);
        assertThat(lines.lines()).hasSize(2);
        assertThat(block.rawLength()).isEqualTo(lines.length());
        CRC32 crc = new CRC32();
        crc.update(lines.getBytes(StandardCharsets.US_ASCII));
        assertThat(block.crc32()).isEqualTo((int) crc.getValue());

        assertThat(manifests.holds(block)).isTrue();
        assertThat(manifests.isEmpty()).isFalse();
        assertThat(journal.manifested).isEmpty();
        manifests.settled(block);
        assertThat(journal.manifested).hasSize(2);
        assertThat(manifests.isEmpty()).isTrue();
        assertThat(manifests.nanosUntilDue(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aDrainWaitsForNothing() {
        journal.manifests.add(manifest(1, Receipt.Kind.DELIVERED, 0));
        manifests.gather(0);
        assertThat(manifests.poll(0, 0, true).records()).isEqualTo(1);
        assertThat(manifests.poll(0, 0, true)).isNull();
    }

    @Test
    void whatIsHeldIsBoundedAndTheRestStaysWithTheJournal() {
        for (int i = 0; i < 3_000; i++) {
            journal.manifests.add(manifest(i, Receipt.Kind.DELIVERED, 20));
        }
        List<SealedBlock> blocks = new ArrayList<>();
        manifests.gather(0);
        for (SealedBlock b = manifests.poll(0, 0, false); b != null; b = manifests.poll(0, 0, false)) {
            blocks.add(b);
            manifests.gather(0);
        }
        assertThat(blocks).hasSize(Manifests.MAX_UNDER_WAY);
        assertThat(blocks)
                .allSatisfy(block -> assertThat(block.rawLength())
                        .isBetween((long) Manifests.MAX_RAW_BYTES, Manifests.MAX_RAW_BYTES + 2_000L));
        assertThat(blocks).extracting(SealedBlock::block).doesNotHaveDuplicates();
        assertThat(journal.manifests).isNotEmpty();

        int before = journal.manifests.size();
        manifests.settled(blocks.getFirst());
        manifests.gather(0);
        assertThat(journal.manifests).hasSizeLessThan(before);
    }

    @Test
    void whereTheyAreOffTheJournalNeedNotKeepThem() {
        ManifestConfig off = new ManifestConfig(false, Duration.ZERO, "manifests/", List.of("m"), 1, 1);
        Manifests none = new Manifests(off, journal, Blocks.INCARNATION);
        journal.manifests.add(manifest(1, Receipt.Kind.DELIVERED, 0));
        none.gather(0);
        assertThat(journal.manifested).hasSize(1);
        assertThat(none.poll(0, 0, true)).isNull();
    }

    private static BlockManifest manifest(long block, Receipt.Kind kind, int shops) {
        BlockSummary summary = new BlockSummary();
        for (int i = 0; i < shops; i++) {
            add(summary, "shop-" + i, 29_396_031, 1 + i);
        }
        return new BlockManifest(
                Blocks.INCARNATION,
                0,
                block,
                "events",
                Encoding.GZIP,
                100,
                1,
                200,
                5,
                6,
                summary,
                new Receipt(kind, "id-" + block, 8));
    }

    private static void add(BlockSummary summary, String shop, int minute, int lines) {
        byte[] id = shop.getBytes(StandardCharsets.US_ASCII);
        summary.add(id, Arrays.hashCode(id), minute, lines);
    }

    private static String lines(SealedBlock block) throws IOException {
        byte[] bytes = new byte[block.bytes().remaining()];
        block.bytes().duplicate().get(bytes);
        try (InputStream in = BlockReader.open(block.encoding(), new ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
