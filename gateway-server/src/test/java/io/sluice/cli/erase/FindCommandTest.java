package io.sluice.cli.erase;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.Sluice;
import io.sluice.record.Encoding;
import io.sluice.testing.CleanLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

/** What is stored of a person is printed, and where it was looked for is told. */
@Timeout(120)
@ExtendWith(CleanLog.class)
class FindCommandTest extends EraseFixture {

    @Test
    void printsWhatIsStoredOfAPerson() throws IOException {
        fill(Encoding.ZSTD);
        bucket.object("events/2026/11/22/12/replayed", block(Encoding.ZSTD, 1, 10, 0, 3, 4));
        Path cut = bucket.write(
                EVENTS + "c", Arrays.copyOf(block(Encoding.GZIP, 9, 9, 1).packed(), 40));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        CommandLine line = Sluice.commandLine(new FindCommand(storage, InputStream.nullInputStream(), printed));
        StringWriter errors = new StringWriter();
        line.setErr(new PrintWriter(errors));
        String[] arguments = {"find", "--uid", JANE, "--from-dir", bucket.root().toString()};
        assertThat(line.execute(arguments)).isEqualTo(1);
        assertThat(errors.toString()).contains("sluice find: " + EVENTS + "c: the gzip member");
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(14)
                .allMatch(found -> found.contains(JANE));

        Files.delete(cut);
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("nobody reads");
            }
        };
        line = Sluice.commandLine(new FindCommand(storage, InputStream.nullInputStream(), closed));
        assertThat(line.execute(arguments)).isZero();
    }

    @Test
    void findSaysHowMuchItHasReadAndWarnsOfShopsThatThereAreNot() throws IOException {
        fill(Encoding.GZIP);
        Path shops = Files.writeString(temp.resolve("shops.yaml"), "shops: {shop-0: {keys: [k]}}\n");
        Path config = Files.writeString(
                temp.resolve("sluice.yaml"), "{data: " + temp.resolve("data") + ", shops: {file: " + shops + "}}\n");
        String[] find = {
            "find", "--from-dir", bucket.root().toString(), "--config", config.toString(), "--uid", JANE, "--shop", ""
        };
        find[find.length - 1] = "shop-0";
        assertThat(execute(find)).as(err).isZero();
        assertThat(err)
                .contains("sluice find: 2 objects, 50 records read; 7 found")
                .doesNotContain("warning");
        find[find.length - 1] = "shop-O";
        assertThat(execute(find)).isZero();
        assertThat(err).contains("50 records read; 0 found").contains("shops.yaml has no shop 'shop-O'");
    }

    @Test
    void findCountsApartWhatTheJournalHolds() throws IOException {
        fill(Encoding.GZIP);
        Path journal = Path.of("src/test/resources/journal/v2-gzip");
        String[] find = {"find", "--from-dir", bucket.root().toString(), "--journal", journal.toString(), "--uid", JANE
        };
        assertThat(execute(find)).as(err).isZero();
        int kept = Files.readAllLines(journal.resolve("expected.ndjson")).size();
        assertThat(err)
                .contains("2 objects, 50 records read, and " + kept
                        + " in the journal, where delivered ones stay a while; 14 found");
    }
}
