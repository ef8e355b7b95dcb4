package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.Scanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoliciesTest {

    private final List<String> reports = new ArrayList<>();

    @TempDir
    private Path directory;

    @Test
    void withoutFilesThereAreThePresets() {
        Policies policies = load("gdpr");

        assertThat(reports).isEmpty();
        assertThat(policies.all()).containsOnlyKeys("strict", "gdpr", "ccpa", "minimal");
        assertThat(policies.byDefault().name()).isEqualTo("gdpr");
        assertThat(Policies.presets().byDefault().name()).isEqualTo("strict");
    }

    @Test
    void filesAreReadByThemselvesAndOutOfDirectories() throws IOException {
        Path one = write("one.txt", "{name: one, version: 1}");
        Path more = Files.createDirectory(directory.resolve("more"));
        write("more/two.yaml", "{name: two, version: 1}");
        write("more/three.yml", "{name: three, version: 1}");
        write("more/.hidden.yaml", "no policy");
        write("more/README.md", "no policy");
        Files.createDirectory(more.resolve("deeper.yaml"));

        Policies policies = load("two", one, more);

        assertThat(reports).isEmpty();
        assertThat(policies.all())
                .containsOnlyKeys("strict", "gdpr", "ccpa", "minimal", "one", "two", "three")
                .allSatisfy((name, policy) -> assertThat(policy.name()).isEqualTo(name));
        assertThat(policies.byDefault().name()).isEqualTo("two");
    }

    /** Where names and passwords in URLs may stay, addresses of mail may not for standing in their place. */
    @Test
    void anAddressInAUrlGoesIfSecretsAreKept() throws IOException {
        Path file = write("a.yaml", "{name: aa, version: 1, preset: strict, detect: {secret: keep, email: remove}}");
        Scrubber scrubber = new Scrubber((Rules) load("aa", file).byDefault(), null);
        assertThat(reports).isEmpty();
        assertThat(scrubbed(scrubber, "https://jane@example.com/x")).isEqualTo("https://[email]/x");
        assertThat(scrubbed(scrubber, "https://jane@intranet/x")).isEqualTo("https://jane@intranet/x");

        scrubber.rules(new Rules(Policy.strict()));
        assertThat(scrubbed(scrubber, "https://jane@example.com/x")).isEqualTo("https://[secret]@example.com/x");
    }

    private static String scrubbed(Scrubber scrubber, String text) {
        byte[] src = Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), text.length() + Scanner.PADDING);
        byte[] dst = new byte[256];
        scrubber.begin();
        return new String(dst, 0, scrubber.copy(src, 0, 0, text.length(), dst, 0), StandardCharsets.US_ASCII);
    }

    @Test
    void everyProblemOfEveryFileIsReported() throws IOException {
        write("a.yaml", "{name: aa, version: 1}");
        write("b.yaml", "{name: aa, version: 2}");
        write("c.yaml", "{name: strict, version: 2}");
        write("d.yaml", "{name: dd, version: 0, fields: {x: burn}}");
        write("e.yaml", "{name: e e, version: 1}");
        Path missing = directory.resolve("missing");

        Policies policies = load("ff", directory, missing);

        assertThat(reports)
                .containsExactly(
                        directory.resolve("b.yaml") + ":\n  name: 'aa', expected another, since there is such a policy",
                        directory.resolve("c.yaml")
                                + ":\n  name: 'strict', expected another, since there is such a policy",
                        directory.resolve("d.yaml")
                                + ":\n  version: '0', expected a number from 1"
                                + "\n  fields.x: 'burn', expected remove, mask, hash, truncate, bucket or keep",
                        directory.resolve("e.yaml") + ":\n  name: text of 3 characters, expected 2 to 32 of a-z 0-9 -",
                        missing + ": cannot be read, expected a file of a policy, or a directory of such files",
                        "privacy.policy: 'ff', expected one of aa, ccpa, dd, gdpr, minimal, strict");
        assertThat(policies.all().get("dd")).as("who names it is not wrong").isNotNull();
    }

    @Test
    void aPolicyThatChangesNeedsAnotherVersion() throws IOException {
        Path file = write("a.yaml", "{name: aa, version: 1, fields: {x: mask, y: remove}}");
        Policies first = load("aa", directory);
        write("a.yaml", "{version: 1, fields: {y: remove, x: mask}, name: aa}");
        Policies same = Policies.load(config("aa", directory), first, reports);
        assertThat(reports).isEmpty();

        write("a.yaml", "{name: aa, version: 2}");
        Policies second = Policies.load(config("aa", directory), same, reports);
        assertThat(reports).isEmpty();
        assertThat(second.byDefault().label()).isEqualTo("aa version 2");

        write("a.yaml", "{name: aa, version: 1, fields: {x: keep}}");
        Policies.load(config("aa", directory), second, reports);
        assertThat(reports)
                .containsExactly(file + ":\n  version: 1, expected another one, since the policy is not what it was");
    }

    @Test
    void nothingIsQuotedOfAFileThatIsNoPolicy() throws IOException {
        String[] texts = {
            "jane@example.com secretline",
            "jane@example.com: secretline of hers\njane@example.com: 2",
            "name: jane@example.com\nversion: 4915112345678\npreset: jane@example.com\ndetect: {jane@example.com: x}",
            "{name: aa, version: 1, fields: {'jane@': jane@example.com, x: jane@example.com}, ids: [jane@example.com]}",
            "{name: aa, version: 1, client: {jane@example.com: x}, consent: {jane@example.com: jane@example.com}}",
            "{name: aa, version: 1, consent: {default: jane@example.com, regions: {jane@example.com: x}}}",
            "a: *jane4915112345678",
            "a: !jane4915112345678 b"
        };
        for (String text : texts) {
            reports.clear();
            write("a.yaml", text);
            load("strict", directory);
            assertThat(reports).as(text).hasSize(1);
            assertThat(reports.getFirst()).contains("expected").doesNotContain("jane", "secretline", "49151");
        }
        write("a.yaml", "jane@example.com secretline");
        reports.clear();
        load("strict", directory);
        assertThat(reports.getFirst()).contains("file: text of 27 characters, expected a mapping");
    }

    @Test
    void theExampleThatComesWithTheGatewayIsTaken() {
        Policies policies = load("shop-a", Path.of("../config/policies"));

        assertThat(reports).isEmpty();
        assertThat(policies.byDefault().name()).isEqualTo("shop-a");
    }

    private Policies load(String policy, Path... paths) {
        return Policies.load(config(policy, paths), reports);
    }

    private static PrivacyConfig config(String policy, Path... paths) {
        return new PrivacyConfig(policy, List.of(paths));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
