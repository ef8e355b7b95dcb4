package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.JsonWriter;
import io.sluice.json.Scanner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shops of several policies take turns on one scanner, which keeps what it has learnt of names. */
class MarkedAlikeTest {

    /** A name that is a text of its own: what one policy leaves in it, the next need not. */
    @Test
    void noPolicyTakesANameForCleanThatAnotherHasLookedAt(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("a.yaml"), "{name: aa, version: 1, preset: minimal, fields: {plan: mask}}");
        Files.writeString(directory.resolve("b.yaml"), "{name: bb, version: 1, preset: minimal, fields: {kto: mask}}");
        List<String> reports = new ArrayList<>();
        Policies policies = Policies.load(new PrivacyConfig("strict", List.of(directory)), reports);
        assertThat(reports).isEmpty();
        Rules aa = (Rules) policies.all().get("aa");
        Rules bb = (Rules) policies.all().get("bb");
        Scrubber scrubber = new Scrubber(aa, null);
        MarkedCopy copy = new MarkedCopy(scrubber);
        Scanner scanner = new Scanner();
        for (int i = 0; i < 6; i++) {
            scrubber.rules(i % 2 == 0 ? aa : bb);
            copy.prepare(scanner);
            byte[] event = "{\"kto=12345\":1,\"x\":2}".getBytes(StandardCharsets.US_ASCII);
            scanner.reset(Arrays.copyOf(event, event.length + Scanner.PADDING), event.length);
            assertThat(scanner.document(0)).isEqualTo(event.length);
            byte[] dst = new byte[scrubber.bound(event.length) + JsonWriter.SLACK];
            int end = copy.copy(scanner, 0, event.length, 0, scanner.marks(), dst, 0);
            assertThat(new String(dst, 0, end, StandardCharsets.US_ASCII).contains("12345"))
                    .as("policy %d", i % 2)
                    .isEqualTo(i % 2 == 0);
        }
    }

    @Test
    void everyPolicyFindsItsNamesWhateverOthersHaveLeftUnmarked(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("a.yaml"), "{name: aa, version: 1, preset: minimal, fields: {plan: mask}}");
        Files.writeString(directory.resolve("b.yaml"), "{name: bb, version: 1, preset: minimal, fields: {tier: mask}}");
        List<String> reports = new ArrayList<>();
        Policies policies = Policies.load(new PrivacyConfig("strict", List.of(directory)), reports);
        assertThat(reports).isEmpty();
        Rules aa = (Rules) policies.all().get("aa");
        Rules bb = (Rules) policies.all().get("bb");
        assertThat(aa.names()).isSameAs(bb.names());
        Scrubber scrubber = new Scrubber(aa, null);
        MarkedCopy copy = new MarkedCopy(scrubber);
        Scanner scanner = new Scanner();
        for (int i = 0; i < 6; i++) {
            scrubber.rules(i % 2 == 0 ? aa : bb);
            copy.prepare(scanner);
            byte[] event = "{\"plan\":\"x\",\"tier\":\"y\",\"other\":1}".getBytes(StandardCharsets.US_ASCII);
            scanner.reset(Arrays.copyOf(event, event.length + Scanner.PADDING), event.length);
            assertThat(scanner.document(0)).isEqualTo(event.length);
            byte[] dst = new byte[scrubber.bound(event.length) + JsonWriter.SLACK];
            int end = copy.copy(scanner, 0, event.length, 0, scanner.marks(), dst, 0);
            assertThat(new String(dst, 0, end, StandardCharsets.US_ASCII))
                    .isEqualTo(
                            i % 2 == 0
                                    ? "{\"plan\":\"*\",\"tier\":\"y\",\"other\":1}"
                                    : "{\"plan\":\"x\",\"tier\":\"*\",\"other\":1}");
        }
    }
}
