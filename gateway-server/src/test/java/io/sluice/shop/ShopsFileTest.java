package io.sluice.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopsFileTest {

    private static final ShopPolicy MILD = () -> "mild";
    private static final ShopPolicy HARD = () -> "hard";
    private static final ShopsFile.Choices CHOICES =
            new ShopsFile.Choices(Map.of("events", 0, "big", 2), Map.of("mild", MILD, "hard", HARD), HARD);

    @Test
    void aFileOfShopsIsReadWhole() throws BadShopsException {
        Shops shops = ShopsFile.parse("""
                shops:
                  alpha:
                    keys: [a1, a2]
                    origins: ["https://A.example", "http://localhost:3000"]
                    group: big
                    policy: mild
                  beta:
                    keys: [b]
                """, "shops.yaml", CHOICES);
        assertThat(shops.size()).isEqualTo(2);
        assertThat(find(shops, "a1")).isSameAs(find(shops, "a2"));
        assertThat(find(shops, "a1").id()).isEqualTo("alpha");
        assertThat(find(shops, "a1").group()).isEqualTo(2);
        assertThat(find(shops, "a1").origins()).containsExactlyInAnyOrder("https://a.example", "http://localhost:3000");
        assertThat(find(shops, "a1").policy()).isSameAs(MILD);
        assertThat(find(shops, "b").group()).isZero();
        assertThat(find(shops, "b").policy()).isSameAs(HARD);
        assertThat(find(shops, "b").origins()).isEmpty();
    }

    @Test
    void everyProblemIsReportedWithItsPlaceItsValueAndWhatWasExpected() {
        BadShopsException bad =
                catchThrowableOfType(BadShopsException.class, () -> ShopsFile.parse("""
                        extra: 1
                        shops:
                          alpha:
                            keys: [secret-key-of-alpha, "not a key!", 17]
                            origins: [https://a.example/path]
                            colour: red
                          beta:
                            keys: [secret-key-of-alpha]
                            group: none
                            policy: gone
                          ga mma:
                            keys: [g]
                          delta: []
                          epsilon:
                            origins: []
                        """, "shops.yaml", CHOICES));
        assertThat(bad.problems())
                .containsExactly(
                        "file.extra: unknown key, expected one of shops",
                        "shops.alpha.colour: unknown key, expected one of group, keys, origins, policy, region",
                        "shops.alpha.keys[1]: 'no***', expected 1 to 128 of A-Z a-z 0-9 . _ ~ -, quoted if it looks like a number",
                        "shops.alpha.keys[2]: '***', expected 1 to 128 of A-Z a-z 0-9 . _ ~ -, quoted if it looks like a number",
                        "shops.alpha.origins[0]: 'https://a.example/path', expected scheme://host or scheme://host:port, as browsers send it",
                        "shops.beta.keys[0]: 'se***', expected a key that is there once, shop alpha has it",
                        "shops.beta.group: 'none', expected one of big, events",
                        "shops.beta.policy: 'gone', expected one of hard, mild",
                        "shops.(text of 6 characters): text of 6 characters, expected a name of 1 to 64 of A-Z a-z 0-9 . _ -, quoted if it looks like a number",
                        "shops.delta: an empty list, expected a mapping of group, keys, origins, policy, region",
                        "shops.epsilon.keys: missing, expected a list of write keys",
                        "shops.epsilon.origins: an empty list, expected a list of origins, or no such key if any origin may send");
        assertThat(bad.getMessage()).startsWith("shops.yaml:\n").doesNotContain("secret-key-of-alpha");
    }

    @Test
    void whatIsNoYamlOrNoMappingIsOneProblemAndQuotesNothing() {
        for (String text : new String[] {
            "shops: [", "- a", "k@y.z secret", "", "shops:\n  a: {keys: [k]}\n  a: {keys: [l]}", "shops: {}"
        }) {
            BadShopsException bad =
                    catchThrowableOfType(BadShopsException.class, () -> ShopsFile.parse(text, "shops.yaml", CHOICES));
            assertThat(bad).as(text).isNotNull();
            assertThat(bad.problems())
                    .as(text)
                    .hasSize(1)
                    .allMatch(problem -> problem.contains("expected") && !problem.contains("secret"));
        }
    }

    @Test
    void aBadFileLeavesTheFormerShopsInUse(@TempDir Path directory, CleanLog.Expected log) throws Exception {
        Path file = directory.resolve("shops.yaml");
        Files.writeString(file, "shops: {alpha: {keys: [a]}}");
        ShopRegistry registry = new ShopRegistry(() -> ShopsFile.load(file, CHOICES));
        assertThat(find(registry.current(), "a").id()).isEqualTo("alpha");

        log.line("Shops not reloaded, the former 1 stay in use");
        Files.writeString(file, "shops: {alpha: {key: [b]}}");
        assertThat(registry.reload()).isFalse();
        assertThat(find(registry.current(), "a").id()).isEqualTo("alpha");

        Files.writeString(file, "shops: {beta: {keys: [b]}}");
        assertThat(registry.reload()).isTrue();
        assertThat(find(registry.current(), "a")).isNull();
        assertThat(find(registry.current(), "b").id()).isEqualTo("beta");
    }

    @Test
    void theFileThatComesWithTheGatewayHasTheDemoShop() throws IOException, BadShopsException {
        Shops shops = ShopsFile.load(Path.of("../config/shops.yaml"), CHOICES);
        assertThat(find(shops, "demo")).isEqualTo(find(Shops.demo(HARD), "demo"));
    }

    private static Shop find(Shops shops, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        return shops.find(bytes, 0, bytes.length);
    }
}
