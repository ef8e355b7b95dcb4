package io.sluice.delivery;

import io.sluice.delivery.manifest.ManifestConfig;
import io.sluice.journal.SealedBlock;
import io.sluice.record.Encoding;
import io.sluice.record.Samples;
import io.sluice.ring.BlockSummary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;

/** Sealed blocks for tests. */
public final class Blocks {

    public static final UUID INCARNATION = UUID.fromString("019a0000-0000-7000-8000-000000000001");

    /** Gathered for ten seconds. */
    public static final ManifestConfig MANIFESTS =
            new ManifestConfig(true, Duration.ofSeconds(10), "manifests/", List.of("sluice-manifests"), 5 << 20, 2000);

    private Blocks() {}

    public static SealedBlock of(long block, String lines) {
        return of("events", Encoding.NDJSON, block, lines.getBytes(StandardCharsets.UTF_8));
    }

    public static SealedBlock of(String group, Encoding encoding, long block, byte[] lines) {
        return of(INCARNATION, group, encoding, block, lines, 0);
    }

    private static int crc32(byte[] lines) {
        CRC32 crc = new CRC32();
        crc.update(lines);
        return (int) crc.getValue();
    }

    public static SealedBlock of(
            UUID incarnation, String group, Encoding encoding, long block, byte[] lines, long firstReceivedMillis) {
        int records = 0;
        for (byte b : lines) {
            records += b == '\n' ? 1 : 0;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Samples.block(encoding, lines)).asReadOnlyBuffer();
        return new SealedBlock(
                incarnation,
                0,
                block,
                group,
                encoding,
                bytes,
                records,
                lines.length,
                crc32(lines),
                firstReceivedMillis,
                new BlockSummary());
    }
}
