package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.sluice.common.Clock;
import io.sluice.testing.CleanLog;
import io.sluice.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and keys in files: read, refused with a reason, and read again. */
class TlsFilesTest {

    private static final List<String> RSA = List.of("-keyalg", "RSA", "-keysize", "2048");

    @TempDir
    private Path directory;

    private static TlsConfig config(Path certificate, Path key) {
        return new TlsConfig(
                "",
                0,
                List.of(certificate),
                List.of(key),
                null,
                TlsConfig.ClientAuthentication.REQUIRE,
                Duration.ofSeconds(10),
                Duration.ZERO);
    }

    private static void assertRefused(TlsConfig config, String... expected) {
        BadTlsException bad = catchThrowableOfType(BadTlsException.class, () -> Tls.check(config));
        assertThat(bad.problems()).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(bad.problems().get(i).toString()).contains(expected[i]);
        }
    }

    @Test
    void keysOfAllKindsOfPemAreTaken() throws Exception {
        for (List<String> kind : List.of(
                RSA,
                List.of("-keyalg", "EC", "-groupname", "secp256r1"),
                List.of("-keyalg", "EC", "-groupname", "secp384r1"))) {
            TestCertificate it = TestCertificate.make(directory, "it", kind);
            Tls.check(config(it.file(), it.keyFile()));
            // What stands inside of PKCS #8, behind version and algorithm, is PKCS #1 or SEC 1.
            byte[] pkcs8 = it.key().getEncoded();
            byte[] algorithm =
                    Arrays.copyOfRange(it.certificate().getPublicKey().getEncoded(), 0, 64);
            int at = indexOf(pkcs8, Arrays.copyOfRange(algorithm, start(algorithm), start(algorithm) + 2));
            int octets = at + 2 + (pkcs8[at + 1] & 0xFF);
            byte[] inner = Arrays.copyOfRange(pkcs8, start(pkcs8, octets), pkcs8.length);
            TestCertificate.pem(it.keyFile(), kind.contains("RSA") ? "RSA PRIVATE KEY" : "EC PRIVATE KEY", inner);
            String key = Files.readString(it.keyFile());
            Files.writeString(
                    it.keyFile(),
                    "Key attributes\n-----BEGIN EC PARAMETERS-----\nBg==\n-----END EC PARAMETERS-----\n" + key);
            Tls.check(config(it.file(), it.keyFile()));
        }
    }

    /** Where the content of a DER sequence begins. */
    private static int start(byte[] der) {
        return start(der, 0);
    }

    private static int start(byte[] der, int at) {
        int length = der[at + 1] & 0xFF;
        return at + 2 + (length < 128 ? 0 : length - 128);
    }

    private static int indexOf(byte[] in, byte[] what) {
        // Behind the outer sequence and the version, of 3 bytes.
        int at = start(in) + 3;
        assertThat(in[at]).isEqualTo(what[0]);
        return at;
    }

    @Test
    void everyProblemIsInOneReport() throws Exception {
        TestCertificate it = TestCertificate.make(directory, "it");
        TestCertificate other = TestCertificate.make(directory, "other", RSA);
        Path missing = directory.resolve("missing");
        Path text = Files.writeString(directory.resolve("text"), "hello\n");
        TlsConfig config = new TlsConfig(
                "",
                0,
                List.of(it.file(), missing, text, it.file()),
                List.of(other.keyFile(), missing, it.keyFile(), text),
                text,
                TlsConfig.ClientAuthentication.REQUIRE,
                Duration.ofSeconds(10),
                Duration.ZERO);
        assertRefused(
                config,
                "other.key: expected the key of " + it.file() + " in PEM, without a password, found another",
                "missing: expected a file, but there is none",
                "missing: expected a file, but there is none",
                "text: expected certificates in PEM, found none that can be read",
                "text: expected the key of " + it.file() + " in PEM, without a password, found none",
                "text: expected certificates in PEM, found none that can be read");
    }

    @Test
    void aKeyOfTheSameKindThatDoesNotFitIsRefused() throws Exception {
        TestCertificate it = TestCertificate.make(directory, "it");
        TestCertificate other = TestCertificate.make(directory, "other");
        assertRefused(config(it.file(), other.keyFile()), "found another");
    }

    @Test
    void aKeyWithAPasswordIsRefused() throws Exception {
        TestCertificate it = TestCertificate.make(directory, "it");
        TestCertificate.pem(it.keyFile(), "ENCRYPTED PRIVATE KEY", it.key().getEncoded());
        assertRefused(config(it.file(), it.keyFile()), "found one with a password");
    }

    @Test
    void aShortKeyOfRsaIsRefused() throws Exception {
        TestCertificate it = TestCertificate.make(directory, "it", List.of("-keyalg", "RSA", "-keysize", "1024"));
        assertRefused(config(it.file(), it.keyFile()), "RSA with at least 2048 bits");
    }

    @Test
    void aFileThatCannotBeReadIsRefused() throws Exception {
        TestCertificate it = TestCertificate.make(directory, "it");
        // A directory: what nobody can read, root neither.
        assertRefused(config(directory, it.keyFile()), "expected a file that the gateway may read");
    }

    @Test
    void anExpiredCertificateIsTakenWithAWarning(CleanLog.Expected log) throws Exception {
        log.line("it.pem: the certificate has expired, ");
        TestCertificate it =
                TestCertificate.make(directory, "it", List.of("-keyalg", "EC", "-startdate", "-10d", "-validity", "5"));
        try (Tls tls = new Tls(config(it.file(), it.keyFile()), Clock.system(), Tls.provider())) {
            assertThat(tls.expiresMillis()).isLessThan(System.currentTimeMillis());
        }
    }

    @Test
    void whatCountsNotOrNotForLongIsSaid() throws Exception {
        assertThat(warnings("-startdate", "-10d", "-validity", "5"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith(directory.resolve("it.pem") + ": the certificate has expired, ")
                .contains("Renew it");
        assertThat(warnings("-startdate", "+5d", "-validity", "5"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith(directory.resolve("it.pem") + ": the certificate does not count yet, only from ");
        assertThat(warnings("-startdate", "-77d", "-validity", "90"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith(directory.resolve("it.pem") + ": the certificate expires soon, ");
        assertThat(warnings("-startdate", "-75d", "-validity", "90")).isEmpty();
        // Those that live for six days are renewed every four.
        assertThat(warnings("-startdate", "-3d", "-validity", "6")).isEmpty();
        assertThat(warnings("-startdate", "-5d", "-validity", "6")).hasSize(1);
    }

    private List<String> warnings(String... time) throws Exception {
        List<String> options = new ArrayList<>(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        options.addAll(List.of(time));
        TestCertificate it = TestCertificate.make(directory, "it", options);
        return Tls.check(config(it.file(), it.keyFile()));
    }

    @Test
    void newFilesAreTakenAndBadOnesAreNot(CleanLog.Expected log) throws Exception {
        log.line("Certificates have changed, and these are not taken, their predecessors stay: ");
        TestCertificate before = TestCertificate.make(directory, "before", List.of("-keyalg", "EC", "-validity", "10"));
        TestCertificate after = TestCertificate.make(directory, "after", List.of("-keyalg", "EC", "-validity", "20"));
        Path certificate = Files.copy(before.file(), directory.resolve("certificate"));
        Path key = Files.copy(before.keyFile(), directory.resolve("key"));
        try (Tls tls = new Tls(config(certificate, key), Clock.system(), Tls.provider())) {
            SslHandler underWay = tls.newHandler(null, UnpooledByteBufAllocator.DEFAULT);
            replace(certificate, after.file());
            tls.check();
            assertThat(tls.expiresMillis()).as("may be half of it").isEqualTo(notAfter(before));
            tls.check();
            assertThat(tls.expiresMillis()).as("does not fit the key").isEqualTo(notAfter(before));
            assertThat(tls.refused()).isEqualTo(1);
            replace(key, after.keyFile());
            tls.check();
            tls.check();
            assertThat(tls.expiresMillis()).isEqualTo(notAfter(after));
            assertThat(tls.refused()).isZero();
            tls.check();
            assertThat(tls.expiresMillis()).isEqualTo(notAfter(after));
            // Nobody else holds the first ones any more, and they still serve the one that began with them.
            assertThat(underWay.engine().getSupportedProtocols()).contains("TLSv1.3");
            ReferenceCountUtil.release(underWay.engine());
        }
    }

    /** Here the clock fails, which is asked once the files are read; it stands for what a library throws. */
    @Test
    void filesThatFailUnexpectedlyCountAsRefused(CleanLog.Expected log) throws Exception {
        log.once("Certificates have changed and are not taken, those in use stay: java.lang.IllegalStateException at ");
        TestCertificate before = TestCertificate.make(directory, "before", List.of("-keyalg", "EC", "-validity", "10"));
        TestCertificate after = TestCertificate.make(directory, "after", List.of("-keyalg", "EC", "-validity", "20"));
        Path certificate = Files.copy(before.file(), directory.resolve("certificate"));
        Path key = Files.copy(before.keyFile(), directory.resolve("key"));
        FailingClock clock = new FailingClock();
        try (Tls tls = new Tls(config(certificate, key), clock, Tls.provider())) {
            clock.fails = true;
            replace(certificate, after.file());
            replace(key, after.keyFile());
            tls.check();
            tls.check();
            assertThat(tls.refused()).isEqualTo(1);
            assertThat(tls.expiresMillis()).isEqualTo(notAfter(before));
            ReferenceCountUtil.release(
                    tls.newHandler(null, UnpooledByteBufAllocator.DEFAULT).engine());

            clock.fails = false;
            tls.check();
            assertThat(tls.refused()).as("they have not changed since").isEqualTo(1);
            replace(certificate, after.file());
            tls.check();
            tls.check();
            assertThat(tls.refused()).isZero();
            assertThat(tls.expiresMillis()).isEqualTo(notAfter(after));
        }
    }

    private static final class FailingClock implements Clock {

        private boolean fails;

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public long epochMillis() {
            if (fails) {
                throw new IllegalStateException();
            }
            return System.currentTimeMillis();
        }
    }

    @Test
    void aBadCertificateDoesNotKeepOthersFromBeingRenewed(CleanLog.Expected log) throws Exception {
        log.line("Certificates have changed, and these are not taken, their predecessors stay: ");
        TestCertificate a = TestCertificate.make(directory, "a", List.of("-keyalg", "EC", "-validity", "10"));
        TestCertificate b = TestCertificate.make(directory, "b", List.of("-keyalg", "EC", "-validity", "15"));
        TestCertificate renewed =
                TestCertificate.make(directory, "renewed", List.of("-keyalg", "EC", "-validity", "20"));
        Path first = Files.copy(a.file(), directory.resolve("first"));
        Path firstKey = Files.copy(a.keyFile(), directory.resolve("first.key"));
        Path second = Files.copy(b.file(), directory.resolve("second"));
        TlsConfig both = new TlsConfig(
                "",
                0,
                List.of(first, second),
                List.of(firstKey, b.keyFile()),
                null,
                TlsConfig.ClientAuthentication.REQUIRE,
                Duration.ofSeconds(10),
                Duration.ZERO);
        try (Tls tls = new Tls(both, Clock.system(), Tls.provider())) {
            assertThat(tls.expiresMillis()).isEqualTo(notAfter(a));
            Files.writeString(second, "no certificate");
            replace(first, renewed.file());
            replace(firstKey, renewed.keyFile());
            tls.check();
            tls.check();
            // Now b's, which nothing has come for, is the first to expire.
            assertThat(tls.expiresMillis()).isEqualTo(notAfter(b));
            assertThat(tls.refused()).isEqualTo(1);
        }
    }

    @Test
    void whatIsClosedGivesItsMemoryBack() throws Exception {
        TestCertificate it = TestCertificate.make(directory, "it");
        TlsContexts contexts = TlsContexts.load(config(it.file(), it.keyFile()), Tls.provider());
        assertThat(contexts.tryRetain()).isTrue();
        contexts.release();
        assertThat(contexts.release()).isTrue();
        assertThat(contexts.tryRetain()).isFalse();
        assertThatThrownBy(() -> contexts.newHandler(null, UnpooledByteBufAllocator.DEFAULT))
                .isInstanceOf(RuntimeException.class);
    }

    private static long notAfter(TestCertificate certificate) {
        return certificate.certificate().getNotAfter().getTime();
    }

    private static void replace(Path file, Path by) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Files.copy(by, file, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1_000));
    }
}
