package io.sluice.attack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** What can be done with requests that are allowed, from a write key that everybody can read. Stateless. */
final class BodyAttacks {

    private static final int BODY = 200_000;
    private static final int CLIENTS = 4;
    /** What bodies get that are compressed, before anything of them is looked at. */
    private static final String UNSUPPORTED = "HTTP/1.1 415 ";
    /** What others wait at most while one loop is at the largest body. */
    private static final long SHARED_LOOP_MILLIS = 50;

    /** What is dearest to each detector: the bodies of {@code HostileBench}, which measures them one by one. */
    private static final List<String> DENSE = List.of(
            "+49 ",
            "1.1.",
            "1 2 ",
            "12-34/56.",
            "1234567890123456 ",
            "4111 1111 1111 1112 ",
            "@a.a",
            "a@b.c.",
            "a.b@c-d.",
            "DE00",
            "DE00 1234 ",
            "AB12 34 56 C ",
            "1:2:",
            "::1 ",
            "00-11-22-",
            "%25",
            "%2525",
            "%40",
            "&#64;",
            "&amp;",
            "\\\\u0040",
            "\\\\\\\\u0040",
            "\\\\\\\"",
            "eyJ",
            "eyJhIjoxfQ ",
            "bearer A1b",
            "sk_live_A1",
            "52.1234,13.1234 ",
            "tel 030 1234567 ",
            "tel ",
            "email=a&",
            "\u00e9\uff10",
            "\uff0b\uff14\uff19\u3000",
            "a-1_",
            "abcdefghijkl_",
            "Bearer abcdefghijkl1_",
            "x@",
            "\\\"a@b.cd",
            "aaaaaaaa.",
            "a:b:c::",
            "0 ",
            "9) ",
            "(0) ",
            "1\u00a0",
            "[a@",
            "a@[1.",
            "12,1.1234 ",
            "{\\\"a\\\":",
            "12345678A");

    /** Bytes of a string, beside as many as a body has: a detector that is linear may still be dear to begin. */
    private static final int SHORT_STRING = 200;

    private BodyAttacks() {}

    static List<Attack> all() throws IOException {
        List<Attack> attacks = new ArrayList<>();
        attacks.add(bodies("dense-bodies", "200 KB of what is dearest to a detector, each in turn", "", dense())
                .within(SHARED_LOOP_MILLIS));
        attacks.add(bodies(
                        "many-events",
                        "the most events that a body can hold, eight times as large when each has its envelope",
                        "",
                        manyEvents())
                .within(SHARED_LOOP_MILLIS));
        attacks.add(bodies("json-depth", "100,000 brackets", "", List.of("[".repeat(100_000)))
                .within(SHARED_LOOP_MILLIS));
        attacks.add(bodies("json-numbers", "numbers of 50,000 digits", "", numbers())
                .within(SHARED_LOOP_MILLIS));
        attacks.add(bodies("colliding-names", "8,192 names with one hash code", "", List.of(colliding()))
                .within(SHARED_LOOP_MILLIS));
        attacks.add(gzipBomb());
        attacks.add(zstdBomb());
        attacks.add(Attack.of(
                        "huge-length",
                        "bodies that announce a terabyte",
                        field -> send(
                                field,
                                List.of(
                                        ("POST /v1/events?k=demo HTTP/1.1\r\nHost: b.example\r\nContent-Length: 1000000000000\r\n\r\n[")
                                                .getBytes(StandardCharsets.US_ASCII))))
                .repelled());
        attacks.add(Attack.of(
                        "many-headers",
                        "heads of thousands of fields",
                        field -> send(
                                field,
                                List.of(("GET /p.gif?k=demo&e=a HTTP/1.1\r\nHost: b.example\r\n"
                                                + "a: b\r\n".repeat(20_000) + "\r\n")
                                        .getBytes(StandardCharsets.US_ASCII))))
                .repelled());
        return attacks;
    }

    private static Attack bodies(String name, String about, String header, List<String> bodies) {
        List<byte[]> requests = new ArrayList<>();
        for (String body : bodies) {
            requests.add(request(header, body.getBytes(StandardCharsets.UTF_8)));
        }
        return Attack.of(name, about, field -> send(field, requests));
    }

    private static byte[] request(String header, byte[] body) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("POST /v1/events?k=demo HTTP/1.1\r\nHost: b.example\r\n" + header + "Content-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        return request.toByteArray();
    }

    /** One request after the other on each connection, each awaited. */
    private static void send(Field field, List<byte[]> requests) throws InterruptedException {
        send(field, requests, "HTTP/1.1 ");
    }

    /** @param expected what every answer begins with; whoever gets another counts as sent away */
    private static void send(Field field, List<byte[]> requests, String expected) throws InterruptedException {
        field.swarm(CLIENTS, socket -> {
            for (int i = 0; !field.isOver(); i++) {
                socket.getOutputStream().write(requests.get(i % requests.size()));
                awaitAnswer(socket, expected);
            }
        });
    }

    private static void awaitAnswer(Socket socket, String expected) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[4096];
        int n = in.read(buffer);
        String answer = n < 0 ? "" : new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
        if (!answer.startsWith(expected)
                || answer.toLowerCase(java.util.Locale.ROOT).contains("connection: close")) {
            throw new IOException("closed");
        }
    }

    private static List<String> dense() {
        List<String> bodies = new ArrayList<>();
        for (String fragment : DENSE) {
            int bytes = fragment.getBytes(StandardCharsets.UTF_8).length;
            bodies.add("{\"event\":\"a\",\"props\":{\"text\":\"" + fragment.repeat(BODY / bytes) + "\"}}");
            String text = ",\"" + fragment.repeat(SHORT_STRING / bytes) + "\"";
            bodies.add("{\"event\":\"a\",\"props\":{\"texts\":[0" + text.repeat(BODY / (SHORT_STRING + 3)) + "]}}");
        }
        return bodies;
    }

    private static List<String> manyEvents() {
        return List.of("[" + "{\"event\":\"a\",\"uid\":\"1\"},".repeat(BODY / 24) + "{\"event\":\"a\"}]");
    }

    private static List<String> numbers() {
        return List.of(
                "{\"event\":\"a\",\"n\":[" + "9".repeat(50_000) + "," + "9".repeat(50_000) + "]}",
                "{\"event\":\"a\",\"n\":1e" + "9".repeat(50_000) + "}",
                "{\"event\":\"a\",\"n\":0." + "0".repeat(100_000) + "1}");
    }

    /** Names of 13 pairs, each Aa or BB, which String.hashCode does not tell apart. */
    private static String colliding() {
        StringBuilder body = new StringBuilder("{\"event\":\"a\"");
        for (int i = 0; i < 1 << 13; i++) {
            body.append(",\"");
            for (int bit = 0; bit < 13; bit++) {
                body.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            body.append("\":1");
        }
        return body.append('}').toString();
    }

    private static Attack gzipBomb() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 100; i++) {
                gzip.write(zeros);
            }
        }
        return bomb("gzip-bomb", "100 MB that are 100 KB on the way", "gzip", packed.toByteArray());
    }

    /** Blocks that repeat one byte (RFC 8878, sections 3.1.1 and 3.1.1.2): 128 KiB in four bytes. */
    private static Attack zstdBomb() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        // Magic number, a descriptor without content size, a window of 128 KiB.
        packed.writeBytes(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 7 << 3});
        int repeat = 1 << 1 | 128 * 1024 << 3;
        for (int i = 50_000; i > 0; i--) {
            int head = repeat | (i == 1 ? 1 : 0);
            packed.writeBytes(new byte[] {(byte) head, (byte) (head >> 8), (byte) (head >> 16), ' '});
        }
        return bomb("zstd-bomb", "6.5 GB that are 200 KB on the way", "zstd", packed.toByteArray());
    }

    private static Attack bomb(String name, String about, String coding, byte[] packed) {
        List<byte[]> requests = List.of(request("Content-Encoding: " + coding + "\r\n", packed));
        return Attack.of(name, about, field -> send(field, requests, UNSUPPORTED))
                .within(SHARED_LOOP_MILLIS);
    }
}
