package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PutScannerTest {

    private static final String BATCH =
            "{\"DeliveryStreamName\":\"s\",\"Records\":[{\"Data\":\"YQ==\"},{\"Data\":\"\"}]}";

    private final PutScanner scanner = new PutScanner();

    @Test
    void findsStreamAndRecords() throws PutScanner.Malformed {
        scan(BATCH);
        assertThat(scanner.streamName()).isEqualTo("s");
        assertThat(scanner.count()).isEqualTo(2);
        assertThat(scanner.decode(0)).isEqualTo(new byte[] {'a'});
        assertThat(scanner.decode(1)).isEmpty();
        assertThat(scanner.payloadLength()).isEqualTo(1);
    }

    @Test
    void takesMembersInAnyOrderWithSpaceAndWithOthersBetween() throws PutScanner.Malformed {
        scan(
                " {\r\n \"x\" : [1, -2.5e3, {\"a\\\"}\": null}, true],\n\t\"Records\" : [ { \"k\" : {}, \"Data\" : \"YQ==\" } ] ,"
                        + " \"DeliveryStreamName\" : \"\\u0073\" } ");
        assertThat(scanner.streamName()).isEqualTo("s");
        assertThat(scanner.count()).isEqualTo(1);
        assertThat(scanner.decode(0)).isEqualTo(new byte[] {'a'});
    }

    @Test
    void takesASingleRecord() throws PutScanner.Malformed {
        scan("{\"DeliveryStreamName\":\"s\",\"Record\":{\"Data\":\"YWI=\"}}");
        assertThat(scanner.count()).isEqualTo(1);
        assertThat(scanner.payloadLength()).isEqualTo(2);
    }

    @Test
    void readsSlashesThatAWriterEscaped() throws PutScanner.Malformed {
        scan("{\"Records\":[{\"Data\":\"\\/\\/\\/\\/\"},{\"Data\":\"YQ\\u003d\\u003d\"}]}");
        assertThat(scanner.decode(0)).containsExactly(-1, -1, -1);
        assertThat(scanner.payloadLength(0)).isEqualTo(3);
        assertThat(scanner.decode(1)).isEqualTo(new byte[] {'a'});
        assertThat(scanner.payloadLength()).isEqualTo(4);
    }

    @Test
    void refusesEveryBodyThatIsCutOff() {
        byte[] whole = BATCH.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length + PutScanner.PADDING);
            // What stands behind the end is never taken for content.
            System.arraycopy(whole, length, cut, length, Math.min(PutScanner.PADDING, whole.length - length));
            int end = length;
            assertThatThrownBy(() -> scanner.scan(cut, end))
                    .as("the first %d bytes", length)
                    .isInstanceOf(PutScanner.Malformed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"\"",
                "{\"Records\":{}}",
                "{\"Records\":[{}]}",
                "{\"Records\":[{\"Data\":1}]}",
                "{\"Records\":[{\"Data\":\"\"},]}",
                "{\"DeliveryStreamName\":1}",
                "{} {}",
                "{\"x\":tru}",
                "{\"x\":01}",
                "{\"x\"}",
            })
    void refusesWhatIsNoPut(String body) {
        assertThatThrownBy(() -> scan(body)).isInstanceOf(PutScanner.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!!!", "YQ=", "Y", "YQ==YQ==", "Y Q="})
    void refusesWhatIsNoBase64(String data) throws PutScanner.Malformed {
        scan("{\"Records\":[{\"Data\":\"" + data + "\"}]}");
        assertThatThrownBy(() -> scanner.decode(0)).isInstanceOf(PutScanner.Malformed.class);
    }

    @Test
    void tellsTheLengthOfDataWithoutDecodingIt() throws PutScanner.Malformed {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int size = 0; size < 200; size++) {
            byte[] data = new byte[size];
            random.nextBytes(data);
            scan("{\"Records\":[{\"Data\":\"" + Base64.getEncoder().encodeToString(data) + "\"}]}");
            assertThat(scanner.payloadLength(0)).as("seed %d", seed).isEqualTo(size);
            assertThat(scanner.decode(0)).as("seed %d", seed).isEqualTo(data);
        }
    }

    @Test
    void decodesWhatIsLongerThanAPiece() throws PutScanner.Malformed {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        // Around one piece of text, two and three: 6,144 bytes each.
        for (int size : new int[] {6143, 6144, 6145, 12_287, 12_288, 12_289, 18_433, 1_000_000}) {
            byte[] data = new byte[size];
            random.nextBytes(data);
            scan("{\"Records\":[{\"Data\":\"" + Base64.getEncoder().encodeToString(data) + "\"}]}");
            assertThat(scanner.decode(0)).as("seed %d, size %d", seed, size).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8188, 8192, 16_384})
    void refusesPaddingBeforeTheEndOfAPieceToo(int length) throws PutScanner.Malformed {
        scan("{\"Records\":[{\"Data\":\"" + "A".repeat(length - 2) + "==" + "A".repeat(9000) + "\"}]}");
        assertThatThrownBy(() -> scanner.decode(0)).isInstanceOf(PutScanner.Malformed.class);
    }

    @Test
    void takesNoNestingWithoutEnd() {
        assertThatThrownBy(() -> scan("{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"))
                .isInstanceOf(PutScanner.Malformed.class);
    }

    private void scan(String body) throws PutScanner.Malformed {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        scanner.scan(Arrays.copyOf(bytes, bytes.length + PutScanner.PADDING), bytes.length);
    }
}
