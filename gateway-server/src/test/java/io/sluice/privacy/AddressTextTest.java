package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.77, 203.0.113.0",
        "255.255.255.255, 255.255.255.0",
        "0.0.0.1, 0.0.0.0",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1::",
        "2001:db8:0:1::5, 2001:db8::",
        "2001:0:0:1::5, 2001::",
        "2001:0:1::5, 2001:0:1::",
        "0:0:1::5, 0:0:1::",
        "::1, ::",
        "fe80::1, fe80::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff::",
    })
    void keepsTheNetworkOnly(String address, String expected) throws UnknownHostException {
        assertThat(text(InetAddress.getByName(address).getAddress())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.77, 203.0.113.0"})
    void writesAMappedAddressAsIpv4(String address, String expected) throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(InetAddress.getByName(address).getAddress(), 0, mapped, 12, 4);
        assertThat(text(mapped)).isEqualTo(expected);
    }

    private static String text(byte[] address) {
        byte[] dst = new byte[AddressText.MAX_LENGTH];
        int end = AddressText.write(address, address.length, dst, 0);
        return new String(dst, 0, end, StandardCharsets.US_ASCII);
    }
}
