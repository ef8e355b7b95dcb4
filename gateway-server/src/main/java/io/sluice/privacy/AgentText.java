package io.sluice.privacy;

import io.sluice.json.JsonWriter;
import io.sluice.json.Utf8;

/** Renders a User-Agent header as the member {@code ua}. */
final class AgentText {

    private AgentText() {}

    /**
     * Adds {@code ,"ua":"…"}: the header from ISO 8859-1 in UTF-8, escaped, scrubbed, and only then cut, at a whole
     * character, to {@link ScrubbedSink#MAX_AGENT} bytes. So no address that straddles the cut escapes half. A header
     * in which nothing was found, as in nearly all, is known when it comes again, and not looked at.
     */
    static void write(byte[] header, int length, Scrubber scrubber, Piece to) {
        to.add(",\"ua\":\"");
        boolean plain = KnownTexts.fits(0, length) && isPlain(header, length);
        if (plain && scrubber.isKnown(header, length)) {
            to.add(header, length);
            to.add("\"");
            return;
        }
        int begin = to.length;
        int escaped = begin + scrubber.bound(6 * length) + JsonWriter.SLACK;
        // Escaped behind the place of the result, then scrubbed into it.
        byte[] bytes = to.room(escaped - begin + 6 * length + JsonWriter.SLACK);
        int at = escaped;
        for (int i = 0; i < length; i++) {
            int c = header[i] & 0xff;
            if (c < 0x80) {
                at = JsonWriter.character(c, bytes, at);
            } else {
                bytes[at] = (byte) (0xc0 | c >> 6);
                bytes[at + 1] = (byte) (0x80 | c & 63);
                at += 2;
            }
        }
        int end = scrubber.copy(bytes, escaped, escaped, at, bytes, begin);
        to.length = cut(bytes, begin, end);
        if (plain) {
            scrubber.know(header, length);
        }
        to.add("\"");
    }

    /** Whether the header is what it would be escaped: printable ASCII without quotes and backslashes. */
    private static boolean isPlain(byte[] header, int length) {
        for (int i = 0; i < length; i++) {
            int c = header[i];
            if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static int cut(byte[] bytes, int begin, int end) {
        int limit = begin + ScrubbedSink.MAX_AGENT;
        if (end <= limit) {
            return end;
        }
        int at = begin;
        for (; ; ) {
            int unit = bytes[at] != '\\' ? Math.max(1, Utf8.length(bytes, at, end)) : bytes[at + 1] == 'u' ? 6 : 2;
            if (at + unit > limit) {
                return at;
            }
            at += unit;
        }
    }
}
