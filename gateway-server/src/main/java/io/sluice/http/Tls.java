package io.sluice.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.sluice.common.Clock;
import io.sluice.common.FailureText;
import io.sluice.common.FileWatch;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates in use, which follow their files: a handshake that begins takes what was found last.
 *
 * <p>{@link #newHandler} on any loop; that of a {@link FileWatch} reads the files, and changes the keys of session
 * tickets. Files are read once they stand still, since who renews a certificate writes two of them; what cannot be used
 * is not taken, and what was in use stays.
 */
final class Tls implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private final TlsConfig config;
    private final Clock clock;
    private final SslProvider provider;
    private final SecureRandom random = new SecureRandom();
    private final FileWatch watch;

    private volatile TlsContexts current;
    /** What was wrong with the files when they were read last. */
    private volatile int refused;

    // Of the thread that looks.
    private OpenSslSessionTicketKey ticketKey;
    private long ticketKeyNanos;

    private boolean closed;

    /** @throws BadTlsException with everything that is wrong with the files */
    Tls(TlsConfig config, Clock clock, SslProvider provider) throws BadTlsException {
        this.config = config;
        this.clock = clock;
        this.provider = provider;
        List<Path> files = files(config);
        this.watch = new FileWatch("sluice-tls", () -> files, this::check);
        this.watch.asRead();
        if (provider == SslProvider.JDK) {
            fallBack();
        }
        this.current = begin(TlsContexts.load(config, provider));
    }

    /**
     * Looks at the files that this configuration names.
     *
     * @return what is to be said of certificates that are taken all the same, a line each
     * @throws BadTlsException with everything that is wrong with them
     */
    static List<String> check(TlsConfig config) throws BadTlsException {
        if (config.keys().size() != config.certificates().size()) {
            checkUnpaired(config);
            return List.of();
        }
        TlsContexts contexts = TlsContexts.load(config, provider());
        try {
            return contexts.warnings(config, System.currentTimeMillis());
        } finally {
            contexts.release();
        }
    }

    /** Which key is whose is not known, so no more can be said than what files are there, and hold certificates. */
    private static void checkUnpaired(TlsConfig config) throws BadTlsException {
        List<BadTlsException.Problem> problems = new ArrayList<>();
        config.certificates().forEach(file -> TlsIdentity.certificates("certificate", file, problems));
        config.keys().forEach(file -> TlsIdentity.read("key", file, problems));
        if (config.clientCa() != null) {
            TlsIdentity.certificates("client-ca", config.clientCa(), problems);
        }
        if (!problems.isEmpty()) {
            throw new BadTlsException(problems);
        }
    }

    /** The best that there is here. */
    static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    }

    private static void fallBack() {
        LOG.warn(
                "BoringSSL does not load here, so the JDK does TLS, which takes more CPU: {}",
                OpenSsl.isAvailable() ? "it was not asked" : FailureText.of(OpenSsl.unavailabilityCause()));
        // Read once, when the first session is made.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private static List<Path> files(TlsConfig config) {
        List<Path> files = new ArrayList<>(config.certificates());
        config.certificates().forEach(file -> files.add(TlsIdentity.ocspFile(file)));
        files.addAll(config.keys());
        if (config.clientCa() != null) {
            files.add(config.clientCa());
        }
        return files;
    }

    /** Gives these a key for tickets, or releases them if it throws. */
    private TlsContexts begin(TlsContexts contexts) {
        try {
            // New with every reading: who was let in under other authorities shall not come back by his ticket.
            OpenSslSessionTicketKey key = newTicketKey();
            contexts.ticketKeys(key);
            contexts.warnings(config, clock.epochMillis()).forEach(LOG::warn);
            ticketKeyNanos = clock.nanoTime();
            ticketKey = key;
            return contexts;
        } catch (RuntimeException e) {
            contexts.release();
            throw e;
        }
    }

    void start() {
        watch.start();
    }

    /** What a connection does TLS with. {@code host}: the one that the client named in lower case, or {@code null}. */
    SslHandler newHandler(String host, ByteBufAllocator alloc) {
        while (true) {
            TlsContexts contexts = current;
            if (contexts.tryRetain()) {
                try {
                    return contexts.newHandler(host, alloc);
                } finally {
                    contexts.release();
                }
            }
            // Replaced since: the next look finds the new ones.
        }
    }

    TlsConfig config() {
        return config;
    }

    /** What does the work, for people. */
    String library() {
        return provider == SslProvider.JDK ? "the JDK's TLS" : "BoringSSL";
    }

    /** When the first certificate ceases to count, epoch ms. */
    long expiresMillis() {
        return current.expiresMillis();
    }

    /** Files that were not taken when they were read last; what they held before is in use. */
    int refused() {
        return refused;
    }

    // The thread that looks.

    /** Reads the files if they are not as they were, and stand still. */
    void check() {
        if (watch.changedAndStill()) {
            reload();
        } else if (clock.nanoTime() - ticketKeyNanos >= TlsContexts.SESSION.toNanos()) {
            OpenSslSessionTicketKey next = newTicketKey();
            // First, so that one that could not be given is followed by another at the next look.
            current.ticketKeys(next, ticketKey);
            ticketKey = next;
            ticketKeyNanos = clock.nanoTime();
        }
    }

    private void reload() {
        TlsContexts before = current;
        List<BadTlsException.Problem> excused = new ArrayList<>();
        try {
            current = begin(before.reload(config, provider, excused));
        } catch (BadTlsException e) {
            refuse(e.problems().size() + excused.size(), e.getMessage());
            return;
        } catch (RuntimeException e) {
            // A library's own, say. It is told by the gauge as well, which the watch knows nothing of.
            refuse(1 + excused.size(), FailureText.of(e));
            return;
        }
        before.release();
        refused = excused.size();
        if (!excused.isEmpty()) {
            LOG.warn(
                    "Certificates have changed, and these are not taken, their predecessors stay: {}",
                    new BadTlsException(excused).getMessage());
        }
        LOG.info(
                excused.isEmpty()
                        ? "Certificates read again, the first expires on {}"
                        : "All other certificates read again, the first of all expires on {}",
                Instant.ofEpochMilli(expiresMillis()));
    }

    private void refuse(int files, String why) {
        refused = Math.max(1, files);
        LOG.warn("Certificates have changed and are not taken, those in use stay: {}", why);
    }

    private OpenSslSessionTicketKey newTicketKey() {
        byte[] key = new byte[OpenSslSessionTicketKey.TICKET_KEY_SIZE];
        random.nextBytes(key);
        int name = OpenSslSessionTicketKey.NAME_SIZE;
        int hmac = name + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(
                Arrays.copyOf(key, name),
                Arrays.copyOfRange(key, name, hmac),
                Arrays.copyOfRange(key, hmac, key.length));
    }

    /** Once the loops have ended. Repeating it does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        watch.close();
        try {
            watch.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        current.release();
    }
}
