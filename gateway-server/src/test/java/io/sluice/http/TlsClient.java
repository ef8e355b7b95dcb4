package io.sluice.http;

import io.sluice.testing.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Clients of TLS by the JDK, which trust whatever they are shown. */
final class TlsClient {

    private static final X509ExtendedTrustManager TRUST_ALL = new X509ExtendedTrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    };

    private TlsClient() {}

    /** @param certificate that the client shows, or {@code null} */
    static SSLContext context(TestCertificate certificate) throws Exception {
        KeyManager[] keys = null;
        if (certificate != null) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(certificate.store(), TestCertificate.password());
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {TRUST_ALL}, new SecureRandom());
        return context;
    }

    /** Shows the certificate whomever the server trusts; the JDK would leave out one that has no chance. */
    static SSLContext showing(TestCertificate certificate) throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(certificate.store(), TestCertificate.password());
        X509ExtendedKeyManager keys = (X509ExtendedKeyManager) factory.getKeyManagers()[0];
        String alias = certificate.store().aliases().nextElement();
        X509ExtendedKeyManager always = new X509ExtendedKeyManager() {
            @Override
            public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
                return alias;
            }

            @Override
            public X509Certificate[] getCertificateChain(String of) {
                return keys.getCertificateChain(of);
            }

            @Override
            public PrivateKey getPrivateKey(String of) {
                return keys.getPrivateKey(of);
            }

            @Override
            public String[] getClientAliases(String type, Principal[] issuers) {
                return new String[] {alias};
            }

            @Override
            public String[] getServerAliases(String type, Principal[] issuers) {
                return null;
            }

            @Override
            public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
                return null;
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {always}, new TrustManager[] {TRUST_ALL}, new SecureRandom());
        return context;
    }

    /** After the handshake. {@code host}: that the client asks for, or {@code null} */
    static SSLSocket connect(SSLContext context, int port, String host, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(host == null ? List.of() : List.of(new SNIHostName(host)));
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    /** After the handshake, over a connection that stands. */
    static SSLSocket over(Socket connection) throws Exception {
        SSLSocket socket = (SSLSocket)
                context(null).getSocketFactory().createSocket(connection, "one.example", connection.getPort(), true);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    /** A connection that can keep back what is written to it. Confined to its thread. */
    static final class Halting extends Socket {

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private long left = Long.MAX_VALUE;

        Halting(int port) throws IOException {
            super(InetAddress.getLoopbackAddress(), port);
            setTcpNoDelay(true);
        }

        /** Lets as many bytes through and keeps the rest. */
        void haltAfter(int bytes) {
            left = bytes;
        }

        /** Sends what was kept. */
        void goOn() throws IOException {
            left = Long.MAX_VALUE;
            super.getOutputStream().write(kept.toByteArray());
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            OutputStream out = super.getOutputStream();
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    int through = (int) Math.min(left, length);
                    out.write(bytes, offset, through);
                    left -= through;
                    kept.write(bytes, offset + through, length - through);
                }
            };
        }
    }

    /** The name of the certificate that a server shows to whom asks for this host. */
    static String shown(int port, String host) throws Exception {
        try (SSLSocket socket = connect(context(null), port, host)) {
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName().substring("CN=".length());
        }
    }
}
