package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Networks;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proxies are in 10.0.0.0/8 and fd00::/8. Lines are parted by a bar. */
class ForwardedClientTest {

    private static final Networks TRUSTED = Networks.of("10.0.0.0/8", "fd00::/8");

    private static String client(ProxyConfig.Field field, String lines) throws Exception {
        ForwardedClient client = new ForwardedClient(new ProxyConfig(Networks.NONE, TRUSTED, field));
        // What was found before must not stay.
        client.add(field == ProxyConfig.Field.FORWARDED ? "for=203.0.113.99" : "203.0.113.99");
        client.clear();
        for (String line : lines.split("\\|", -1)) {
            client.add(line);
        }
        return switch (client.length()) {
            case ForwardedClient.NONE -> "nobody";
            case 0 -> "unknown";
            default ->
                InetAddress.getByAddress(Arrays.copyOf(client.address(), client.length()))
                        .getHostAddress();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "192.0.2.1; 192.0.2.1",
                "192.0.2.1, 10.1.1.1; 192.0.2.1",
                "6.6.6.6, 192.0.2.1; 192.0.2.1",
                "6.6.6.6, 10.9.9.9, 192.0.2.1, 10.1.1.1; 192.0.2.1",
                "6.6.6.6|192.0.2.1; 192.0.2.1",
                "6.6.6.6|192.0.2.1|10.0.0.1,10.0.0.2; 192.0.2.1",
                "192.0.2.1|10.0.0.1|10.0.0.2; 192.0.2.1",
                "192.0.2.1:51234; 192.0.2.1",
                "2001:db8::7; 2001:db8:0:0:0:0:0:7",
                "[2001:db8::7]:443; 2001:db8:0:0:0:0:0:7",
                "[2001:db8::7], fd00::1; 2001:db8:0:0:0:0:0:7",
                "::ffff:192.0.2.1; 192.0.2.1",
                "192.0.2.1, ::ffff:10.0.0.1; 192.0.2.1",
                "~ 192.0.2.1\t,\t10.1.1.1 ~; 192.0.2.1",
                "192.0.2.1,,10.1.1.1,; 192.0.2.1",
                "10.0.0.3, 10.0.0.2, 10.0.0.1; 10.0.0.3",
                "10.0.0.3|10.0.0.2, 10.0.0.1; 10.0.0.3",
                "6.6.6.6, unknown; unknown",
                "6.6.6.6, unknown, 10.0.0.1; unknown",
                "6.6.6.6|, 1.2.3.4.5; unknown",
                "6.6.6.6, 192.0.2.1:http; unknown",
                "6.6.6.6, [192.0.2.1]; unknown",
                "6.6.6.6, [2001:db8::7; unknown",
                "6.6.6.6, [2001:db8::7]443; unknown",
                "6.6.6.6, 2001:db8::7%eth0; unknown",
                "~\"6.6.6.6~; unknown",
                "~\", 192.0.2.1~; 192.0.2.1",
                "~ ~; nobody",
                "~,~; nobody",
                "'<script>, 192.0.2.1; 192.0.2.1",
            })
    void walksXForwardedForFromTheRight(String lines, String client) throws Exception {
        assertThat(client(ProxyConfig.Field.X_FORWARDED_FOR, lines)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "for=192.0.2.43 ! 192.0.2.43",
                "For=\"[2001:db8:cafe::17]:4711\" ! 2001:db8:cafe:0:0:0:0:17",
                "for=192.0.2.60;proto=http;by=203.0.113.43 ! 192.0.2.60",
                "proto=http; FOR=\"192.0.2.60:_port\" ;by=203.0.113.43 ! 192.0.2.60",
                "for=6.6.6.6, for=192.0.2.43 ! 192.0.2.43",
                "for=6.6.6.6|for=192.0.2.43 ! 192.0.2.43",
                "for=192.0.2.43, for=\"[fd00::1]\", for=10.0.0.1;by=10.0.0.2 ! 192.0.2.43",
                "for=\"192.0.2.43\" ! 192.0.2.43",
                "for=\"19\\2.0.2.43\" ! 192.0.2.43",
                "for=6.6.6.6, for=unknown ! unknown",
                "for=6.6.6.6, for=_hidden, for=10.0.0.1 ! unknown",
                "for=6.6.6.6, for=\"_SEVKISEK\" ! unknown",
                "for=6.6.6.6, proto=https ! unknown",
                "for=6.6.6.6;for=192.0.2.43 ! unknown",
                "for=6.6.6.6, for= ! unknown",
                "for=6.6.6.6, for=\"192.0.2.43 ! unknown",
                // A comma or a semicolon in quotes parts nothing.
                "for=192.0.2.43;host=\"a,for=6.6.6.6\" ! 192.0.2.43",
                "for=192.0.2.43;host=\"a;for=6.6.6.6\" ! 192.0.2.43",
                "for=192.0.2.43;host=\"a\\\",for=6.6.6.6\" ! 192.0.2.43",
                // Half a pair of quotes, to swallow what the proxy adds.
                "for=6.6.6.6;x=\", for=192.0.2.43 ! 192.0.2.43",
                "for=6.6.6.6, x=\", for=\"[2001:db8::7]:99\" ! 2001:db8:0:0:0:0:0:7",
                "for=6.6.6.6, x=\"\\, for=\"[2001:db8::7]:99\" ! 2001:db8:0:0:0:0:0:7",
                "xfor=6.6.6.6, fort=6.6.6.6;for=192.0.2.43 ! 192.0.2.43",
                "for=10.0.0.2, for=10.0.0.1 ! 10.0.0.2",
            })
    void walksForwardedFromTheRight(String lines, String client) throws Exception {
        assertThat(client(ProxyConfig.Field.FORWARDED, lines)).isEqualTo(client);
    }

    @Test
    void whateverTheClientWritesTheProxysWordCounts() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] pieces = {
            "for=", "6.6.6.6", "\"", "\\", ",", ";", " ", "[", "]", ":", "=", "10.0.0.1", "x", "unknown", "\t"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder forged = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                forged.append(pieces[random.nextInt(pieces.length)]);
            }
            String as = "%s, seed %d".formatted(forged, seed);
            assertThat(client(ProxyConfig.Field.X_FORWARDED_FOR, forged + ", 192.0.2.1"))
                    .as(as)
                    .isEqualTo("192.0.2.1");
            assertThat(client(ProxyConfig.Field.FORWARDED, forged + ", for=\"192.0.2.1:80\";proto=https"))
                    .as(as)
                    .isEqualTo("192.0.2.1");
            assertThat(client(ProxyConfig.Field.FORWARDED, forged + ", for=192.0.2.1"))
                    .as(as)
                    .isEqualTo("192.0.2.1");
        }
    }
}
