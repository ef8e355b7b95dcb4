package io.sluice.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressReaderTest {

    private static byte[] read(String text) {
        byte[] into = new byte[16];
        Arrays.fill(into, (byte) 0x55);
        return Arrays.copyOf(into, AddressReader.read("[" + text + "]", 1, 1 + text.length(), into));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "255.255.255.255",
                "192.0.2.43",
                "1.20.3.0",
                "::",
                "::1",
                "1::",
                "2001:db8::1",
                "2001:DB8:0:0:8:800:200C:417A",
                "FF01::101",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "::ffff:192.0.2.1",
                "::FFFF:c000:0201",
                "64:ff9b::192.0.2.33",
                "1:2:3:4:5:6:1.2.3.4",
                "fe80::0001:a"
            })
    void readsWhatIsAnAddress(String text) throws Exception {
        assertThat(read(text)).isEqualTo(InetAddress.getByName(text).getAddress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.04",
                "0x1.2.3.4",
                "1.2.3.-4",
                "1.2.3.4 ",
                " 1.2.3.4",
                "12345678901.1.1.1",
                ":",
                ":::",
                "1:",
                ":1",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:8::",
                "12345::",
                "g::",
                "::1%lo",
                "::1.2.3",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "unknown",
                "_hidden",
                "1:2:3:4::5:6:7:8:9"
            })
    void readsNothingElse(String text) {
        assertThat(read(text)).isEmpty();
    }

    @Test
    void readsWhateverTheJdkWrites() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] address = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(address);
            // Runs of zeros.
            Arrays.fill(address, random.nextInt(address.length), address.length, (byte) 0);
            String text = InetAddress.getByAddress(address).getHostAddress();
            assertThat(read(text)).as("%s, seed %d", text, seed).isEqualTo(address);
        }
    }
}
