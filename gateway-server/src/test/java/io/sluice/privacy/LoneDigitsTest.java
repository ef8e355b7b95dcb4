package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Digits alone repeat in short what the detectors say at length: both have to agree. */
class LoneDigitsTest {

    /** Those that are found wherever they stand, digits alone in one group. */
    private static final Set<NationalId> BARE = EnumSet.of(
            NationalId.SE_NUMBER,
            NationalId.BG_EGN,
            NationalId.AU_MEDICARE,
            NationalId.DE_TAX_ID,
            NationalId.PL_PESEL,
            NationalId.TR_NUMBER,
            NationalId.NO_NUMBER,
            NationalId.BE_NUMBER,
            NationalId.BR_CPF,
            NationalId.EE_CODE,
            NationalId.CH_AHV,
            NationalId.RO_CNP,
            NationalId.RS_JMBG,
            NationalId.ZA_NUMBER,
            NationalId.KR_NUMBER,
            NationalId.TH_NUMBER,
            NationalId.FR_NIR,
            NationalId.CN_NUMBER);

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Text text = new Text();
    private final NumberRun run = new NumberRun();

    @Test
    void takesEachNumberThatIsAPersonsByItsDigits() {
        Set<NationalId> found = EnumSet.noneOf(NationalId.class);
        Set<Integer> regions = new TreeSet<>();
        for (int i = 0; i < 1_500_000; i++) {
            String digits = digits(9 + i % 10);
            byte[] bytes = Arrays.copyOf(('"' + digits + '"').getBytes(StandardCharsets.US_ASCII), 64);
            int to = 1 + digits.length();
            text.set(bytes, 1, to, null);
            run.read(text, 1);
            if (DigitIds.end(text, run, NationalId.all()) == 0) {
                continue;
            }
            assertThat(LoneDigits.mayBeNumber(bytes, 1, 1, digits.length()))
                    .as("%s, seed %d", digits, seed)
                    .isTrue();
            for (NationalId id : NationalId.values()) {
                if (!found.contains(id) && DigitIds.end(text, run, id.bit()) > 0) {
                    found.add(id);
                }
            }
            if (digits.length() == 18) {
                regions.add(Integer.parseInt(digits.substring(0, 2)));
            }
        }
        assertThat(found).as("seed %d", seed).isEqualTo(BARE);
        assertThat(regions).as("seed %d", seed).contains(11, 54, 82, 83);
    }

    /** Any digits, mostly with a date or a prefix where some number has one: check digits come by chance. */
    private String digits(int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(random.nextInt(10));
        }
        String day = two(1 + random.nextInt(28));
        String month = two(1 + random.nextInt(12));
        String year = two(random.nextInt(100));
        switch (random.nextInt(8)) {
            case 0, 1 -> out.replace(0, 6, year + month + day);
            case 2 -> out.replace(0, 6, day + month + year);
            case 3 -> out.replace(1, 7, year + month + day);
            case 4 -> out.replace(0, 8, (random.nextBoolean() ? "19" : "20") + year + month + day);
            case 5 -> out.replace(0, 3, "756");
            case 6 -> {
                if (length == 18) {
                    out.replace(6, 14, (random.nextBoolean() ? "19" : "20") + year + month + day);
                }
            }
            default -> {}
        }
        return out.toString();
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : "" + number;
    }
}
