package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.http.ProxyHeader.Result;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {

    private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);

    /** A header of version 2. */
    static byte[] header(int versionAndCommand, int network, byte[]... parts) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            payload.writeBytes(part);
        }
        return ByteBuffer.allocate(16 + payload.size())
                .put(SIGNATURE)
                .put((byte) versionAndCommand)
                .put((byte) network)
                .putShort((short) payload.size())
                .put(payload.toByteArray())
                .array();
    }

    /** Source, destination, and ports. */
    static byte[] addresses(String source, String destination) throws Exception {
        byte[] from = InetAddress.getByName(source).getAddress();
        byte[] to = InetAddress.getByName(destination).getAddress();
        return ByteBuffer.allocate(from.length + to.length + 4)
                .put(from)
                .put(to)
                .putShort((short) 51_234)
                .putShort((short) 443)
                .array();
    }

    static byte[] extension(int type, byte[] value) {
        return ByteBuffer.allocate(3 + value.length)
                .put((byte) type)
                .putShort((short) value.length)
                .put(value)
                .array();
    }

    /** What Amazon's load balancer sends for a VPC endpoint. */
    static byte[] ofAmazon() {
        return extension(0xEA, "\u0001vpce-08d2bf15fac5001c9".getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The header with its checksum in the extension that it ends with. */
    static byte[] withChecksum(byte[] header) {
        CRC32C checksum = new CRC32C();
        checksum.update(header);
        ByteBuffer.wrap(header).putInt(header.length - 4, (int) checksum.getValue());
        return header;
    }

    private static Result read(byte[] bytes) {
        return new ProxyHeader().read(Unpooled.wrappedBuffer(bytes));
    }

    /** Reads it at every length, and behind other bytes; what follows must not matter. */
    private static void assertClient(byte[] header, String client) throws Exception {
        for (int length = 0; length < header.length; length++) {
            assertThat(read(Arrays.copyOf(header, length)))
                    .as("%d of %d bytes", length, header.length)
                    .isEqualTo(Result.INCOMPLETE);
        }
        ByteBuf in = Unpooled.buffer().writeZero(7).writeBytes(header).skipBytes(7);
        for (int more = 0; more < 2; more++) {
            ProxyHeader read = new ProxyHeader();
            Result result = read.read(in);
            assertThat(read.bytes()).isEqualTo(header.length);
            if (client == null) {
                assertThat(result).isEqualTo(Result.NOBODY);
            } else {
                assertThat(result).isEqualTo(Result.CLIENT);
                assertThat(InetAddress.getByAddress(read.address()).getHostAddress())
                        .isEqualTo(client);
            }
            in.writeBytes("\r\nGET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443, 192.0.2.1",
                "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255",
                "PROXY TCP4 192.0.2.1 198.51.100.1 0 0, 192.0.2.1",
                "PROXY TCP6 2001:db8::7 ::1 56324 443, 2001:db8:0:0:0:0:0:7",
                "PROXY TCP6 ::ffff:192.0.2.1 ::1 56324 443, 192.0.2.1",
                "PROXY TCP6 ffff:f...f:ffff ffff:f...f:ffff 65535 65535,",
                "PROXY UNKNOWN,",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535,",
                "PROXY UNKNOWN whatever  it is,",
            })
    void readsALine(String line, String client) throws Exception {
        if (line.startsWith("PROXY TCP6 ffff:f")) {
            // The longest that may be, as the specification abbreviates it.
            String all = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
            assertClient(line.replace("ffff:f...f:ffff", all).concat("\r\n").getBytes(), all);
        } else {
            assertClient(line.concat("\r\n").getBytes(StandardCharsets.US_ASCII), client);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "PROXX TCP4 192.0.2.1 198.51.100.1 1 2",
                "proxy TCP4 192.0.2.1 198.51.100.1 1 2",
                "PROXY",
                "PROXY ",
                "PROXY TCP4",
                "PROXY TCP5 192.0.2.1 198.51.100.1 1 2",
                "PROXY tcp4 192.0.2.1 198.51.100.1 1 2",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 3",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 ",
                "PROXY TCP4  192.0.2.1 198.51.100.1 1 2",
                "PROXY TCP4 192.0.2.256 198.51.100.1 1 2",
                "PROXY TCP4 192.0.2.1 nowhere 1 2",
                "PROXY TCP4 2001:db8::7 ::1 1 2",
                "PROXY TCP6 192.0.2.1 198.51.100.1 1 2",
                "PROXY TCP4 192.0.2.1 ::1 1 2",
                "PROXY TCP4 192.0.2.1 198.51.100.1 65536 2",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 -2",
                "PROXY TCP4 192.0.2.1 198.51.100.1 01 2",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 123456",
                "PROXY TCP4 192.0.2.1\t198.51.100.1 1 2"
            })
    void refusesWhatIsNoSuchLine(String line) {
        assertThat(read(line.concat("\r\n").getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(Result.MALFORMED);
    }

    @Test
    void aLineEndsWithBothAndWithinItsBytes() {
        assertThat(read("PROXY UNKNOWN\n".getBytes())).isEqualTo(Result.MALFORMED);
        String longest = "PROXY UNKNOWN " + "x".repeat(107 - 14 - 2) + "\r\n";
        assertThat(longest).hasSize(107);
        assertThat(read(longest.getBytes())).isEqualTo(Result.NOBODY);
        assertThat(read(longest.replace("\r\n", "x\r\n").getBytes())).isEqualTo(Result.MALFORMED);
        assertThat(read(longest.replace("\r\n", "xx").getBytes())).isEqualTo(Result.MALFORMED);
    }

    @Test
    void readsWhoAConnectionIsFor() throws Exception {
        assertClient(header(0x21, 0x11, addresses("192.0.2.1", "198.51.100.1")), "192.0.2.1");
        assertClient(header(0x21, 0x21, addresses("2001:db8::7", "::1")), "2001:db8:0:0:0:0:0:7");
        assertClient(header(0x21, 0x11, addresses("192.0.2.1", "198.51.100.1"), ofAmazon()), "192.0.2.1");
        byte[] mapped = new byte[36];
        mapped[10] = mapped[11] = -1;
        mapped[12] = 127;
        mapped[15] = 1;
        assertClient(header(0x21, 0x21, mapped), "127.0.0.1");
    }

    @Test
    void aBalancerMaySpeakForItselfOrOfOtherNetworks() throws Exception {
        assertClient(header(0x20, 0x00), null);
        assertClient(header(0x20, 0x11, addresses("192.0.2.1", "198.51.100.1")), null);
        assertClient(header(0x20, 0xFF, new byte[77]), null);
        assertClient(header(0x21, 0x00), null);
        assertClient(header(0x21, 0x00, new byte[9]), null);
        assertClient(header(0x21, 0x12, new byte[12]), null);
        assertClient(header(0x21, 0x22, new byte[36]), null);
        assertClient(header(0x21, 0x31, new byte[216]), null);
        assertClient(header(0x21, 0x32, new byte[216], ofAmazon()), null);
    }

    @Test
    void refusesWhatIsNoSuchHeader() throws Exception {
        byte[] addresses = addresses("192.0.2.1", "198.51.100.1");
        assertThat(read(header(0x11, 0x11, addresses))).isEqualTo(Result.MALFORMED);
        assertThat(read(header(0x31, 0x11, addresses))).isEqualTo(Result.MALFORMED);
        assertThat(read(header(0x22, 0x11, addresses))).isEqualTo(Result.MALFORMED);
        for (int network : new int[] {0x01, 0x02, 0x10, 0x13, 0x20, 0x23, 0x30, 0x33, 0x41, 0xFF}) {
            assertThat(read(header(0x21, network, new byte[216])))
                    .as("network %x", network)
                    .isEqualTo(Result.MALFORMED);
        }
        assertThat(read(header(0x21, 0x11, new byte[11]))).isEqualTo(Result.MALFORMED);
        assertThat(read(header(0x21, 0x21, new byte[35]))).isEqualTo(Result.MALFORMED);
        byte[] other = header(0x21, 0x11, addresses);
        for (int i = 0; i < SIGNATURE.length; i++) {
            other[i] ^= 1;
            assertThat(read(other)).as("byte %d", i).isEqualTo(Result.MALFORMED);
            other[i] ^= 1;
        }
    }

    @Test
    void extensionsAreSkippedAndMustFillTheRest() throws Exception {
        byte[] addresses = addresses("192.0.2.1", "198.51.100.1");
        byte[] room = extension(0x04, new byte[ProxyHeader.MOST_BYTES - 16 - 12 - 3]);
        assertClient(header(0x21, 0x11, addresses, extension(0x04, new byte[0]), ofAmazon()), "192.0.2.1");
        assertThat(read(header(0x21, 0x11, addresses, room))).isEqualTo(Result.CLIENT);
        assertThat(read(header(0x21, 0x11, addresses, room, new byte[1]))).isEqualTo(Result.MALFORMED);
        assertThat(read(header(0x21, 0x11, addresses, new byte[65_535 - 12]))).isEqualTo(Result.MALFORMED);
        assertThat(read(header(0x21, 0x11, addresses, new byte[] {4}))).isEqualTo(Result.MALFORMED);
        assertThat(read(header(0x21, 0x11, addresses, new byte[] {4, 0}))).isEqualTo(Result.MALFORMED);
        assertThat(read(header(0x21, 0x11, addresses, new byte[] {4, 0, 1}))).isEqualTo(Result.MALFORMED);
        assertThat(read(header(0x21, 0x11, addresses, new byte[] {4, -1, -1}))).isEqualTo(Result.MALFORMED);
    }

    @Test
    void aChecksumThatIsThereMustBeRight() throws Exception {
        byte[] addresses = addresses("192.0.2.1", "198.51.100.1");
        byte[] right = withChecksum(header(0x21, 0x11, addresses, ofAmazon(), extension(3, new byte[4])));
        assertClient(right, "192.0.2.1");
        int type = right.length - 7;
        for (int i = 13; i < right.length; i += i + 1 == type ? 2 : 1) {
            byte[] wrong = right.clone();
            wrong[i] ^= 0x40;
            assertThat(read(wrong)).as("byte %d", i).isNotEqualTo(Result.CLIENT);
        }
        assertThat(read(header(0x21, 0x11, addresses, extension(3, new byte[5]))))
                .isEqualTo(Result.MALFORMED);
    }

    @Test
    void noiseIsNeverMoreThanRefused() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            byte[] bytes = header(random.nextInt(256), random.nextInt(256), noise);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            ProxyHeader header = new ProxyHeader();
            Result result = header.read(Unpooled.wrappedBuffer(bytes));
            if (result == Result.CLIENT || result == Result.NOBODY) {
                assertThat(header.bytes()).as("seed %d", seed).isBetween(16, bytes.length);
            }
        }
    }
}
