package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalKeysTest {

    private static final String HEX = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final String BASE64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @Test
    void hexadecimalAndBase64AreTheSameKey() {
        assertThat(JournalKeys.parse(HEX)).isEqualTo(JournalKeys.parse(BASE64));
        assertThat(JournalKeys.parse(HEX.toUpperCase(java.util.Locale.ROOT))).isEqualTo(JournalKeys.parse(HEX));
    }

    @Test
    void theFirstWritesAndCommentsAreNone() {
        JournalKeys keys = JournalKeys.parse("# of this year\n" + HEX + "  # new\n\n" + "ff".repeat(32) + "\n");
        assertThat(keys.isEncrypting()).isTrue();
        assertThat(keys.writingId()).isEqualTo(JournalKeys.parse(HEX).writingId());
        assertThat(keys).isNotEqualTo(JournalKeys.parse(HEX));
    }

    @Test
    void theIdIsTheBeginningOfTheDigest() {
        // printf of the key | sha256sum
        assertThat(JournalKeys.parse(HEX).toString()).isEqualTo("630dcd2966c43366");
        assertThat(JournalKeys.NONE.toString()).isEqualTo("none");
    }

    @Test
    void whatIsNoKeyIsRefusedWithoutBeingShown() {
        for (String bad : new String[] {"", "# nothing", "secretsecret", HEX + "00", HEX.replace('0', 'x'), "äöü"}) {
            assertThatThrownBy(() -> JournalKeys.parse(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasNoCause()
                    .message()
                    .doesNotContain("secret");
        }
    }

    @Test
    void everySegmentHasAKeyOfItsOwn() throws IOException {
        UUID incarnation = UUID.fromString("01900000-0001-7000-ba59-18e8fa815c77");
        JournalKeys keys = JournalKeys.parse(HEX);
        SecretKey one = keys.segmentKey(header(keys, incarnation, 0, 1));
        assertThat(one).isEqualTo(keys.segmentKey(header(keys, incarnation, 0, 1)));
        assertThat(one).isNotEqualTo(keys.segmentKey(header(keys, incarnation, 0, 2)));
        assertThat(one).isNotEqualTo(keys.segmentKey(header(keys, incarnation, 1, 1)));
        assertThat(one).isNotEqualTo(keys.segmentKey(header(keys, new UUID(1, 2), 0, 1)));
        assertThat(one.getEncoded()).hasSize(32);
    }

    private static SegmentHeader header(JournalKeys keys, UUID incarnation, int log, long sequence) {
        return new SegmentHeader(incarnation, log, sequence, 7, 16_384, false, 4096, keys.writingId());
    }

    @Test
    void aFileThatEverybodyMayReadIsReadWithAWarning(@TempDir Path directory, CleanLog.Expected log)
            throws IOException {
        Path file = directory.resolve("key");
        Files.writeString(file, HEX);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(JournalKeys.read(file, JournalKeys.NO_KMS)).isEqualTo(JournalKeys.parse(HEX));
        log.line("key holds keys and may be read by everybody");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(JournalKeys.read(file, JournalKeys.NO_KMS)).isEqualTo(JournalKeys.parse(HEX));
    }
}
