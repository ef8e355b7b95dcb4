package io.sluice.intake;

import io.sluice.beacon.Decoder;
import io.sluice.beacon.Decoders;
import io.sluice.common.Position;
import io.sluice.common.Uuid7;
import io.sluice.metrics.Metrics;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;
import io.sluice.protocol.Protocol;
import io.sluice.record.BlockEncoder;
import io.sluice.record.BlockEncoders;
import io.sluice.record.Encoding;
import io.sluice.record.LineBuffer;
import io.sluice.record.StreamGroup;
import io.sluice.shop.Shop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.UUID;

/** Lines as they leave the sink, and blocks of them, made beforehand. Stateless. */
public final class WrittenLines {

    private static final int EVENTS = 50;
    private static final int CHUNK_BYTES = 64 * 1024;

    /**
     * A block as it is delivered.
     *
     * @param bytes without its trailer, which is a few bytes
     * @param records lines in it
     */
    public record Block(byte[] bytes, int records) {}

    private WrittenLines() {}

    /** At least as many, of bodies of 50 events. */
    public static LineBuffer lines(int count) {
        LineBuffer lines = new LineBuffer(1 << 20);
        Received received = new Received(EVENTS);
        FramedRequest request = new FramedRequest();
        Metrics metrics = new Metrics();
        ScrubbedSink sink =
                new ScrubbedSink(metrics, metrics.newCells(), new Uuid7(), new UUID(1, 2), 0, new LineBuffer(64));
        Decoder decoder = new Decoders(10_000, 256 * 1024).of(Protocol.EVENTS);
        Shop[] shops = new Shop[64];
        for (int i = 0; i < shops.length; i++) {
            shops[i] = new Shop("shop-" + (1_000 + i), 0, Set.of());
        }
        for (int i = 0; lines.lines() < count; i++) {
            received.next(request);
            sink.begin(
                    shops[i % shops.length],
                    Protocol.EVENTS.id(),
                    request.receivedMillis(),
                    request.address(),
                    request.addressLength(),
                    request.userAgent().array(),
                    request.userAgent().length(),
                    lines);
            decoder.decode(request, sink, new Outcome());
        }
        for (int line = 0; line < lines.lines(); line++) {
            Position.writeSuffix(lines.array(), lines.hole(line), 7, line);
        }
        return lines;
    }

    /** Packed in chunks of 64 KiB until it has about as many bytes. */
    public static Block block(Encoding encoding, int bytes) {
        LineBuffer lines = lines(bytes / 4 / EVENTS + EVENTS);
        try (BlockEncoder encoder =
                BlockEncoders.create(new StreamGroup(0, "events", encoding, 1, "sluice-events", "events/"))) {
            ByteBuffer packed = ByteBuffer.allocateDirect(bytes + 2 * encoder.bound(CHUNK_BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            int records = 0;
            int line = 0;
            while (packed.position() < bytes) {
                int first = line;
                while (line < lines.lines() && lines.end(line) - lines.start(first) <= CHUNK_BYTES) {
                    line++;
                }
                encoder.encode(lines.array(), lines.start(first), lines.end(line - 1) - lines.start(first), packed);
                records += line - first;
                line = line == lines.lines() ? 0 : line;
            }
            byte[] block = new byte[packed.flip().remaining()];
            packed.get(block);
            return new Block(block, records);
        }
    }
}
