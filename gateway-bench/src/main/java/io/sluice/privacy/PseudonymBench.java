package io.sluice.privacy;

import io.sluice.intake.CpuTime;
import io.sluice.privacy.period.Period;
import io.sluice.privacy.period.PeriodSecret;
import io.sluice.shop.Shop;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One pseudonym of a short address: what is used, and the ways that were not taken. Run with {@code -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PseudonymBench {

    private static final byte[] VALUE = "jane.doe@mail.example".getBytes(StandardCharsets.US_ASCII);
    private static final int DRAWN = 1 << 14;

    /** Shops that take turns at random, each with one value a request. */
    @Param({"1", "200", "10000"})
    public int shops;

    private final byte[] secret = new byte[32];
    private final byte[] pads = new byte[128];
    private final byte[] digest = new byte[32];
    private final byte[] letters = new byte[Pseudonyms.LENGTH];
    private final Shop[] drawn = new Shop[DRAWN];
    private HmacPseudonyms pseudonyms;
    private SecretKeySpec key;
    private Mac mac;
    private MessageDigest inner;
    private MessageDigest outer;
    private final PlainSha256 plain = new PlainSha256();
    private int next;

    @Setup
    public void setUp() throws Exception {
        SplittableRandom random = new SplittableRandom(20261123);
        random.nextBytes(secret);
        PeriodSecret held = new PeriodSecret(Period.at(Period.Length.NEVER, 0), secret);
        pseudonyms = new HmacPseudonyms(millis -> held, null);
        for (int i = 0; i < DRAWN; i++) {
            drawn[i] = new Shop("shop-" + random.nextInt(shops), 0, Set.of());
        }
        key = new SecretKeySpec(secret, "HmacSHA256");
        mac = Mac.getInstance("HmacSHA256");
        mac.init(key);
        for (int i = 0; i < 64; i++) {
            int k = i < 32 ? secret[i] : 0;
            pads[i] = (byte) (k ^ 0x36);
            pads[64 + i] = (byte) (k ^ 0x5c);
        }
        inner = MessageDigest.getInstance("SHA-256");
        inner.update(pads, 0, 64);
        outer = MessageDigest.getInstance("SHA-256");
        outer.update(pads, 64, 64);
        plain.key(pads);
        plain.hmac(VALUE, VALUE.length, digest);
        if (!Arrays.equals(digest, mac.doFinal(VALUE))) {
            throw new IllegalStateException("the alternative is wrong");
        }
    }

    /** As the gateway does, the shop found anew each time. */
    @Benchmark
    public byte[] used(CpuTime cpu) {
        cpu.records++;
        next = next + 1 & DRAWN - 1;
        pseudonyms.begin(drawn[next], 0);
        pseudonyms.write(Kind.EMAIL, VALUE, 0, VALUE.length, letters, 0);
        return letters;
    }

    /** A Mac that has its key: 10,000 of them would be needed. */
    @Benchmark
    public byte[] macAtHand(CpuTime cpu) throws Exception {
        cpu.records++;
        mac.update(VALUE);
        mac.doFinal(digest, 0);
        return digest;
    }

    /** One Mac, which gets the key of each request. */
    @Benchmark
    public byte[] macKeyedAnew(CpuTime cpu) throws Exception {
        cpu.records++;
        mac.init(key);
        mac.update(VALUE);
        mac.doFinal(digest, 0);
        return digest;
    }

    /** Half the compressions, from copies of the states behind the padded keys. */
    @Benchmark
    public byte[] copiedStates(CpuTime cpu) throws Exception {
        cpu.records++;
        MessageDigest first = (MessageDigest) inner.clone();
        first.update(VALUE);
        first.digest(digest, 0, 32);
        MessageDigest second = (MessageDigest) outer.clone();
        second.update(digest);
        second.digest(digest, 0, 32);
        return digest;
    }

    /** The same without copies and without the processor's instructions. */
    @Benchmark
    public byte[] plainJava(CpuTime cpu) {
        cpu.records++;
        plain.hmac(VALUE, VALUE.length, digest);
        return digest;
    }
}
