package io.sluice.cli.erase;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.record.Encoding;
import io.sluice.record.Samples;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.StorageFile;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An erasure that is interrupted, comes between others, or finds what it cannot read. */
@Timeout(120)
@ExtendWith(CleanLog.class)
class EraseInterruptedTest extends EraseFixture {

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void finishesWhatWasInterrupted(Encoding encoding) throws IOException {
        fill(encoding);
        Path a = bucket.root().resolve(EVENTS + "a");
        storage = new TestStorage() {
            @Override
            public void rename(Path from, Path to) throws IOException {
                if (to.equals(a)) {
                    throw new IOException("the power fails");
                }
                super.rename(from, to);
            }
        };
        assertThat(erase("--uid", JANE, "--yes")).isEqualTo(1);
        assertThat(out).contains("problem: " + EVENTS + "a: the power fails").contains("run it again");
        assertThat(reconcile()).isEqualTo(1);
        assertThat(out)
                .contains("still holds, or holds again, lines that were to be erased")
                .contains("run the erasure");

        storage = new DiskStorage();
        assertThat(erase("--uid", JANE, "--yes")).as(out).isZero();
        assertNowhere(JANE);
        assertThat(reconcile("--full")).as(out).isZero();
        row("erased", 1, 14);
    }

    /** The process is gone between the new file and its taking the object's name. */
    @Test
    void deletesWhatAnInterruptedRunLeftBesideObjects() throws IOException {
        fill(Encoding.GZIP);
        Path a = bucket.root().resolve(EVENTS + "a");
        storage = new TestStorage() {
            @Override
            public void rename(Path from, Path to) throws IOException {
                if (to.equals(a)) {
                    throw new IOException("the power fails");
                }
                super.rename(from, to);
            }
        };
        assertThat(erase("--uid", JANE, "--yes")).isEqualTo(1);
        Path left = a.resolveSibling("." + a.getFileName() + ".erasing");
        assertThat(left).exists();

        // Somebody else's request: what is left holds records of his as well.
        storage = new DiskStorage();
        assertThat(erase("--uid", "nobody")).isZero();
        assertThat(out).contains("1 unfinished files of an interrupted run, to be deleted");
        assertThat(left).exists();
        assertThat(erase("--uid", "nobody", "--yes", "--json")).as(err).isZero();
        assertThat(out).contains("\"unfinishedFiles\":1");
        assertThat(left).doesNotExist();
        assertThat(erase("--uid", "nobody", "--yes")).isZero();
        assertThat(out).doesNotContain("unfinished");
    }

    @Test
    void neverOverwritesWhatSomebodyElsePutMeanwhile() throws IOException {
        fill(Encoding.GZIP);
        Path a = bucket.root().resolve(EVENTS + "a");
        byte[] more = Samples.concat(
                Files.readAllBytes(a), block(Encoding.GZIP, 6, 10, 2).packed());
        storage = new TestStorage() {
            private boolean done;

            @Override
            public StorageFile open(Path file, Access access) throws IOException {
                if (!done && file.getParent().equals(a.getParent())) {
                    done = true;
                    Files.write(a, more);
                }
                return super.open(file, access);
            }
        };
        assertThat(erase("--uid", JANE, "--yes")).as(out).isZero();
        assertNowhere(JANE);
        assertThat(lines()).as("with those of the sixth block").hasSize(36 + 9);
    }

    @Test
    void leavesADamagedObjectAloneAndDoesTheRest() throws IOException {
        fill(Encoding.GZIP);
        byte[] whole = Files.readAllBytes(bucket.root().resolve(EVENTS + "a"));
        Path cut = bucket.write(EVENTS + "0", Arrays.copyOf(whole, whole.length - 3));
        byte[] before = Files.readAllBytes(cut);
        assertThat(erase("--uid", JANE, "--yes")).isEqualTo(1);
        assertThat(out).contains("problem: " + EVENTS + "0: the gzip member").contains("is cut off");
        assertThat(Files.readAllBytes(cut)).isEqualTo(before);
        Files.delete(cut);
        assertNowhere(JANE);
    }

    @Test
    void saysOfALineThatIsNoJsonThatItMayBeMeant() throws IOException {
        bucket.write(EVENTS + "a", ("{\"uid\":\"" + JANE + "\",}\n{\"uid\":}\n").getBytes(StandardCharsets.UTF_8));
        assertThat(erase("--uid", JANE, "--yes")).isEqualTo(1);
        assertThat(out).contains("1 lines are no JSON, and may be meant").doesNotContain(JANE);
    }
}
