package io.sluice.cli.erase;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.record.Encoding;
import io.sluice.storage.StorageFile;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The log of erasures: who erased when and how much, and nothing without it. */
@Timeout(120)
@ExtendWith(CleanLog.class)
class ErasureLogTest extends EraseFixture {

    @Test
    void notesWhoErasedWhenAndHowMuchButNotWhom() throws IOException {
        fill(Encoding.GZIP);
        Path log = temp.resolve("audit.ndjson");
        assertThat(erase("--uid", JANE, "--yes", "--reference", "DSR \"17\"", "--operator", "kim"))
                .isZero();
        assertThat(erase("--uid", JANE, "--yes")).isZero();
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).contains("erasure-began", "\"by\":\"kim\",\"reference\":\"DSR \\\"17\\\"\"");
        assertThat(lines.get(1))
                .contains("erasure-ended")
                .contains("\"lines\":14,\"shops\":{\"shop-0\":7,\"shop-1\":4,\"shop-2\":3}")
                .contains("\"blocks\":3,\"objects\":1")
                .contains("\"exit\":0");
        assertThat(lines.get(3)).contains("\"lines\":0").contains("\"by\":\"" + System.getProperty("user.name"));
        assertThat(String.join("", lines)).doesNotContain(JANE);
    }

    @Test
    void aNoteThatWasWrittenInPartDoesNotSwallowTheNext() throws IOException {
        fill(Encoding.GZIP);
        Path log = temp.resolve("audit.ndjson");
        Files.writeString(log, "{\"at\":\"2026-11-22T10:00:00Z\",\"what\":\"erasure-be");
        assertThat(erase("--uid", JANE, "--yes")).isZero();
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).endsWith("erasure-be");
        assertThat(lines.get(1)).startsWith("{\"at\":").contains("erasure-began");
        assertThat(lines.get(2)).contains("erasure-ended");
    }

    @Test
    void theLogOfErasuresLiesBesideWhatIsErasedFrom() throws IOException {
        fill(Encoding.GZIP);
        assertThat(execute("erase", "--from-dir", bucket.root().toString(), "--uid", JANE, "--yes"))
                .as(out + err)
                .isZero();
        assertThat(temp.resolve("erasures.ndjson")).exists();
        Path journal = Files.createDirectories(temp.resolve("far/journal"));
        String[] both = {
            "erase", "--from-dir", bucket.root().toString(), "--journal", journal.toString(), "--uid", JANE, "--yes"
        };
        assertThat(execute(both)).as(out + err).isZero();
        assertThat(temp.resolve("far/erasures.ndjson")).exists();
    }

    @Test
    void nothingIsChangedWhereTheLogOfErasuresCannotBeWritten() throws IOException {
        fill(Encoding.GZIP);
        Map<Path, byte[]> before = files();
        storage = new TestStorage() {
            @Override
            public StorageFile open(Path file, Access access) throws IOException {
                if (file.endsWith("audit.ndjson")) {
                    throw new AccessDeniedException(file.toString());
                }
                return super.open(file, access);
            }
        };
        assertThat(erase("--uid", JANE, "--yes")).isEqualTo(2);
        assertThat(err)
                .contains("nothing was changed", "audit.ndjson: permission denied: the user ", "--audit-log names")
                .doesNotContain("Exception");
        assertThat(files())
                .hasSameSizeAs(before)
                .allSatisfy((file, bytes) -> assertThat(bytes).isEqualTo(before.get(file)));
    }
}
