package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
                        directory.resolve("e.yaml") + ":\n  name: 'e e', expected 2 to 32 of a-z 0-9 -",
                        missing + ": cannot be read, expected a file of a policy, or a directory of such files",
                        "privacy.policy: 'ff', expected one of aa, ccpa, dd, gdpr, minimal, strict");
        assertThat(policies.all().get("dd")).as("who names it is not wrong").isNotNull();
    }

    @Test
    void theExampleThatComesWithTheGatewayIsTaken() {
        Policies policies = load("shop-a", Path.of("../config/policies"));

        assertThat(reports).isEmpty();
        assertThat(policies.byDefault().name()).isEqualTo("shop-a");
    }

    private Policies load(String policy, Path... paths) {
        return Policies.load(new PrivacyConfig(policy, List.of(paths)), reports);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
