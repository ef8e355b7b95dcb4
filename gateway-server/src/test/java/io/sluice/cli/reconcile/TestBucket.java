package io.sluice.cli.reconcile;

import io.sluice.common.Position;
import io.sluice.record.Encoding;
import io.sluice.record.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** A directory in the layout of a bucket, filled with blocks of the real encoders and their manifests. */
public final class TestBucket {

    public static final UUID INCARNATION = UUID.fromString("019a0000-0000-7000-8000-000000000001");
    /** 2026-11-22T10:00Z. */
    public static final long START_MILLIS = 1_795_341_600_000L;

    /** A block and what its manifest tells. */
    public record Block(String group, Encoding encoding, long number, String lines, String kind, long atMillis) {

        public byte[] packed() {
            return Samples.block(encoding, lines);
        }

        public int records() {
            return (int) lines.lines().count();
        }

        public Block withLines(String other) {
            return new Block(group, encoding, number, other, kind, atMillis);
        }

        public Block parked() {
            return new Block(group, encoding, number, lines, "parked", atMillis);
        }

        public Block at(long millis) {
            return new Block(group, encoding, number, lines, kind, millis);
        }

        public String manifest() {
            byte[] raw = lines.getBytes(StandardCharsets.UTF_8);
            CRC32 crc = new CRC32();
            crc.update(raw);
            Map<String, Map<Long, Integer>> shops = new TreeMap<>();
            lines.lines()
                    .forEach(line -> shops.computeIfAbsent(between(line, "\"shop\":\"", "\""), s -> new TreeMap<>())
                            .merge(
                                    TimeUnit.MILLISECONDS.toMinutes(Long.parseLong(between(line, "\"rt\":", ","))),
                                    1,
                                    Integer::sum));
            StringBuilder counts = new StringBuilder();
            shops.forEach((shop, minutes) -> {
                counts.append(counts.isEmpty() ? "" : ",")
                        .append('"')
                        .append(shop)
                        .append("\":{");
                StringBuilder each = new StringBuilder();
                minutes.forEach((minute, n) -> each.append(each.isEmpty() ? "" : ",")
                        .append('"')
                        .append(minute)
                        .append("\":")
                        .append(n));
                counts.append(each).append('}');
            });
            return "{\"v\":1,\"inc\":\"" + INCARNATION + "\",\"log\":0,\"block\":" + number + ",\"group\":\"" + group
                    + "\",\"enc\":\"" + encoding.name().toLowerCase(Locale.ROOT) + "\",\"bytes\":"
                    + packed().length + ",\"records\":" + records() + ",\"raw\":" + raw.length + ",\"crc32\":\""
                    + HexFormat.of().toHexDigits((int) crc.getValue()) + "\",\"rt\":" + START_MILLIS + ",\"kind\":\""
                    + kind + "\",\"id\":\"r-1\\u00e4\",\"at\":" + atMillis + ",\"shops\":{" + counts + "}}\n";
        }

        private static String between(String text, String before, String after) {
            int from = text.indexOf(before) + before.length();
            return text.substring(from, text.indexOf(after, from));
        }
    }

    private final Path root;

    public TestBucket(Path root) {
        this.root = root;
    }

    public Path root() {
        return root;
    }

    /** A block whose records belong to three shops and two minutes. */
    public static Block block(String group, Encoding encoding, long number, int records) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < records; i++) {
            lines.append("{\"id\":\"e-")
                    .append(number * 1000 + i)
                    .append("\",\"event\":\"shop\",\"shop\":\"shop-")
                    .append(i % 3)
                    .append("\",\"rt\":")
                    .append(START_MILLIS + 1000 + i * 20_000L % 120_000)
                    .append(",\"via\":\"v1\",\"props\":{\"shop\":\"other\",\"n\":")
                    .append(number)
                    .append("},\"pos\":\"")
                    .append(new Position(INCARNATION, 0, number, i))
                    .append("\"}\n");
        }
        return new Block(group, encoding, number, lines.toString(), "delivered", START_MILLIS + 60_000);
    }

    public Path object(String key, Block... blocks) throws IOException {
        byte[][] parts = new byte[blocks.length][];
        for (int i = 0; i < blocks.length; i++) {
            parts[i] = blocks[i].packed();
        }
        return write(key, Samples.concat(parts));
    }

    public Path manifests(String key, Block... blocks) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Block block : blocks) {
            lines.append(block.manifest());
        }
        return manifests(key, lines.toString());
    }

    public Path manifests(String key, String lines) throws IOException {
        return write(key, Samples.block(Encoding.GZIP, lines));
    }

    public Path write(String key, byte[] bytes) throws IOException {
        Path file = root.resolve(key);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }
}
