package io.sluice.oracle;

import com.github.luben.zstd.ZstdOutputStream;
import io.sluice.common.Position;
import io.sluice.load.acks.EventId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** Makes lines and objects as the gateway delivers them. */
final class Delivery {

    private static final UUID INCARNATION = new UUID(0x0123456789ab7000L, 0x8000000000000001L);

    private final List<String> lines = new ArrayList<>();

    static String line(String run, long number, long block, int index) {
        return "{\"id\":\"" + EventId.text(run, number)
                + "\",\"event\":\"page_view\",\"shop\":\"demo\",\"rt\":1795305600000,\"via\":\"v1\",\"props\":{\"n\":\"\u00fc\"},"
                + "\"pos\":\"" + new Position(INCARNATION, 0, block, index) + "\"}";
    }

    /** Adds events {@code [from, to)} with positions in {@code block}. */
    Delivery events(String run, long from, long to, long block) {
        for (long number = from; number < to; number++) {
            lines.add(line(run, number, block, (int) (number - from)));
        }
        return this;
    }

    Delivery line(String line) {
        lines.add(line);
        return this;
    }

    byte[] ndjson() {
        return (String.join("\n", lines) + (lines.isEmpty() ? "" : "\n")).getBytes(StandardCharsets.UTF_8);
    }

    byte[] gzip() {
        return packed(true);
    }

    byte[] zstd() {
        return packed(false);
    }

    private byte[] packed(boolean gzip) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = gzip ? new GZIPOutputStream(bytes) : new ZstdOutputStream(bytes)) {
            out.write(ndjson());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
