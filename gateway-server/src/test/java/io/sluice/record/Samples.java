package io.sluice.record;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;

/** Lines and blocks for tests of encoders and of what reads blocks. */
public final class Samples {

    private static final String[] EVENTS = {"page_view", "product_viewed", "add_to_cart", "checkout", "search"};
    private static final String[] AGENTS = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile"
    };

    private Samples() {}

    public static StreamGroup group(Encoding encoding) {
        int level = 1;
        return new StreamGroup(0, "events", encoding, level, "sluice-events", "events/");
    }

    /** Event lines as the gateway writes them, about 350 bytes each, {@code bytes} or a little more in all. */
    public static byte[] eventLines(Random random, int bytes) {
        StringBuilder lines = new StringBuilder(bytes + 1024);
        long time = 1_790_000_000_000L;
        while (lines.length() < bytes) {
            time += random.nextInt(3);
            lines.append("{\"id\":\"").append(hex(random, 4)).append('-').append(hex(random, 2));
            lines.append("-7").append(hex(random, 2), 1, 4).append("-8").append(hex(random, 2), 1, 4);
            lines.append('-').append(hex(random, 6));
            lines.append("\",\"event\":\"").append(EVENTS[random.nextInt(EVENTS.length)]);
            lines.append("\",\"shop\":\"shop-").append(random.nextInt(3000));
            lines.append("\",\"rt\":").append(time);
            lines.append(",\"ip\":\"").append(random.nextInt(256)).append('.').append(random.nextInt(256));
            lines.append('.').append(random.nextInt(256)).append(".0");
            lines.append("\",\"ua\":\"").append(AGENTS[random.nextInt(AGENTS.length)]);
            lines.append("\",\"url\":\"https://shop-")
                    .append(random.nextInt(3000))
                    .append(".example/p/");
            lines.append(random.nextInt(100_000)).append("\",\"aid\":\"").append(hex(random, 8));
            lines.append("\",\"via\":\"native\",\"props\":{\"price\":").append(random.nextInt(20_000));
            lines.append(",\"currency\":\"EUR\",\"position\":").append(random.nextInt(50));
            lines.append("},\"pos\":\"0dn3kqzVw1FJ8yq0w5Lh2B00000001")
                    .append(String.format("%04d", random.nextInt(10_000)));
            lines.append("\"}\n");
        }
        return lines.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Bytes that no encoder makes smaller, ended by a newline. */
    public static byte[] noise(Random random, int bytes) {
        byte[] noise = new byte[bytes];
        random.nextBytes(noise);
        noise[bytes - 1] = '\n';
        return noise;
    }

    /** A whole block of the lines, fed at once. */
    public static byte[] block(Encoding encoding, byte[] lines) {
        try (BlockEncoder encoder = BlockEncoders.create(group(encoding))) {
            ByteBuffer dst = ByteBuffer.allocateDirect(encoder.bound(lines.length) + encoder.trailerBound());
            encoder.encode(lines, 0, lines.length, dst);
            encoder.writeTrailer(dst);
            return bytes(dst.flip());
        }
    }

    public static byte[] block(Encoding encoding, String lines) {
        return block(encoding, lines.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static String hex(Random random, int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }
}
