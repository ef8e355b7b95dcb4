package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentFamiliesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
                        + "Safari/537.36 | Chrome 120; Windows; desktop",
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 "
                        + "Safari/537.36 Edg/119.0.2151.97 | Edge 119; Windows; desktop",
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 "
                        + "Safari/537.36 OPR/104.0.0.0 | Opera 104; ChromeOS; desktop",
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                        + "Version/17.1 Safari/605.1.15 | Safari 17; macOS; desktop",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                        + "Version/17.1 Mobile/15E148 Safari/604.1 | Safari 17; iOS; phone",
                "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                        + "CriOS/120.0.6099.50 Mobile/15E148 Safari/604.1 | Chrome 120; iOS; tablet",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                        + "Mobile/15E148 Instagram 309.1.1.28.108 (iPhone14,5; iOS 17_1) | Instagram 309; iOS; phone",
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile "
                        + "Safari/537.36 | Chrome 120; Android; phone",
                "Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) "
                        + "SamsungBrowser/23.0 Chrome/115.0.0.0 Safari/537.36 | Samsung_Internet 23; Android; tablet",
                "Mozilla/5.0 (Linux; Android 12; CUBOT P50) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 "
                        + "Mobile Safari/537.36 | Chrome 119; Android; phone",
                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0 "
                        + "| Firefox 121; Linux; desktop",
                "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; AS; rv:11.0) like Gecko "
                        + "| Internet_Explorer 11; Windows; desktop",
                "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2) | Internet_Explorer 10; Windows; desktop",
                "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 "
                        + "Safari/537.36 | Chrome 94; webOS; tv",
                "Mozilla/5.0 (PlayStation; PlayStation 5/8.00) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                        + "Version/17.1 Safari/605.1.15 | Safari 17; PlayStation; console",
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html) | Googlebot; Other; bot",
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; "
                        + "+http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36 | bingbot; Other; bot",
                "SomethingBot/1.0 | Bot; Other; bot",
                "curl/8.4.0 | curl; Other; bot",
                "python-requests/2.31.0 | Python; Other; bot",
                "my-app jane@x.example 203.0.113.7 | Other; Other; other",
                "Mozilla\\/5.0 (Macintosh) Chrome\\/121.0 Safari\\/537.36 | Chrome 121; macOS; desktop",
            })
    void anAgentBecomesItsFamilies(String agent, String families) {
        assertThat(reduce(agent)).isEqualTo(families);
        assertThat(reduce(families)).as("reduced again").isEqualTo(families);
    }

    @Test
    void whateverComesNothingButFamiliesIsWritten() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] parts = {
            "Chrome", "/", " ", "120", "Safari", "Version", "rv:", "bot", "\\", "é", "\"", ";", "(", "9999", "Edg"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder agent = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                agent.append(parts[random.nextInt(parts.length)]);
            }
            String families = reduce(agent.toString());
            assertThat(families).as("%s, seed %s", agent, seed).matches("[A-Za-z_]+( [0-9]{1,3})?; [A-Za-z]+; [a-z]+");
            assertThat(reduce(families)).as("%s, seed %s", agent, seed).isEqualTo(families);
        }
    }

    private static String reduce(String agent) {
        byte[] bytes = agent.getBytes(StandardCharsets.ISO_8859_1);
        byte[] dst = new byte[AgentFamilies.MAX_LENGTH];
        return new String(dst, 0, AgentFamilies.write(bytes, 0, bytes.length, dst, 0), StandardCharsets.US_ASCII);
    }
}
