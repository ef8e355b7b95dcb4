package io.sluice.lab;

import io.sluice.json.Swar;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Finds stream name and records in the body of a PutRecord or PutRecordBatch, without making a tree of it.
 *
 * <p>Confined to one thread; holds on to the body between {@link #scan} and {@link #clear}. It looks at each byte once,
 * eight at a time within strings: a body is one long base64 text, which only {@link #decode} turns into bytes.
 * Members that it does not know are skipped, as AWS does.
 */
final class PutScanner {

    /** Bytes behind the body's end that must be readable. */
    static final int PADDING = 8;

    private static final long QUOTES = Swar.all('"');
    private static final long BACKSLASHES = Swar.all('\\');
    private static final int MAX_DEPTH = 32;

    /**
     * Decoded at a time: whole groups of 4. A record has a megabyte and there are some 50 a second, so that a call for
     * each of them would be in the interpreter for minutes, which does not have the JDK's vector instructions.
     */
    private static final int PIECE_BYTES = 8 << 10;

    /** Thrown for a body that is not JSON of the expected shape; becomes AWS's SerializationException. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed() {
            super(null, null, false, false);
        }
    }

    private byte[] body = {};
    private int end;
    private int at;
    private boolean escaped;

    private String streamName;
    private int count;
    private int[] froms = new int[512];
    private int[] tos = new int[512];
    /** Where a text held escapes: the text without them, else null. */
    private byte[][] plain = new byte[512][];

    private final byte[] group = new byte[PIECE_BYTES];
    private final byte[] piece = new byte[PIECE_BYTES / 4 * 3];

    private int from;
    private int to;

    /**
     * Reads {@code {"DeliveryStreamName": "…", "Records": [{"Data": "…"}, …]}}, or {@code "Record": {"Data": "…"}},
     * with
     * members in any order.
     */
    void scan(byte[] bytes, int length) throws Malformed {
        assert bytes.length >= length + PADDING;
        clear();
        body = bytes;
        end = length;
        at = 0;
        need('{');
        if (!skip('}')) {
            do {
                string();
                if (named("DeliveryStreamName")) {
                    need(':');
                    string();
                    streamName = text();
                } else if (named("Records")) {
                    need(':');
                    records();
                } else if (named("Record")) {
                    need(':');
                    record();
                } else {
                    need(':');
                    value(0);
                }
            } while (skip(','));
            need('}');
        }
        space();
        if (at != end) {
            throw new Malformed();
        }
    }

    /** Forgets the body and everything found in it. */
    void clear() {
        Arrays.fill(plain, 0, count, null);
        body = new byte[0];
        streamName = null;
        count = 0;
    }

    /** Null if the body named none. */
    String streamName() {
        return streamName;
    }

    int count() {
        return count;
    }

    /** Bytes of a record's data once decoded, told from the length of its text. */
    int payloadLength(int record) {
        byte[] bytes = plain[record] == null ? body : plain[record];
        int begin = plain[record] == null ? froms[record] : 0;
        int stop = plain[record] == null ? tos[record] : bytes.length;
        for (int i = 0; i < 2 && stop > begin && bytes[stop - 1] == '='; i++) {
            stop--;
        }
        return (int) ((stop - begin) * 3L / 4);
    }

    long payloadLength() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += payloadLength(i);
        }
        return sum;
    }

    /** A record's data, in an array of its own. */
    byte[] decode(int record) throws Malformed {
        byte[] bytes = plain[record] == null ? body : plain[record];
        int begin = plain[record] == null ? froms[record] : 0;
        int stop = plain[record] == null ? tos[record] : bytes.length;
        byte[] data = new byte[payloadLength(record)];
        int length = 0;
        try {
            for (; stop - begin > PIECE_BYTES; begin += PIECE_BYTES) {
                System.arraycopy(bytes, begin, group, 0, PIECE_BYTES);
                if (Base64.getDecoder().decode(group, piece) != piece.length) {
                    // There was padding in the middle.
                    throw new Malformed();
                }
                System.arraycopy(piece, 0, data, length, piece.length);
                length += piece.length;
            }
            byte[] rest = Base64.getDecoder().decode(Arrays.copyOfRange(bytes, begin, stop));
            if (rest.length != data.length - length) {
                throw new Malformed();
            }
            System.arraycopy(rest, 0, data, length, rest.length);
            return data;
        } catch (IllegalArgumentException e) {
            throw new Malformed();
        }
    }

    private void records() throws Malformed {
        need('[');
        if (!skip(']')) {
            do {
                record();
            } while (skip(','));
            need(']');
        }
    }

    private void record() throws Malformed {
        need('{');
        boolean found = false;
        if (!skip('}')) {
            do {
                string();
                boolean data = named("Data");
                need(':');
                if (data && !found) {
                    string();
                    add();
                    found = true;
                } else {
                    value(0);
                }
            } while (skip(','));
            need('}');
        }
        if (!found) {
            throw new Malformed();
        }
    }

    private void add() throws Malformed {
        if (count == froms.length) {
            froms = Arrays.copyOf(froms, 2 * count);
            tos = Arrays.copyOf(tos, 2 * count);
            plain = Arrays.copyOf(plain, 2 * count);
        }
        froms[count] = from;
        tos[count] = to;
        // Some writers of JSON put a backslash before each slash.
        plain[count] = escaped ? text().getBytes(StandardCharsets.ISO_8859_1) : null;
        count++;
    }

    /** Reads a string: {@link #from}, {@link #to} and {@link #escaped} tell where and how it lies. */
    private void string() throws Malformed {
        need('"');
        from = at;
        escaped = false;
        while (true) {
            at = quoteOrBackslash(body, at, end);
            if (at >= end) {
                throw new Malformed();
            }
            if (body[at] == '"') {
                to = at++;
                return;
            }
            escaped = true;
            at += 2;
        }
    }

    private static int quoteOrBackslash(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end) {
            long word = Swar.word(bytes, i);
            // A byte above 127 never equals either; without its high bit it might.
            long hit = ~(Swar.differs(word, QUOTES) & Swar.differs(word, BACKSLASHES)) & ~word & Swar.HIGH_BITS;
            if (hit != 0) {
                return Math.min(end, i + (Long.numberOfTrailingZeros(hit) >>> 3));
            }
            i += 8;
        }
        return end;
    }

    private boolean named(String name) throws Malformed {
        if (escaped) {
            return text().equals(name);
        }
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (body[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String text() throws Malformed {
        try {
            return (String) Json.parse(new String(body, from - 1, to - from + 2, StandardCharsets.UTF_8));
        } catch (Json.Malformed e) {
            throw new Malformed();
        }
    }

    private void value(int depth) throws Malformed {
        space();
        if (at >= end || depth > MAX_DEPTH) {
            throw new Malformed();
        }
        switch (body[at]) {
            case '"' -> string();
            case '{' -> {
                at++;
                if (!skip('}')) {
                    do {
                        string();
                        need(':');
                        value(depth + 1);
                    } while (skip(','));
                    need('}');
                }
            }
            case '[' -> {
                at++;
                if (!skip(']')) {
                    do {
                        value(depth + 1);
                    } while (skip(','));
                    need(']');
                }
            }
            default -> scalar();
        }
    }

    private void scalar() throws Malformed {
        int begin = at;
        while (at < end && (body[at] > ' ' && body[at] != ',' && body[at] != '}' && body[at] != ']')) {
            at++;
        }
        try {
            Json.parse(new String(body, begin, at - begin, StandardCharsets.UTF_8));
        } catch (Json.Malformed e) {
            throw new Malformed();
        }
    }

    private void space() {
        while (at < end && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
            at++;
        }
    }

    private boolean skip(int c) {
        space();
        if (at < end && body[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private void need(int c) throws Malformed {
        if (!skip(c)) {
            throw new Malformed();
        }
    }
}
