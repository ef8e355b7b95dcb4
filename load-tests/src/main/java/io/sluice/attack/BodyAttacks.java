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
    /** What others wait at most while one loop is at the largest body. */
    private static final long SHARED_LOOP_MILLIS = 50;

    /** Fragments that begin as something personal does, each of another kind. */
    private static final List<String> DENSE = List.of(
            "+49 ",
            "1.1.1.1.",
            "a@a.a@",
            "DE00 1234 ",
            "%25252540",
            "&#64;&#46;",
            "\\\\u0040",
            "eyJhbGciOi",
            "4111 1111-",
            "::1:2:3:",
            "Bearer sk_live_A1");

    private BodyAttacks() {}

    static List<Attack> all() throws IOException {
        List<Attack> attacks = new ArrayList<>();
        attacks.add(bodies("dense-bodies", "200 KB in which every detector finds a beginning", "", dense())
                .within(SHARED_LOOP_MILLIS));
        attacks.add(bodies("many-events", "the most events that a body can hold", "", manyEvents())
                .within(SHARED_LOOP_MILLIS));
        attacks.add(bodies("json-depth", "100,000 brackets", "", List.of("[".repeat(100_000)))
                .within(SHARED_LOOP_MILLIS));
        attacks.add(bodies("json-numbers", "numbers of 50,000 digits", "", numbers())
                .within(SHARED_LOOP_MILLIS));
        attacks.add(bodies("colliding-names", "8,192 names with one hash code", "", List.of(colliding()))
                .within(SHARED_LOOP_MILLIS));
        attacks.add(gzipBomb());
        attacks.add(Attack.of(
                "huge-length",
                "bodies that announce a terabyte",
                field -> send(
                        field,
                        List.of(
                                ("POST /v1/events?k=demo HTTP/1.1\r\nHost: b.example\r\nContent-Length: 1000000000000\r\n\r\n[")
                                        .getBytes(StandardCharsets.US_ASCII)))));
        attacks.add(Attack.of(
                "many-headers",
                "heads of thousands of fields",
                field -> send(
                        field,
                        List.of(("GET /p.gif?k=demo&e=a HTTP/1.1\r\nHost: b.example\r\n" + "a: b\r\n".repeat(20_000)
                                        + "\r\n")
                                .getBytes(StandardCharsets.US_ASCII)))));
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
        field.swarm(CLIENTS, socket -> {
            for (int i = 0; !field.isOver(); i++) {
                socket.getOutputStream().write(requests.get(i % requests.size()));
                awaitAnswer(socket);
            }
        });
    }

    private static void awaitAnswer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[4096];
        int n = in.read(buffer);
        if (n < 0
                || new String(buffer, 0, n, StandardCharsets.ISO_8859_1)
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains("connection: close")) {
            throw new IOException("closed");
        }
    }

    private static List<String> dense() {
        List<String> bodies = new ArrayList<>();
        StringBuilder mixed = new StringBuilder();
        for (String fragment : DENSE) {
            bodies.add("{\"event\":\"a\",\"text\":\"" + fragment.repeat(BODY / fragment.length()) + "\"}");
            mixed.append(fragment).append(' ');
        }
        bodies.add("{\"event\":\"a\",\"text\":\"" + mixed.toString().repeat(BODY / mixed.length()) + "\"}");
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
        List<byte[]> requests = List.of(request("Content-Encoding: gzip\r\n", packed.toByteArray()));
        return Attack.of("gzip-bomb", "100 MB that are 100 KB on the way", field -> send(field, requests))
                .within(SHARED_LOOP_MILLIS);
    }
}
