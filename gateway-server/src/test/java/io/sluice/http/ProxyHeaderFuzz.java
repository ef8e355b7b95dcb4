package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Any bytes as a header of the PROXY protocol, cut anywhere: nothing behind the cut is looked at, what was decided
 * stays so whatever follows, and it is what a reader decides that is as plain as can be.
 */
public final class ProxyHeaderFuzz {

    private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_LINE_BYTES = 107;
    private static final Pattern UNKNOWN = Pattern.compile("PROXY UNKNOWN( [^\n]*)?\r\n");
    private static final Pattern KNOWN =
            Pattern.compile("PROXY (TCP[46]) ([^ \n]+) ([^ \n]+) (0|[1-9][0-9]{0,4}) (0|[1-9][0-9]{0,4})\r\n");

    private ProxyHeaderFuzz() {}

    private record Read(ProxyHeader.Result result, int bytes, byte[] address) {

        private static final Read INCOMPLETE = new Read(ProxyHeader.Result.INCOMPLETE, 0, null);
        private static final Read MALFORMED = new Read(ProxyHeader.Result.MALFORMED, 0, null);

        boolean is(Read other) {
            return result == other.result && bytes == other.bytes && Arrays.equals(address, other.address);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) {
        Read decided = null;
        // Beyond the first hundreds a byte more or less is like another.
        for (int length = 0; length <= input.length; length += length < 300 ? 1 : 97) {
            decided = check(input, length, decided);
        }
        check(input, input.length, decided);
    }

    private static Read check(byte[] input, int length, Read before) {
        byte[] cut = Arrays.copyOf(input, length);
        Read read = read(cut);
        if (!read.is(plain(cut))) {
            throw new AssertionError(read + " of " + length + " bytes, but plainly " + plain(cut));
        }
        if (before != null && !read.is(before)) {
            throw new AssertionError("was " + before + ", and is " + read + " at " + length);
        }
        return read.result == ProxyHeader.Result.INCOMPLETE ? before : read;
    }

    private static Read read(byte[] bytes) {
        // With something before it, and nothing at all behind.
        ByteBuf in = Unpooled.buffer(bytes.length + 3, bytes.length + 3).writeMedium(0x50524F);
        in.writeBytes(bytes).skipBytes(3);
        ProxyHeader header = new ProxyHeader();
        ProxyHeader.Result result = header.read(in);
        if (in.readerIndex() != 3) {
            throw new AssertionError("has moved on");
        }
        return switch (result) {
            case INCOMPLETE -> Read.INCOMPLETE;
            case MALFORMED -> Read.MALFORMED;
            case NOBODY -> new Read(result, header.bytes(), null);
            case CLIENT -> new Read(result, header.bytes(), header.address());
        };
    }

    private static Read plain(byte[] bytes) {
        if (bytes.length == 0) {
            return Read.INCOMPLETE;
        }
        return bytes[0] == 'P' ? plainLine(new String(bytes, StandardCharsets.ISO_8859_1)) : plainBinary(bytes);
    }

    private static Read plainLine(String text) {
        int end = text.indexOf('\n') + 1;
        if (end == 0) {
            boolean may = text.length() < MOST_LINE_BYTES && ("PROXY ".startsWith(text) || text.startsWith("PROXY "));
            return may ? Read.INCOMPLETE : Read.MALFORMED;
        }
        String line = text.substring(0, end);
        if (end > MOST_LINE_BYTES) {
            return Read.MALFORMED;
        }
        if (UNKNOWN.matcher(line).matches()) {
            return new Read(ProxyHeader.Result.NOBODY, end, null);
        }
        Matcher known = KNOWN.matcher(line);
        if (!known.matches() || Integer.parseInt(known.group(4)) > 65535 || Integer.parseInt(known.group(5)) > 65535) {
            return Read.MALFORMED;
        }
        boolean colons = known.group(1).equals("TCP6");
        byte[] source = PlainAddress.read(known.group(2));
        boolean valid = source != null
                && PlainAddress.read(known.group(3)) != null
                && known.group(2).contains(":") == colons
                && known.group(3).contains(":") == colons;
        return valid ? new Read(ProxyHeader.Result.CLIENT, end, source) : Read.MALFORMED;
    }

    private static Read plainBinary(byte[] bytes) {
        int begun = Math.min(bytes.length, SIGNATURE.length);
        if (!Arrays.equals(bytes, 0, begun, SIGNATURE, 0, begun)) {
            return Read.MALFORMED;
        }
        if (bytes.length < 16) {
            return Read.INCOMPLETE;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 12, bytes.length - 12);
        int command = in.get();
        int network = in.get();
        int length = in.getShort() & 0xffff;
        int addresses = switch (network) {
            case 0x00 -> 0;
            case 0x11, 0x12 -> 12;
            case 0x21, 0x22 -> 36;
            case 0x31, 0x32 -> 216;
            default -> Integer.MAX_VALUE;
        };
        if (command != 0x20 && command != 0x21 || length > 4096 - 16 || command == 0x21 && length < addresses) {
            return Read.MALFORMED;
        }
        if (in.remaining() < length) {
            return Read.INCOMPLETE;
        }
        if (command == 0x20) {
            return new Read(ProxyHeader.Result.NOBODY, 16 + length, null);
        }
        if (network != 0 && !extensionsValid(Arrays.copyOf(bytes, 16 + length), 16 + addresses)) {
            return Read.MALFORMED;
        }
        return switch (network) {
            case 0x11 -> new Read(ProxyHeader.Result.CLIENT, 16 + length, Arrays.copyOfRange(bytes, 16, 20));
            case 0x21 ->
                new Read(
                        ProxyHeader.Result.CLIENT,
                        16 + length,
                        PlainAddress.normalized(Arrays.copyOfRange(bytes, 16, 32)));
            default -> new Read(ProxyHeader.Result.NOBODY, 16 + length, null);
        };
    }

    private static boolean extensionsValid(byte[] header, int from) {
        for (int at = from; at < header.length; ) {
            if (header.length - at < 3) {
                return false;
            }
            int type = header[at];
            int end = at + 3 + (ByteBuffer.wrap(header).getShort(at + 1) & 0xffff);
            if (end > header.length || type == 3 && (end != at + 7 || !checksumRight(header, at + 3))) {
                return false;
            }
            at = end;
        }
        return true;
    }

    private static boolean checksumRight(byte[] header, int at) {
        byte[] zeroed = header.clone();
        ByteBuffer.wrap(zeroed).putInt(at, 0);
        CRC32C checksum = new CRC32C();
        checksum.update(zeroed);
        return (int) checksum.getValue() == ByteBuffer.wrap(header).getInt(at);
    }
}
