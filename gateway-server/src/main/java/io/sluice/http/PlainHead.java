package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the heads that most requests have without Netty's decoder: a GET of HTTP/1.1 without a body, or a POST whose
 * body has a length that may be, that have come whole and in which there is nothing that two readers could understand
 * differently.
 *
 * <p>It refuses nothing. Whatever is malformed, or merely rare, stays where it is, for the decoder to judge; what it
 * takes the decoder would take as well and understand alike, to which a test holds them. It is here because a decoder
 * that makes objects of every line takes more time than all that is done with the event of a pixel.
 *
 * <p>One per loop, confined to it. Owns the bytes of the head, and lends them until the next one is read. Allocates the
 * target, and a view of each field that is used.
 */
final class PlainHead {

    /** The fields that are looked at; the others are passed over. */
    private enum Use {
        HOST(HttpHeaderNames.HOST),
        ORIGIN(HttpHeaderNames.ORIGIN),
        USER_AGENT(HttpHeaderNames.USER_AGENT),
        WRITE_KEY(RequestHead.WRITE_KEY),
        AUTHORIZATION(HttpHeaderNames.AUTHORIZATION),
        COOKIE(HttpHeaderNames.COOKIE),
        GLOBAL_PRIVACY_CONTROL(ConsentFields.GLOBAL_PRIVACY_CONTROL),
        DO_NOT_TRACK(ConsentFields.DO_NOT_TRACK),
        CONNECTION(HttpHeaderNames.CONNECTION),
        /** Both as they are configured. */
        COUNTRY(AsciiString.EMPTY_STRING),
        FORWARDED(AsciiString.EMPTY_STRING),
        /** Of a POST, once. */
        CONTENT_LENGTH(HttpHeaderNames.CONTENT_LENGTH),
        /** What else tells of a body, of the way of the request or of what shall follow it is for the decoder. */
        CONTENT_ENCODING(HttpHeaderNames.CONTENT_ENCODING),
        TRANSFER_ENCODING(HttpHeaderNames.TRANSFER_ENCODING),
        EXPECT(HttpHeaderNames.EXPECT),
        UPGRADE(HttpHeaderNames.UPGRADE),
        /** Of a draft of WebSocket, which the decoder still knows: it takes eight bytes behind the head for a body. */
        WEBSOCKET_KEY(HttpHeaderNames.SEC_WEBSOCKET_KEY1),
        ASKED_METHOD(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);

        private final AsciiString name;

        Use(AsciiString name) {
            this.name = name;
        }
    }

    private static final Use[] USES = Use.values();
    private static final Use[] NONE = {};
    private static final int ABSENT = -1;

    private static final byte[] GET = ascii("GET ");
    private static final byte[] POST = ascii("POST ");
    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");

    /** The characters of a name (RFC 9110, section 5.6.2). */
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (byte c : ascii("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
            TOKEN[c] = true;
        }
    }

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x80L * ONES;

    /** A head with more is rare: there are a site's cookies in it. */
    private static final int MOST_BYTES = 4096;

    /** A control character behind the head, at which every scan ends, and room to read words up to it. */
    private static final int PADDING = 1 + Long.BYTES;

    /** A number of no more digits does not overflow. */
    private static final int MOST_DIGITS = 9;

    private final int mostLineBytes;
    private final int mostHeaderBytes;
    private final int mostFields;
    private final int mostBodyBytes;
    /** In lower case, by ordinal. */
    private final AsciiString[] names = new AsciiString[USES.length];
    /** By the length of the name: hardly a field needs to be compared with more than one. */
    private final Use[][] byLength;

    // Of the present head.
    private final byte[] bytes = new byte[MOST_BYTES + PADDING];
    private int end;
    private HttpMethod method;
    private int target;
    private int targetEnd;
    private int bodyBytes;
    private boolean whole;
    /** Where the value of each field lies, by ordinal: that of the first if there are several. */
    private final int[] from = new int[USES.length];

    private final int[] to = new int[USES.length];
    private boolean globalPrivacyControl;
    private boolean doNotTrack;

    PlainHead(HttpConfig config, ConsentFields consent, ForwardedClient forwarded) {
        mostLineBytes = config.maxLineBytes();
        mostHeaderBytes = config.maxHeaderBytes();
        mostFields = config.limits().fields();
        mostBodyBytes = config.maxBodyBytes();
        List<List<Use>> lists = new ArrayList<>();
        for (Use use : USES) {
            AsciiString name = switch (use) {
                case COUNTRY -> consent.country();
                case FORWARDED -> forwarded.field();
                default -> use.name;
            };
            names[use.ordinal()] = name;
            while (lists.size() <= name.length()) {
                lists.add(new ArrayList<>());
            }
            lists.get(name.length()).add(use);
        }
        byLength = lists.stream().map(list -> list.toArray(NONE)).toArray(Use[][]::new);
        // No field has no name.
        byLength[0] = NONE;
    }

    /** The length of the head that these bytes begin with, or 0 if it is for the decoder. Reads, but does not skip. */
    int read(ByteBuf in) {
        int start = in.readerIndex();
        byte first = in.getByte(start);
        if (first != GET[0] && first != POST[0]) {
            return 0;
        }
        end = Math.min(in.readableBytes(), MOST_BYTES);
        in.getBytes(start, bytes, 0, end);
        bytes[end] = 0;
        int at = requestLine();
        int length = at == 0 ? 0 : fields(at);
        whole = in.readableBytes() - length >= bodyBytes;
        return length;
    }

    /** Returns where the fields begin, or 0. */
    private int requestLine() {
        if (startsWith(POST, 0)) {
            method = HttpMethod.POST;
            target = POST.length;
        } else if (startsWith(GET, 0)) {
            method = HttpMethod.GET;
            target = GET.length;
        } else {
            return 0;
        }
        int at = target;
        if (bytes[at] != '/') {
            return 0;
        }
        while (true) {
            long word = (long) WORDS.get(bytes, at);
            long stops = below(word, ' ' + 1) | below(word ^ 0x7FL * ONES, 1) | word & HIGHS;
            if (stops != 0) {
                at += Long.numberOfTrailingZeros(stops) >>> 3;
                break;
            }
            at += Long.BYTES;
        }
        targetEnd = at;
        int behind = at + VERSION.length;
        return startsWith(VERSION, at) && behind <= mostLineBytes ? behind : 0;
    }

    /** Returns where the head ends, or 0. */
    private int fields(int begin) {
        Arrays.fill(to, ABSENT);
        globalPrivacyControl = false;
        doNotTrack = false;
        bodyBytes = 0;
        int count = 0;
        int at = begin;
        while (bytes[at] != '\r') {
            int name = at;
            while (TOKEN[bytes[at] & 0xFF]) {
                at++;
            }
            if (bytes[at] != ':' || at == name || ++count > mostFields) {
                return 0;
            }
            int nameEnd = at++;
            while (isBlank(bytes[at])) {
                at++;
            }
            int value = at;
            at = valueEnd(at);
            if (at + 1 >= end || bytes[at] != '\r' || bytes[at + 1] != '\n') {
                return 0;
            }
            int valueEnd = at;
            while (valueEnd > value && isBlank(bytes[valueEnd - 1])) {
                valueEnd--;
            }
            if (!take(name, nameEnd, value, valueEnd)) {
                return 0;
            }
            at += 2;
        }
        at += 2;
        boolean whole = at <= end && bytes[at - 1] == '\n' && at - begin <= mostHeaderBytes;
        return whole && has(Use.HOST) && has(Use.CONTENT_LENGTH) == (method == HttpMethod.POST) ? at : 0;
    }

    /** Index of the first control character from here on that may not stand in a value (RFC 9110, section 5.5). */
    private int valueEnd(int begin) {
        int at = begin;
        while (true) {
            long word = (long) WORDS.get(bytes, at);
            long stops = below(word, ' ') | below(word ^ 0x7FL * ONES, 1);
            if (stops == 0) {
                at += Long.BYTES;
                continue;
            }
            at += Long.numberOfTrailingZeros(stops) >>> 3;
            if (bytes[at] != '\t') {
                return at;
            }
            at++;
        }
    }

    /** Takes note of a field. Returns false if the decoder must see it. */
    private boolean take(int name, int nameEnd, int value, int valueEnd) {
        int length = nameEnd - name;
        if (length < byLength.length) {
            for (Use use : byLength[length]) {
                if (isAt(names[use.ordinal()], name) && !take(use, value, valueEnd)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean take(Use use, int value, int valueEnd) {
        boolean first = !has(use);
        if (first) {
            from[use.ordinal()] = value;
            to[use.ordinal()] = valueEnd;
        }
        boolean one = valueEnd - value == 1 && bytes[value] == '1';
        switch (use) {
            case HOST -> {
                return first && RequestHead.hostValid(new AsciiString(bytes, value, valueEnd - value, false));
            }
            case FORWARDED, COUNTRY -> {
                return first;
            }
            case CONNECTION -> {
                return valueEnd - value == KEEP_ALIVE.length() && isAt(KEEP_ALIVE, value);
            }
            case GLOBAL_PRIVACY_CONTROL -> globalPrivacyControl |= one;
            case DO_NOT_TRACK -> doNotTrack |= one;
            case ORIGIN, USER_AGENT, WRITE_KEY, AUTHORIZATION, COOKIE -> {}
            case CONTENT_LENGTH -> {
                return first && takeLength(value, valueEnd);
            }
            case CONTENT_ENCODING, TRANSFER_ENCODING, EXPECT, UPGRADE, WEBSOCKET_KEY, ASKED_METHOD -> {
                return false;
            }
        }
        return true;
    }

    /** Takes note of the body's length. Returns false unless it is plain digits for a length that may be. */
    private boolean takeLength(int value, int valueEnd) {
        int digits = valueEnd - value;
        if (digits == 0 || digits > MOST_DIGITS || digits > 1 && bytes[value] == '0') {
            return false;
        }
        int length = 0;
        for (int at = value; at < valueEnd; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            length = length * 10 + digit;
        }
        bodyBytes = length;
        return length <= mostBodyBytes;
    }

    /** The length of the body that follows the head that was read last. */
    int bodyBytes() {
        return bodyBytes;
    }

    /** Whether all of the body had come with the head. */
    boolean whole() {
        return whole;
    }

    /** Lends what was read last. */
    void lendTo(RequestHead head, ConsentFields consent) {
        head.method = method;
        head.target = new String(bytes, target, targetEnd - target, StandardCharsets.ISO_8859_1);
        head.lent = true;
        head.origin = view(Use.ORIGIN);
        head.userAgent = view(Use.USER_AGENT);
        head.writeKey = view(Use.WRITE_KEY);
        head.authorization = view(Use.AUTHORIZATION);
        head.globalPrivacyControl = globalPrivacyControl;
        head.doNotTrack = doNotTrack;
        if (has(Use.COOKIE)) {
            head.addCookies(view(Use.COOKIE), consent);
        }
    }

    /** As {@link Http1Head#readForwarded}. */
    void readForwarded(ForwardedClient client, RequestHead to) {
        client.clear();
        if (has(Use.FORWARDED)) {
            client.add(view(Use.FORWARDED));
        }
        to.country = view(Use.COUNTRY);
        to.client(client);
    }

    private boolean has(Use use) {
        return to[use.ordinal()] != ABSENT;
    }

    private AsciiString view(Use use) {
        int begin = from[use.ordinal()];
        return has(use) ? new AsciiString(bytes, begin, to[use.ordinal()] - begin, false) : null;
    }

    private boolean startsWith(byte[] text, int at) {
        return end - at >= text.length && Arrays.equals(bytes, at, at + text.length, text, 0, text.length);
    }

    /** Whether characters stand there that are these but for their case, which is lower. */
    private boolean isAt(AsciiString text, int at) {
        for (int i = 0; i < text.length(); i++) {
            byte b = bytes[at + i];
            // Letters only: the bit of their case tells other characters apart, '_' from DEL and '^' from '~'.
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != text.byteAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** The high bit of each byte that is below {@code limit}; beyond the lowest of them some that are not, too. */
    private static long below(long word, int limit) {
        return word - limit * ONES & ~word & HIGHS;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
