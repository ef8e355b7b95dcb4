package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.sluice.common.AddressReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads the header with which a balancer says on whose behalf it connects: the PROXY protocol, versions 1 and 2
 * (haproxy.org, proxy-protocol.txt). Netty's decoder makes text of the addresses, an object of each extension, and
 * does not check CRC-32C; here, nothing is made but the address.
 *
 * <pre>
 *   1   PROXY TCP4 192.0.2.1 198.51.100.1 56324 443 CR LF                       at most 107 bytes
 *
 *   2   +--------------------------+---------+--------+--------+----------------------------------------
 *       | 0D0A0D0A000D0A515549540A | ver cmd | fam tr | length | source, destination, ports, extensions …
 *       +--------------------------+---------+--------+--------+----------------------------------------
 *         12                         1         1        2        length
 * </pre>
 *
 * <p>Confined to its loop; one header each.
 */
final class ProxyHeader {

    enum Result {
        /** So far it is the beginning of one. */
        INCOMPLETE,
        /** It names the client: {@link #address}. */
        CLIENT,
        /** It names nobody: the balancer speaks for itself, or of a network that is none of ours. */
        NOBODY,
        /** It is none. */
        MALFORMED
    }

    /**
     * Most bytes of a header. The addresses take 36; what balancers add (a VPC endpoint, the host that was asked for,
     * a client's certificate) some hundred. The protocol allows 65,551, which nobody needs and everybody could send.
     */
    static final int MOST_BYTES = 4096;

    private static final byte[] SIGNATURE = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final int HEAD_BYTES = SIGNATURE.length + 4;

    private static final byte[] PROXY = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_LINE_BYTES = 107;

    private static final int VERSION_2 = 2;
    private static final int LOCAL = 0;
    private static final int CRC32C_TYPE = 0x03;
    private static final int EXTENSION_HEAD_BYTES = 3;

    private int bytes;
    private byte[] address;

    /** Looks at what has come so far, from the reader index on; moves nothing. */
    Result read(ByteBuf in) {
        if (!in.isReadable()) {
            return Result.INCOMPLETE;
        }
        if (in.getByte(in.readerIndex()) == PROXY[0]) {
            return readLine(in);
        }
        return begins(in, SIGNATURE) ? readBinary(in) : Result.MALFORMED;
    }

    /** How long it is; known unless it is incomplete or malformed. */
    int bytes() {
        return bytes;
    }

    /** The client's address, 4 or 16 bytes. */
    byte[] address() {
        return address;
    }

    private static boolean begins(ByteBuf in, byte[] with) {
        int length = Math.min(in.readableBytes(), with.length);
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != with[i]) {
                return false;
            }
        }
        return true;
    }

    // Version 1.

    private Result readLine(ByteBuf in) {
        if (!begins(in, PROXY)) {
            return Result.MALFORMED;
        }
        int from = in.readerIndex();
        int length = Math.min(in.readableBytes(), MOST_LINE_BYTES);
        int end = in.indexOf(from, from + length, (byte) '\n');
        if (end < 0) {
            return length == MOST_LINE_BYTES ? Result.MALFORMED : Result.INCOMPLETE;
        }
        if (end - 1 < from + PROXY.length || in.getByte(end - 1) != '\r') {
            return Result.MALFORMED;
        }
        bytes = end + 1 - from;
        String line = in.toString(from, end - 1 - from, StandardCharsets.ISO_8859_1);
        String[] words = line.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            // "The receiver must ignore anything presented before the CRLF is found."
            return Result.NOBODY;
        }
        boolean valid = words.length == 6 && isPort(words[4]) && isPort(words[5]);
        if (valid && words[1].equals("TCP4")) {
            return client(words, AddressReader.IPV4_BYTES);
        }
        return valid && words[1].equals("TCP6") ? client(words, AddressReader.IPV6_BYTES) : Result.MALFORMED;
    }

    private Result client(String[] words, int length) {
        byte[] source = new byte[AddressReader.IPV6_BYTES];
        byte[] destination = new byte[AddressReader.IPV6_BYTES];
        int sourceLength = AddressReader.read(words[2], 0, words[2].length(), source);
        int destinationLength = AddressReader.read(words[3], 0, words[3].length(), destination);
        boolean colons = length == AddressReader.IPV6_BYTES;
        if (sourceLength == 0
                || destinationLength == 0
                || words[2].contains(":") != colons
                || words[3].contains(":") != colons) {
            return Result.MALFORMED;
        }
        address = Arrays.copyOf(source, sourceLength);
        return Result.CLIENT;
    }

    private static boolean isPort(String word) {
        if (word.isEmpty() || word.length() > 5 || word.length() > 1 && word.charAt(0) == '0') {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) < '0' || word.charAt(i) > '9') {
                return false;
            }
        }
        return Integer.parseInt(word) <= 0xFFFF;
    }

    // Version 2.

    private Result readBinary(ByteBuf in) {
        int from = in.readerIndex();
        if (in.readableBytes() < HEAD_BYTES) {
            return Result.INCOMPLETE;
        }
        int versionAndCommand = in.getUnsignedByte(from + SIGNATURE.length);
        int network = in.getUnsignedByte(from + SIGNATURE.length + 1);
        int length = in.getUnsignedShort(from + SIGNATURE.length + 2);
        int command = versionAndCommand & 0xF;
        int addresses = addressBytes(network);
        bytes = HEAD_BYTES + length;
        if (versionAndCommand >>> 4 != VERSION_2 || command > 1 || bytes > MOST_BYTES) {
            return Result.MALFORMED;
        }
        if (command != LOCAL && (addresses < 0 || length < addresses)) {
            return Result.MALFORMED;
        }
        if (in.readableBytes() < bytes) {
            return Result.INCOMPLETE;
        }
        if (command == LOCAL) {
            // "The receiver must accept this connection as valid and must use the real connection endpoints and
            // discard the protocol block including the family which is ignored."
            return Result.NOBODY;
        }
        if (!extensionsValid(in, from, from + HEAD_BYTES + addresses)) {
            return Result.MALFORMED;
        }
        return switch (network) {
            case 0x11 -> client(in, from + HEAD_BYTES, AddressReader.IPV4_BYTES);
            case 0x21 -> client(in, from + HEAD_BYTES, AddressReader.IPV6_BYTES);
            default -> Result.NOBODY;
        };
    }

    private Result client(ByteBuf in, int from, int length) {
        byte[] source = new byte[length];
        in.getBytes(from, source);
        address = Arrays.copyOf(source, AddressReader.normalize(source, length));
        return Result.CLIENT;
    }

    /** Bytes of addresses and ports for a family and transport, -1 if there is none such. */
    private static int addressBytes(int network) {
        return switch (network) {
            case 0x00 -> 0;
            case 0x11, 0x12 -> 2 * (AddressReader.IPV4_BYTES + 2);
            case 0x21, 0x22 -> 2 * (AddressReader.IPV6_BYTES + 2);
            // Sockets of Unix.
            case 0x31, 0x32 -> 2 * 108;
            default -> -1;
        };
    }

    /** Whether the extensions fill what is behind the addresses, and the checksum is right if there is one. */
    private boolean extensionsValid(ByteBuf in, int from, int firstExtension) {
        int end = from + bytes;
        int at = firstExtension;
        if (in.getUnsignedByte(from + SIGNATURE.length + 1) == 0) {
            // Of an unspecified family nobody knows where addresses end and extensions begin.
            return true;
        }
        while (at < end) {
            if (end - at < EXTENSION_HEAD_BYTES) {
                return false;
            }
            int type = in.getUnsignedByte(at);
            int length = in.getUnsignedShort(at + 1);
            at += EXTENSION_HEAD_BYTES;
            if (length > end - at) {
                return false;
            }
            if (type == CRC32C_TYPE && (length != Integer.BYTES || !checksumRight(in, from, at))) {
                return false;
            }
            at += length;
        }
        return true;
    }

    private boolean checksumRight(ByteBuf in, int from, int at) {
        byte[] header = new byte[bytes];
        in.getBytes(from, header);
        Arrays.fill(header, at - from, at - from + Integer.BYTES, (byte) 0);
        CRC32C checksum = new CRC32C();
        checksum.update(header);
        return (int) checksum.getValue() == in.getInt(at);
    }
}
