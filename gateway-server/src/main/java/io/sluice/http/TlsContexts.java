package io.sluice.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * The certificates of one reading of the files, ready for handshakes, and which host each is for.
 *
 * <p>Any thread. Counts who uses it, since the memory of BoringSSL is not the collector's: a handshake under way keeps
 * what it began with while others begin with a newer one.
 */
final class TlsContexts extends AbstractReferenceCounted {

    /** How long a session can be resumed. Its keys are kept for one such period more. */
    static final Duration SESSION = Duration.ofHours(6);

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /**
     * "Intermediate" of Mozilla's Server Side TLS, version 5.7, but for its two with finite-field Diffie-Hellman, which
     * BoringSSL has not: forward secrecy and authenticated encryption only.
     */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String[] GROUPS = {"X25519", "P-256", "P-384"};

    private static final ApplicationProtocolConfig ALPN = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2,
            ApplicationProtocolNames.HTTP_1_1);

    /** One certificate's. */
    private record Entry(SslContext context, byte[] ocsp) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Entry> byHost = new HashMap<>();
    private List<TlsIdentity> identities = List.of();

    private TlsContexts() {}

    /**
     * Reads all files.
     *
     * @throws BadTlsException with everything that is wrong with them
     */
    static TlsContexts load(TlsConfig config, SslProvider provider) throws BadTlsException {
        return load(config, provider, null, new ArrayList<>());
    }

    /**
     * Reads all files again. Where a certificate cannot be taken, its predecessor stays, so that it does not keep the
     * others from being renewed.
     *
     * @param excused gets what is wrong with such a one
     * @throws BadTlsException with everything else that is wrong
     */
    TlsContexts reload(TlsConfig config, SslProvider provider, List<BadTlsException.Problem> excused)
            throws BadTlsException {
        return load(config, provider, identities, excused);
    }

    /** @param before of the same configuration, or {@code null} */
    private static TlsContexts load(
            TlsConfig config, SslProvider provider, List<TlsIdentity> before, List<BadTlsException.Problem> excused)
            throws BadTlsException {
        List<BadTlsException.Problem> problems = new ArrayList<>();
        List<BadTlsException.Problem> ofCertificates = before == null ? problems : excused;
        List<BadTlsException.Problem> ofAuthorities = new ArrayList<>();
        List<X509Certificate> authorities = config.clientCa() == null
                ? List.of()
                : TlsIdentity.certificates("client-ca", config.clientCa(), ofAuthorities);
        List<TlsIdentity> identities = new ArrayList<>();
        TlsContexts contexts = new TlsContexts();
        try {
            for (int i = 0; i < config.certificates().size(); i++) {
                Path file = config.certificates().get(i);
                TlsIdentity identity = TlsIdentity.load(file, config.keys().get(i), ofCertificates);
                if (identity != null
                        && !contexts.tryAdd(identity, file, authorities, config, provider, ofCertificates)) {
                    identity = null;
                }
                if (identity == null && before != null) {
                    identity = before.get(i);
                    contexts.tryAdd(identity, file, authorities, config, provider, problems);
                }
                identities.add(identity);
            }
            problems.addAll(ofAuthorities);
            if (!problems.isEmpty()) {
                throw new BadTlsException(problems);
            }
            contexts.identities = List.copyOf(identities);
            contexts.retain();
            return contexts;
        } finally {
            contexts.release();
        }
    }

    /** Whether this certificate can be used; else {@code problems} gets why. */
    private boolean tryAdd(
            TlsIdentity identity,
            Path file,
            List<X509Certificate> authorities,
            TlsConfig config,
            SslProvider provider,
            List<BadTlsException.Problem> problems) {
        try {
            add(identity, authorities, config.clientAuth(), provider);
            return true;
        } catch (SSLException | RuntimeException e) {
            problems.add(new BadTlsException.Problem(
                    "certificate", file.toString(), "expected one that TLS takes, but " + e.getMessage()));
            return false;
        }
    }

    private void add(
            TlsIdentity identity,
            List<X509Certificate> authorities,
            TlsConfig.ClientAuthentication clientAuth,
            SslProvider provider)
            throws SSLException {
        boolean openSsl = provider != SslProvider.JDK;
        boolean staples = openSsl && identity.ocsp() != null;
        SslContextBuilder builder = SslContextBuilder.forServer(identity.key(), identity.chain())
                .sslProvider(provider)
                .protocols(PROTOCOLS)
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(ALPN)
                .sessionTimeout(SESSION.toSeconds())
                .enableOcsp(staples);
        if (openSsl) {
            builder.option(OpenSslContextOption.GROUPS, GROUPS);
            // There is no other thread to give them to.
            builder.option(OpenSslContextOption.USE_TASKS, false);
        }
        if (!authorities.isEmpty()) {
            // The JDK tells clients by itself why it refuses them.
            (openSsl ? builder.trustManager(ClientAuthorities.of(authorities)) : builder.trustManager(authorities))
                    .clientAuth(
                            switch (clientAuth) {
                                case OPTIONAL -> ClientAuth.OPTIONAL;
                                case AUTO, REQUIRE -> ClientAuth.REQUIRE;
                            });
        }
        SslContext context = builder.build();
        Entry entry = new Entry(context, staples ? identity.ocsp() : null);
        entries.add(entry);
        if (context instanceof ReferenceCountedOpenSslContext reference) {
            // Tickets keep sessions with the clients; kept here, they would take memory of whoever asks for them.
            reference.sessionContext().setSessionCacheEnabled(false);
        }
        for (String host : identity.hosts()) {
            // Of two certificates for a host, the one that the configuration names first.
            byHost.putIfAbsent(host, entry);
        }
    }

    /** Gives out tickets under the first of these keys, and takes those of all. */
    void ticketKeys(OpenSslSessionTicketKey... keys) {
        for (Entry entry : entries) {
            if (entry.context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setTicketKeys(keys);
            }
        }
    }

    /** When the first certificate ceases to count, epoch ms. */
    long expiresMillis() {
        long first = Long.MAX_VALUE;
        for (TlsIdentity identity : identities) {
            first = Math.min(first, identity.expiresMillis());
        }
        return first;
    }

    /** What is to be said of certificates that are taken all the same, a line each. */
    List<String> warnings(TlsConfig config, long nowMillis) {
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i < identities.size(); i++) {
            identities.get(i).warnings(config.certificates().get(i), nowMillis, warnings);
        }
        return warnings;
    }

    /** Whether this could be kept from being released; {@link #release} follows if so. */
    boolean tryRetain() {
        try {
            retain();
            return true;
        } catch (IllegalReferenceCountException released) {
            return false;
        }
    }

    /** What a connection does TLS with. {@code host}: the one that the client named in lower case, or {@code null}. */
    SslHandler newHandler(String host, ByteBufAllocator alloc) {
        Entry entry = find(host);
        SslHandler handler = entry.context.newHandler(alloc);
        if (entry.ocsp != null && handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            engine.setOcspResponse(entry.ocsp);
        }
        return handler;
    }

    private Entry find(String host) {
        if (host == null) {
            return entries.getFirst();
        }
        Entry exact = byHost.get(host);
        if (exact != null) {
            return exact;
        }
        // RFC 9525, section 6.3: a wildcard stands for one whole label, the first.
        int dot = host.indexOf('.');
        Entry wild = dot > 0 ? byHost.get("*" + host.substring(dot)) : null;
        return wild == null ? entries.getFirst() : wild;
    }

    @Override
    protected void deallocate() {
        for (Entry entry : entries) {
            ReferenceCountUtil.release(entry.context);
        }
    }

    @Override
    public ReferenceCounted touch(Object hint) {
        return this;
    }
}
