package io.sluice.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.LoopHandle;
import io.sluice.common.Position;
import io.sluice.common.Uuid7;
import io.sluice.metrics.Metrics;
import io.sluice.record.BlockEncoders;
import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import io.sluice.record.LineBuffer;
import io.sluice.record.StreamGroup;
import io.sluice.ring.BlockSummary;
import io.sluice.ring.CommitRing;
import io.sluice.ring.Frame;
import io.sluice.ring.Producer;
import io.sluice.ring.Reply;
import io.sluice.ring.Ticket;
import io.sluice.shop.Shop;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random requests through the flusher, against a committer that keeps what it was given and reads it back. */
class FlusherTest {

    private static final int REJECTED = 2;
    private static final int HISTORIES = 20;
    private static final int FLUSHES = 40;

    /** What the committer kept of one block. */
    private static final class KeptBlock {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int group;
        int chunks;
        int records;
        boolean sealed;
        Map<String, Integer> summary = Map.of();
    }

    /** One request that was staged: its lines, by the number that each carries. */
    private static final long RECEIVED = 1_763_855_999_123L;

    private static final long RECEIVED_MINUTE = RECEIVED / 60_000;
    private static final long HOUR_MINUTE = RECEIVED_MINUTE / 60 * 60;

    private record Sent(Reply reply, Shop shop, List<Integer> lines) {}

    private final UUID incarnation = new Uuid7().next(1_763_855_999_123L);
    private final CRC32C crc = new CRC32C();

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void everyCommittedLineIsFoundAtItsPosition(Encoding encoding) throws IOException {
        for (int seed = 0; seed < HISTORIES; seed++) {
            new History(encoding, seed).run();
        }
    }

    private final class History {
        final String name;
        final Random random;
        final List<StreamGroup> groups;
        final CommitRing ring = new CommitRing(1, 8, 8 << 20);
        final Producer producer = ring.producer(0);
        final Staging staging;
        final Flusher flusher;
        final Map<Long, KeptBlock> kept = new TreeMap<>();
        final Map<Integer, String> shopOfLine = new HashMap<>();
        final List<Sent> staged = new ArrayList<>();
        final List<Sent> committed = new ArrayList<>();
        final Map<Reply, Sent> inFlight = new HashMap<>();
        final byte[] noise = new byte[1 << 16];
        int lines;

        History(Encoding encoding, int seed) {
            name = encoding + " seed " + seed;
            random = new Random(seed);
            random.nextBytes(noise);
            groups = List.of(
                    new StreamGroup(0, "events", encoding, 1, "s", ""),
                    new StreamGroup(1, "more", encoding, 1, "s", ""),
                    new StreamGroup(REJECTED, "rejected", Encoding.NDJSON, 1, "s", ""));
            int blockBytes = random.nextBoolean() ? 100_000 : 1_024_000;
            IntakeConfig config = new IntakeConfig(
                    64 * 1024,
                    Duration.ZERO,
                    blockBytes,
                    16 << 20,
                    Duration.ofSeconds(1),
                    10_000,
                    65_536,
                    Duration.ofMillis(200),
                    Duration.ofSeconds(2),
                    new BulkConfig(Duration.ofMillis(2), 50));
            staging = new Staging(groups.size(), REJECTED);
            OpenBlock[] blocks = new OpenBlock[groups.size()];
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = new OpenBlock(groups.get(i), BlockEncoders.create(groups.get(i)), config, 1);
            }
            flusher =
                    new Flusher(producer, incarnation, 0, staging, blocks, REJECTED, config, new Metrics().newCells());
            producer.attach(new NoLoop(), () -> {});
        }

        void run() throws IOException {
            for (int flush = 0; flush < FLUSHES; flush++) {
                for (int i = random.nextInt(12); i > 0; i--) {
                    stageRequest();
                }
                long now = flush * 100_000_000L;
                boolean last = flush == FLUSHES - 1;
                if (flusher.flush(now, last)) {
                    for (Sent sent : staged) {
                        inFlight.put(sent.reply, sent);
                    }
                    staged.clear();
                }
                if (last || random.nextInt(3) == 0) {
                    commit(last ? 0 : random.nextInt(10));
                }
            }
            assertThat(flusher.flush(0, true)).isTrue();
            commit(0);
            assertThat(inFlight).as(name).isEmpty();
            assertThat(flusher.anyOpen()).as(name).isFalse();
            assertThat(producer.arena().used()).as(name).isZero();
            check();
            flusher.close();
        }

        private void stageRequest() {
            Shop shop = new Shop("shop" + random.nextInt(5), random.nextInt(2), Set.of());
            LineBuffer to = staging.lines(shop.group());
            int firstLine = to.lines();
            int firstRejected = staging.rejected().lines();
            List<Integer> own = new ArrayList<>();
            int accepted = random.nextInt(40);
            int rejected = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 0;
            int bytes = (accepted + rejected) * 200 + 70_000;
            if (accepted + rejected == 0 || !flusher.hasCredit(bytes)) {
                return;
            }
            for (int i = 0; i < accepted; i++) {
                int length = random.nextInt(50) == 0 ? random.nextInt(60_000) : random.nextInt(100);
                bytes -= length;
                if (bytes < 200) {
                    break;
                }
                own.add(line(to, length, shop));
            }
            for (int i = 0; i < rejected; i++) {
                own.add(line(staging.rejected(), 10, shop));
            }
            if (own.isEmpty()) {
                return;
            }
            Reply reply = new Reply(r -> {});
            reply.begin(200);
            if (random.nextBoolean()) {
                reply.expectPositions();
            }
            staging.add(reply, shop, firstLine, firstRejected, RECEIVED);
            staged.add(new Sent(reply, shop, own));
        }

        /** A line with its number, some bytes that do not compress, and the hole for its position at the end. */
        private int line(LineBuffer to, int noiseBytes, Shop shop) {
            int number = lines++;
            int at = to.size();
            byte[] head = ("{\"n\":" + number + ",\"x\":\"").getBytes(StandardCharsets.US_ASCII);
            byte[] array = to.ensure(at, head.length + noiseBytes + 60);
            System.arraycopy(head, 0, array, at, head.length);
            at += head.length;
            for (int i = 0; i < noiseBytes; i++) {
                array[at++] = (byte) ('0' + (noise[random.nextInt(noise.length)] & 63));
            }
            byte[] tail = "\",\"pos\":\"".getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(tail, 0, array, at, tail.length);
            at += tail.length;
            Position.writePrefix(array, at, incarnation, 0);
            int hole = at + Position.PREFIX_LENGTH;
            Arrays.fill(array, hole, hole + Position.SUFFIX_LENGTH, (byte) '?');
            at = hole + Position.SUFFIX_LENGTH;
            array[at++] = '"';
            array[at++] = '}';
            array[at++] = '\n';
            boolean hourly = random.nextInt(4) == 0;
            if (hourly) {
                to.endHourlyLine(at, hole);
            } else {
                to.endLine(at, hole);
            }
            shopOfLine.put(number, shop.id() + " " + (hourly ? HOUR_MINUTE : RECEIVED_MINUTE));
            return number;
        }

        /** Answers what is in the ring; one failure in {@code failures} refuses all that is in flight, as epochs do. */
        private void commit(int failures) throws IOException {
            Ticket[] batch = new Ticket[16];
            int count = ring.poll(batch, batch.length);
            boolean failed = failures == 1;
            if (failed) {
                ring.nextEpoch();
            }
            for (int i = 0; i < count; i++) {
                if (!failed) {
                    keep(batch[i]);
                }
                ring.handBack(batch[i], failed ? Ticket.Outcome.FAILED : Ticket.Outcome.COMMITTED);
            }
            ring.wakeProducers();
            for (Ticket ticket; (ticket = producer.pollReturned()) != null; ) {
                for (int i = 0; i < ticket.replyCount(); i++) {
                    Sent sent = inFlight.remove(ticket.reply(i));
                    assertThat(sent).as(name).isNotNull();
                    if (ticket.outcome() == Ticket.Outcome.COMMITTED) {
                        committed.add(sent);
                    }
                }
                producer.recycle(ticket);
            }
            flusher.renewEpoch();
        }

        private void keep(Ticket ticket) {
            ByteBuffer frames = ByteBuffer.allocate(ticket.length()).order(ByteOrder.LITTLE_ENDIAN);
            frames.put(0, producer.arena().buffer(), ticket.offset(), ticket.length());
            int at = 0;
            int records = 0;
            for (int i = 0; i < ticket.frames(); i++) {
                Frame.complete(frames, at, 7, crc);
                assertThat(Frame.verifies(frames, at, frames.limit(), 7, crc))
                        .as(name)
                        .isTrue();
                KeptBlock block = kept.computeIfAbsent(Frame.block(frames, at), id -> new KeptBlock());
                assertThat(block.sealed).as(name).isFalse();
                assertThat(Frame.chunk(frames, at)).as(name).isEqualTo(block.chunks);
                block.group = Frame.group(frames, at);
                int payloadAt = at + Frame.HEADER_BYTES;
                int payload = Frame.payloadLength(frames, at);
                if (Frame.type(frames, at) == Frame.DATA) {
                    block.bytes.write(frames.array(), payloadAt, payload);
                    block.chunks++;
                    block.records += Frame.records(frames, at);
                    records += Frame.records(frames, at);
                } else {
                    int trailer = frames.getShort(payloadAt);
                    block.bytes.write(frames.array(), payloadAt + Short.BYTES, trailer);
                    block.sealed = true;
                    Map<String, Integer> summary = new HashMap<>();
                    BlockSummary.read(frames.slice(payloadAt + Short.BYTES + trailer, payload - Short.BYTES - trailer)
                                    .order(ByteOrder.LITTLE_ENDIAN))
                            .forEach((shop, minute, count) -> summary.merge(shop + " " + minute, count, Integer::sum));
                    block.summary = summary;
                }
                assertThat(Frame.blockRecords(frames, at)).as(name).isEqualTo(block.records);
                assertThat(Frame.blockBytes(frames, at)).as(name).isEqualTo(block.bytes.size());
                at += Frame.length(frames, at);
            }
            assertThat(at).as(name).isEqualTo(ticket.length());
            assertThat(records).as(name).isEqualTo(ticket.records());
        }

        private void check() throws IOException {
            Map<Integer, String> positionOfLine = new HashMap<>();
            for (Map.Entry<Long, KeptBlock> entry : kept.entrySet()) {
                KeptBlock block = entry.getValue();
                if (!block.sealed) {
                    continue; // Its epoch ended; the committer would have closed it.
                }
                assertThat(block.bytes.size()).as(name).isLessThanOrEqualTo(1_024_000);
                Map<String, Integer> summary = new HashMap<>();
                List<String> text = decode(block);
                assertThat(text).as(name).hasSize(block.records);
                for (int i = 0; i < text.size(); i++) {
                    String line = text.get(i);
                    int number = Integer.parseInt(line.substring(5, line.indexOf(',')));
                    String expected = new Position(incarnation, 0, entry.getKey(), i).toString();
                    assertThat(line).as(name).endsWith("\"pos\":\"" + expected + "\"}");
                    positionOfLine.put(number, expected);
                    summary.merge(shopOfLine.get(number), 1, Integer::sum);
                }
                assertThat(block.summary).as(name).isEqualTo(summary);
            }
            for (Sent sent : committed) {
                if (!sent.reply.expectsPositions()) {
                    continue;
                }
                String body = new String(sent.reply.body(), 0, sent.reply.bodyLength(), StandardCharsets.US_ASCII);
                Map<Long, Position> last = new HashMap<>();
                boolean all = true;
                for (int line : sent.lines) {
                    String position = positionOfLine.get(line);
                    all &= position != null;
                    if (position != null) {
                        Position parsed = Position.parse(position);
                        last.merge(parsed.block(), parsed, (a, b) -> a.index() > b.index() ? a : b);
                    }
                }
                if (all) {
                    assertThat(body.split(","))
                            .as(name)
                            .containsExactlyInAnyOrderElementsOf(last.values().stream()
                                    .map(Position::toString)
                                    .toList());
                }
            }
            assertThat(committed).as(name).isNotEmpty();
        }

        private List<String> decode(KeptBlock block) throws IOException {
            Encoding encoding = groups.get(block.group).encoding();
            try (InputStream in = BlockReader.open(encoding, new ByteArrayInputStream(block.bytes.toByteArray()))) {
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .toList();
            }
        }
    }

    /** Nobody needs waking: the test asks by itself. */
    private static final class NoLoop implements LoopHandle {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void afterIteration(Runnable task) {}

        @Override
        public void schedule(Runnable task, long delayNanos) {}

        @Override
        public boolean inLoop() {
            return true;
        }
    }
}
