package io.sluice.beacon;

/** The byte order mark that some clients put before UTF-8. RFC 8259, section 8.1, lets a parser ignore it. */
final class Utf8Mark {

    private Utf8Mark() {}

    /** Offset behind the mark that the first {@code length} bytes may begin with. */
    static int skip(byte[] bytes, int length) {
        return length >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf ? 3 : 0;
    }
}
