package io.sluice.http;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Those whom clients' certificates must be from. Judges as the JDK does, and says of what it refuses why, so that
 * BoringSSL tells the client by the alert that is for it (RFC 8446, section 6.2): of reasons that it does not know,
 * it tells internal_error.
 *
 * <p>Immutable; any thread.
 */
final class ClientAuthorities extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager jdk;

    private ClientAuthorities(X509ExtendedTrustManager jdk) {
        this.jdk = jdk;
    }

    static ClientAuthorities of(List<X509Certificate> authorities) throws SSLException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry(Integer.toString(i), authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return new ClientAuthorities((X509ExtendedTrustManager) factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException | IOException e) {
            throw new SSLException("authorities of clients that cannot be used", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        try {
            jdk.checkClientTrusted(chain, type, engine);
        } catch (CertificateException e) {
            throw new OpenSslCertificateException(e.getMessage(), e, reason(e));
        }
    }

    /** The most exact that is known of a refusal. */
    private static int reason(Throwable refusal) {
        int reason = CertificateVerifier.X509_V_ERR_CERT_REJECTED;
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case CertificateExpiredException _ -> {
                    return CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
                }
                case CertificateNotYetValidException _ -> {
                    return CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
                }
                case CertPathBuilderException _ ->
                    reason = CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
                default -> {
                    // Its cause says more, or nobody does.
                }
            }
        }
        return reason;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return jdk.getAcceptedIssuers();
    }

    // What only others than engines of servers ask.

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        jdk.checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        jdk.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        jdk.checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        jdk.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        jdk.checkServerTrusted(chain, type, engine);
    }
}
