package io.sluice.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "172.16.0.0/12, 172.31.255.255, true",
        "172.16.0.0/12, 172.32.0.0, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.0, false",
        "192.0.2.128/25, 192.0.2.200, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "0.0.0.0/0, 203.0.113.1, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 10.0.0.1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "fd00::/8, fdff::1, true",
        "::1, ::1, true",
    })
    void holdsWhatBeginsAsTheyDo(String network, String address, boolean holds) throws Exception {
        byte[] bytes = InetAddress.getByName(address).getAddress();
        assertThat(Networks.of(network).contains(bytes, bytes.length)).isEqualTo(holds);
        assertThat(Networks.of("198.51.100.0/24", network).contains(bytes, bytes.length))
                .isEqualTo(holds);
    }

    @Test
    void anUnknownAddressIsInNone() {
        assertThat(Networks.ALL.contains(new byte[0], 0)).isFalse();
        assertThat(Networks.NONE.contains(new byte[4], 4)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.0.0/33", "10.0.0.1/8", "10/8", "::/129", "2001:db8::1/64", "a/8", "10.0.0.0/", "/8"})
    void whatIsNoNetworkIsRefused(String text) {
        assertThatThrownBy(() -> Networks.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
