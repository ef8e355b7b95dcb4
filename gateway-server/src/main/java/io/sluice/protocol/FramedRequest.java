package io.sluice.protocol;

import java.util.Arrays;

/**
 * One request, framed and complete, as the bytes that arrived: what {@code http} hands to {@code intake}.
 *
 * <p>One per loop, filled anew for each request and never kept: whoever has to, takes a {@link #copy}. Every
 * array is {@value #PADDING} bytes longer than its content, so that a scanner may read a word at a time past the end;
 * what it finds there is undefined.
 */
public final class FramedRequest {

    /** Readable bytes behind the content of every array. */
    public static final int PADDING = 16;

    private Protocol protocol;
    private final Bytes query;
    private final Bytes body;
    private final Bytes userAgent;
    private final Bytes headerKey;
    private final Bytes origin;
    private final Bytes country;
    private final Bytes consentCookies;
    private boolean globalPrivacyControl;
    private boolean doNotTrack;
    private final byte[] address = new byte[16];
    private int addressLength;
    private long receivedMillis;

    /** One to be filled again and again: it has room for most requests. */
    public FramedRequest() {
        query = new Bytes(1024);
        body = new Bytes(16 * 1024);
        userAgent = new Bytes(512);
        headerKey = new Bytes(128);
        origin = new Bytes(256);
        country = new Bytes(16);
        consentCookies = new Bytes(512);
    }

    /** A copy, with room for nothing more. */
    private FramedRequest(FramedRequest from) {
        query = new Bytes(from.query);
        body = new Bytes(from.body);
        userAgent = new Bytes(from.userAgent);
        headerKey = new Bytes(from.headerKey);
        origin = new Bytes(from.origin);
        country = new Bytes(from.country);
        consentCookies = new Bytes(from.consentCookies);
        protocol = from.protocol;
        receivedMillis = from.receivedMillis;
        privacySignals(from.globalPrivacyControl, from.doNotTrack);
        address(from.address, from.addressLength);
    }

    /** Makes this the request of {@code protocol}, received at {@code receivedMillis}, with nothing else known. */
    public void begin(Protocol protocol, long receivedMillis) {
        this.protocol = protocol;
        this.receivedMillis = receivedMillis;
        query.clear();
        body.clear();
        userAgent.clear();
        headerKey.clear();
        origin.clear();
        country.clear();
        consentCookies.clear();
        globalPrivacyControl = false;
        doNotTrack = false;
        addressLength = 0;
    }

    /** A copy, for whoever must keep the request. */
    public FramedRequest copy() {
        return new FramedRequest(this);
    }

    /** Bytes that came from the client and a copy holds. */
    public int bytes() {
        return query.length
                + body.length
                + userAgent.length
                + headerKey.length
                + origin.length
                + country.length
                + consentCookies.length;
    }

    public Protocol protocol() {
        return protocol;
    }

    /** Milliseconds since the epoch; never goes back. */
    public long receivedMillis() {
        return receivedMillis;
    }

    /** What stands behind the question mark, still percent-encoded. */
    public Bytes query() {
        return query;
    }

    public Bytes body() {
        return body;
    }

    /** Value of the User-Agent header, in ISO 8859-1 as RFC 9110, section 5.5 has it; empty if there is none. */
    public Bytes userAgent() {
        return userAgent;
    }

    /** The write key from {@code X-Write-Key} or the user of a Basic authorization; empty if neither is there. */
    public Bytes headerKey() {
        return headerKey;
    }

    /** Value of the Origin header, empty if there is none. */
    public Bytes origin() {
        return origin;
    }

    /** Whether the visitor asks not to be sold or shared: {@code Sec-GPC: 1}. */
    public boolean globalPrivacyControl() {
        return globalPrivacyControl;
    }

    /** Whether the visitor asks not to be tracked: {@code DNT: 1}. */
    public boolean doNotTrack() {
        return doNotTrack;
    }

    public void privacySignals(boolean globalPrivacyControl, boolean doNotTrack) {
        this.globalPrivacyControl = globalPrivacyControl;
        this.doNotTrack = doNotTrack;
    }

    /** The visitor's country, as the header that is configured for it has it; empty if there is none. */
    public Bytes country() {
        return country;
    }

    /** The cookies with consent as they stand in the header Cookie, each with a semicolon behind it; no others. */
    public Bytes consentCookies() {
        return consentCookies;
    }

    /** The client's address: 4 bytes, 16 bytes, or {@link #addressLength} 0 if unknown. */
    public byte[] address() {
        return address;
    }

    public int addressLength() {
        return addressLength;
    }

    public void address(byte[] bytes) {
        address(bytes, bytes.length);
    }

    /** Makes the client's address the first 4 or 16 of these bytes, or unknown if the length is 0. */
    public void address(byte[] bytes, int length) {
        if (length > 0) {
            System.arraycopy(bytes, 0, address, 0, length);
        }
        addressLength = length;
    }

    /** A growing array of bytes with padding behind it. */
    public static final class Bytes {

        private byte[] array;
        private int length;

        Bytes(int capacity) {
            array = new byte[capacity + PADDING];
        }

        private Bytes(Bytes from) {
            length = from.length;
            array = Arrays.copyOf(from.array, length + PADDING);
        }

        /** The content, from index 0 to {@link #length}; replaced when it grows. */
        public byte[] array() {
            return array;
        }

        public int length() {
            return length;
        }

        public boolean isEmpty() {
            return length == 0;
        }

        public void clear() {
            length = 0;
        }

        /** Makes the content {@code length} bytes long, to be written by the caller into the array returned. */
        public byte[] resize(int length) {
            if (length + PADDING > array.length) {
                array = new byte[Math.max(length, array.length + (array.length >> 1)) + PADDING];
            }
            this.length = length;
            return array;
        }

        /** Makes the content these bytes. */
        public void set(byte[] bytes, int offset, int length) {
            System.arraycopy(bytes, offset, resize(length), 0, length);
        }

        /** Makes the content these characters, each of which must be below 256. */
        public void set(CharSequence text) {
            set(text, 0, text.length());
        }

        /** Makes the content the characters in {@code from} to {@code to}, each of which must be below 256. */
        // Not for text, but just right where each character is one byte: it copies the string's own bytes.
        @SuppressWarnings("deprecation")
        public void set(CharSequence text, int from, int to) {
            byte[] bytes = resize(to - from);
            if (text instanceof String string) {
                string.getBytes(from, to, bytes, 0);
                return;
            }
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) text.charAt(from + i);
            }
        }

        /** Adds the characters in {@code from} to {@code to}, each of which must be below 256. */
        public void append(CharSequence text, int from, int to) {
            int needed = length + to - from + PADDING;
            if (needed > array.length) {
                array = Arrays.copyOf(array, needed + (array.length >> 1));
            }
            for (int i = from; i < to; i++) {
                array[length++] = (byte) text.charAt(i);
            }
        }

        /** A copy, for messages that hold no personal data and for tests. */
        public byte[] toArray() {
            return Arrays.copyOf(array, length);
        }
    }
}
