package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.privacy.period.Period;
import io.sluice.privacy.period.PeriodSecret;
import io.sluice.shop.Shop;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HmacPseudonymsTest {

    private static final long NOVEMBER = millis("2026-11-23T12:00:00Z");
    private static final long DECEMBER = millis("2026-12-01T00:00:00Z");

    private final Map<String, byte[]> secrets = new HashMap<>(Map.of("2026-11", secret(1), "2026-12", secret(2)));
    private final Metrics metrics = new Metrics();
    private final HmacPseudonyms pseudonyms = new HmacPseudonyms(this::at, metrics.newCells());

    private PeriodSecret at(long millis) {
        Period period = Period.at(Period.Length.MONTH, millis);
        byte[] secret = secrets.get(period.name());
        return secret == null ? null : new PeriodSecret(period, secret);
    }

    @Test
    void isHmacUnderAKeyThatIsDerivedForTheShop() throws Exception {
        Random random = new Random(5);
        for (int length : new int[] {0, 1, 55, 64, 255, 256, 257, 5000}) {
            byte[] value = new byte[length];
            random.nextBytes(value);
            byte[] key = hmac(secret(1), "shop\0shop-a".getBytes(StandardCharsets.US_ASCII));
            byte[] expected = hmac(key, value);

            assertThat(of("shop-a", NOVEMBER, Kind.SECRET, value)).isEqualTo(letters(expected));
        }
    }

    @Test
    void theSameValueHasTheSamePseudonymHoweverItIsWritten() {
        assertThat(of("a", Kind.EMAIL, "Jane@X.example")).isEqualTo(of("a", Kind.EMAIL, "jane@x.example"));
        assertThat(of("a", Kind.FIELD, "Jane@X.example")).isEqualTo(of("a", Kind.EMAIL, "jane@x.example"));
        assertThat(of("a", Kind.PHONE, "+49 151 234-56789")).isEqualTo(of("a", Kind.PHONE, "+4915123456789"));
        assertThat(of("a", Kind.IP, "20.30.1.77")).isNotEqualTo(of("a", Kind.IP, "203.0.1.77"));
        assertThat(of("a", Kind.SECRET, "sk_live_A")).isNotEqualTo(of("a", Kind.SECRET, "sk_live_a"));
    }

    @Test
    void aTelephoneNumberHasOnePseudonymInAllItsSpellings() {
        String expected = of("a", Kind.PHONE, "+49 151 2345-6789");
        for (String spelling : new String[] {
            "+4915123456789",
            "+49 (151) 2345/6789",
            "+49 (0) 151 23456789",
            "+49 (0)151 2345-6789",
            " +49.151.2345.6789\t",
            "(+49) 151 23456789\r\n"
        }) {
            assertThat(of("a", Kind.FIELD, spelling)).as(spelling).isEqualTo(expected);
            assertThat(PseudonymLookup.of(at(NOVEMBER), "a", "field", spelling))
                    .as(spelling)
                    .containsExactly("[field:" + expected + "]");
        }
        assertThat(of("a", Kind.PHONE, "0049 151 23456789")).isEqualTo(expected);
        assertThat(of("a", Kind.PHONE, "0049 (0)151 23456789")).isEqualTo(expected);
        assertThat(of("a", Kind.PHONE, "(0)151 23456789")).as("of no country").isNotEqualTo(expected);
        assertThat(of("a", Kind.FIELD, "+49 151 2345-678")).isNotEqualTo(expected);
        assertThat(of("a", Kind.FIELD, "1-2")).as("too short for one").isNotEqualTo(of("a", Kind.FIELD, "12"));
        assertThat(of("a", Kind.FIELD, " Jane@X.example ")).isEqualTo(of("a", Kind.EMAIL, "jane@x.example"));
        assertThat(of("a", Kind.EMAIL, "jane@x.example\n")).isEqualTo(of("a", Kind.EMAIL, "jane@x.example"));
    }

    @Test
    void idsUnderANameAreOneOnlyToTheLetter() {
        Set<String> pseudonyms = new HashSet<>();
        String[] ids = {
            "0012345678",
            "12345678",
            "1234-5678",
            "12-345-678",
            "00-12345678",
            "1234 5678",
            "Ab12",
            "ab12",
            "AB12",
            "(0)12345678"
        };
        for (String id : ids) {
            pseudonyms.add(of("a", Kind.FIELD, id));
        }
        assertThat(pseudonyms).hasSize(ids.length);
        assertThat(of("a", Kind.FIELD, " ab12\n")).isEqualTo(of("a", Kind.FIELD, "ab12"));
        assertThat(of("a", Kind.IBAN, "DE89 3704 0044 0532 0130 00"))
                .isEqualTo(of("a", Kind.IBAN, "de89370400440532013000"));
        assertThat(of("a", Kind.CARD, "4111-1111-1111-1111")).isEqualTo(of("a", Kind.CARD, "4111111111111111"));
        assertThat(of("a", Kind.MAC, "00:1A:2b:3c:4d:5e")).isEqualTo(of("a", Kind.MAC, "00-1a-2b-3c-4d-5e"));
    }

    @Test
    void shopsAndPeriodsCannotBeJoined() {
        String november = of("a", NOVEMBER, Kind.EMAIL, bytes("jane@x.example"));
        assertThat(of("b", NOVEMBER, Kind.EMAIL, bytes("jane@x.example"))).isNotEqualTo(november);
        assertThat(of("a", DECEMBER, Kind.EMAIL, bytes("jane@x.example"))).isNotEqualTo(november);
        assertThat(of("a", DECEMBER - 1, Kind.EMAIL, bytes("jane@x.example"))).isEqualTo(november);
    }

    @Test
    void tenThousandShopsInAnyOrderKeepTheirKeys() {
        Map<Integer, String> first = new HashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            int shop = random.nextInt(10_000);
            String pseudonym = of("shop-" + shop, Kind.EMAIL, "jane@x.example");
            String before = first.putIfAbsent(shop, pseudonym);
            assertThat(pseudonym).isEqualTo(before == null ? pseudonym : before);
        }
        assertThat(Set.copyOf(first.values())).hasSize(first.size());
    }

    @Test
    void withoutTheSecretOfThePeriodNothingIsWrittenUntilItComes() {
        secrets.remove("2026-12");
        byte[] dst = new byte[Pseudonyms.LENGTH];
        assertThat(of("a", NOVEMBER, Kind.EMAIL, bytes("jane@x.example"))).isNotBlank();

        pseudonyms.begin(shop("a"), DECEMBER);
        assertThat(pseudonyms.write(Kind.EMAIL, bytes("jane@x.example"), 0, 14, dst, 0))
                .isFalse();
        assertThat(dst).containsOnly(0);
        assertThat(metrics.total(Counter.PSEUDONYMS_MISSED)).as("not yet taken").isZero();
        pseudonyms.begin(shop("a"), DECEMBER);
        pseudonyms.count();
        assertThat(metrics.total(Counter.PSEUDONYMS_MISSED)).as("was undone").isZero();
        pseudonyms.write(Kind.EMAIL, bytes("jane@x.example"), 0, 14, dst, 0);
        pseudonyms.count();
        assertThat(metrics.total(Counter.PSEUDONYMS_MISSED)).isEqualTo(1);

        secrets.put("2026-12", secret(2));
        pseudonyms.begin(shop("a"), DECEMBER);
        assertThat(pseudonyms.write(Kind.EMAIL, bytes("jane@x.example"), 0, 14, dst, 0))
                .isTrue();
    }

    @Test
    void whatIsForgottenHasToBeHadAgain() {
        String before = of("a", NOVEMBER, Kind.EMAIL, bytes("jane@x.example"));
        byte[] gone = secrets.remove("2026-11");
        assertThat(of("a", NOVEMBER, Kind.EMAIL, bytes("jane@x.example"))).isEqualTo(before);

        pseudonyms.forget();
        byte[] dst = new byte[Pseudonyms.LENGTH];
        pseudonyms.begin(shop("a"), NOVEMBER);
        assertThat(pseudonyms.write(Kind.EMAIL, bytes("jane@x.example"), 0, 14, dst, 0))
                .isFalse();

        secrets.put("2026-11", gone);
        assertThat(of("a", NOVEMBER, Kind.EMAIL, bytes("jane@x.example"))).isEqualTo(before);
    }

    @Test
    void whatCannotBeHashedIsRemoved() {
        secrets.clear();
        Replacement replacement = new Replacement(pseudonyms);
        pseudonyms.begin(shop("a"), NOVEMBER);
        byte[] dst = new byte[64];

        int end = replacement.write(Kind.EMAIL, Action.HASH, bytes("jane@x.example"), 0, 14, dst, 0);

        assertThat(new String(dst, 0, end, StandardCharsets.US_ASCII)).isEqualTo("[email]");
        assertThat(replacement.done()).as("what the record says of it").isEqualTo(Action.REMOVE);
    }

    @Test
    void allocatesNothingForAPseudonym() {
        Shop[] shops = new Shop[1000];
        for (int i = 0; i < shops.length; i++) {
            shops[i] = shop("shop-" + i);
        }
        PeriodSecret secret = at(NOVEMBER);
        HmacPseudonyms hashed = new HmacPseudonyms(millis -> secret, metrics.newCells());
        byte[] value = bytes("jane.doe@x.example");
        byte[] dst = new byte[Pseudonyms.LENGTH];
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                hashed.begin(shops[i % shops.length], NOVEMBER);
                hashed.write(Kind.EMAIL, value, 0, value.length, dst, 0);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes of 10,000 pseudonyms").isLessThan(10_000);
    }

    @Test
    void aLookUpFindsWhatTheGatewayWrites() {
        PeriodSecret secret = at(NOVEMBER);
        String email = "[email:" + of("a", Kind.EMAIL, "jane@x.example") + "]";

        assertThat(PseudonymLookup.of(secret, "a", "email", "Jane@x.example")).containsExactly(email);
        assertThat(PseudonymLookup.of(secret, "a", "field", "Jane@x.example"))
                .containsExactly(email.replace("email:", "field:"));
        assertThat(PseudonymLookup.of(secret, "a", "field", "visitor-4711"))
                .containsExactly("[field:" + of("a", Kind.FIELD, "visitor-4711") + "]");
        assertThat(PseudonymLookup.of(secret, "a", "phone", "+49 151 23456789"))
                .containsExactly("[phone:" + of("a", Kind.PHONE, "+4915123456789") + "]");
        assertThat(PseudonymLookup.of(secret, "a", "phone", "visitor-4711")).isEmpty();
        assertThat(PseudonymLookup.of(secret, "b", "email", "jane@x.example")).doesNotContain(email);
    }

    private String of(String shop, Kind kind, String value) {
        return of(shop, NOVEMBER, kind, bytes(value));
    }

    private String of(String shop, long millis, Kind kind, byte[] value) {
        byte[] dst = new byte[Pseudonyms.LENGTH];
        pseudonyms.begin(shop(shop), millis);
        assertThat(pseudonyms.write(kind, value, 0, value.length, dst, 0)).isTrue();
        return new String(dst, StandardCharsets.US_ASCII);
    }

    private static Shop shop(String id) {
        return new Shop(id, 0, Set.of());
    }

    private static byte[] hmac(byte[] key, byte[] value) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(value);
    }

    private static String letters(byte[] digest) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            letters.append((char) ('a' + (digest[i] & 15))).append((char) ('a' + (digest[i] >> 4 & 15)));
        }
        return letters.toString();
    }

    private static byte[] secret(int seed) {
        byte[] secret = new byte[32];
        new Random(seed).nextBytes(secret);
        return secret;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
