package io.sluice.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the server shows to be who it is: a certificate with its chain, the key that fits it, and what its authority
 * says of it, as they were in their files.
 *
 * @param chain the server's own certificate first
 * @param ocsp the authority's answer of the file beside the certificate (RFC 6960, DER), or {@code null}
 */
record TlsIdentity(List<X509Certificate> chain, PrivateKey key, byte[] ocsp) {

    private static final int LEAST_RSA_BITS = 2048;
    private static final int DNS_NAME = 2;

    /** Certificates are renewed before; those that live for less than six weeks in the last third of that. */
    private static final Duration SOON = Duration.ofDays(14);

    private static final Pattern KEY_BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END \\1PRIVATE KEY-----");

    private static final byte[] CHALLENGE = "does it fit?".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION_0 = {2, 1, 0};

    /** The file that a certificate's stapled answer is in, if there is one; HAProxy has the same custom. */
    static Path ocspFile(Path certificate) {
        return certificate.resolveSibling(certificate.getFileName() + ".ocsp");
    }

    /** What these files hold, or {@code null} and what is wrong with them. */
    static TlsIdentity load(Path certificateFile, Path keyFile, List<BadTlsException.Problem> problems) {
        List<X509Certificate> chain = certificates("certificate", certificateFile, problems);
        byte[] keyText = read("key", keyFile, problems);
        if (chain.isEmpty() || keyText == null) {
            return null;
        }
        PublicKey shown = chain.getFirst().getPublicKey();
        String signature = signature(shown);
        if (signature == null) {
            problems.add(new BadTlsException.Problem(
                    "certificate",
                    certificateFile.toString(),
                    "expected a key on an elliptic curve or one of RSA with at least " + LEAST_RSA_BITS
                            + " bits, found another"));
            return null;
        }
        try {
            PrivateKey key = privateKey(new String(keyText, StandardCharsets.ISO_8859_1), shown);
            if (!fits(key, shown, signature)) {
                throw new IllegalArgumentException("another");
            }
            byte[] ocsp =
                    Files.exists(ocspFile(certificateFile)) ? Files.readAllBytes(ocspFile(certificateFile)) : null;
            return new TlsIdentity(chain, key, ocsp);
        } catch (IllegalArgumentException e) {
            problems.add(new BadTlsException.Problem(
                    "key",
                    keyFile.toString(),
                    "expected the key of " + certificateFile + " in PEM, without a password, found " + e.getMessage()));
        } catch (IOException e) {
            problems.add(unreadable("certificate", ocspFile(certificateFile)));
        }
        return null;
    }

    /** The certificates in a file; none, and what is wrong, if there are none to be read. */
    static List<X509Certificate> certificates(String key, Path file, List<BadTlsException.Problem> problems) {
        List<X509Certificate> certificates = new ArrayList<>();
        byte[] text = read(key, file, problems);
        if (text == null) {
            return certificates;
        }
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text))
                    .forEach(certificate -> certificates.add((X509Certificate) certificate));
        } catch (CertificateException e) {
            certificates.clear();
        }
        if (certificates.isEmpty()) {
            problems.add(new BadTlsException.Problem(
                    key, file.toString(), "expected certificates in PEM, found none that can be read"));
        }
        return certificates;
    }

    /** What a file holds, or {@code null} and why not. */
    static byte[] read(String key, Path file, List<BadTlsException.Problem> problems) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            problems.add(new BadTlsException.Problem(key, file.toString(), "expected a file, but there is none"));
        } catch (IOException e) {
            problems.add(unreadable(key, file));
        }
        return null;
    }

    private static BadTlsException.Problem unreadable(String key, Path file) {
        return new BadTlsException.Problem(
                key, file.toString(), "expected a file that the gateway may read, but it may not");
    }

    /** The signature that a key of this kind makes, or {@code null} if it is none to be used. */
    private static String signature(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> ((RSAPublicKey) key).getModulus().bitLength() >= LEAST_RSA_BITS ? "SHA256withRSA" : null;
            default -> null;
        };
    }

    /**
     * The first private key of a text.
     *
     * @throws IllegalArgumentException saying what was found, if that is none for such a certificate
     */
    private static PrivateKey privateKey(String text, PublicKey shown) {
        Matcher block = KEY_BLOCK.matcher(text);
        if (!block.find()) {
            throw new IllegalArgumentException("none");
        }
        if (block.group(1).startsWith("ENCRYPTED") || block.group(2).contains("Proc-Type")) {
            throw new IllegalArgumentException("one with a password");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(block.group(2));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("none that can be read", e);
        }
        if (!block.group(1).isEmpty()) {
            // PKCS #1 or SEC 1: in PKCS #8 the same stands behind the algorithm, which the certificate knows.
            der = sequence(concat(VERSION_0, algorithm(shown.getEncoded()), element(4, der)));
        }
        try {
            return KeyFactory.getInstance(shown.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("another", e);
        }
    }

    private static boolean fits(PrivateKey key, PublicKey shown, String algorithm) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(CHALLENGE);
            byte[] signed = signature.sign();
            signature.initVerify(shown);
            signature.update(CHALLENGE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    // DER (X.690).

    /** The first element of a public key's sequence: its algorithm, with the curve if it has one. */
    private static byte[] algorithm(byte[] publicKey) {
        int start = contentStart(publicKey, 0);
        int content = contentStart(publicKey, start);
        int length = publicKey[start + 1] & 0xFF;
        assert length < 128;
        return Arrays.copyOfRange(publicKey, start, content + length);
    }

    private static int contentStart(byte[] der, int at) {
        int length = der[at + 1] & 0xFF;
        return at + 2 + (length < 128 ? 0 : length - 128);
    }

    private static byte[] sequence(byte[] content) {
        return element(0x30, content);
    }

    private static byte[] element(int tag, byte[] content) {
        int length = content.length;
        byte[] head = length < 128
                ? new byte[] {(byte) tag, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return concat(head, content);
    }

    private static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int end = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, end, part.length);
            end += part.length;
        }
        return all;
    }

    // What it is for.

    /** The hosts that the certificate is for, in lower case, some as {@code *.shop.example}. */
    List<String> hosts() {
        List<String> hosts = new ArrayList<>();
        try {
            Collection<List<?>> names = chain.getFirst().getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> name : names) {
                    if (name.getFirst().equals(DNS_NAME)) {
                        hosts.add(name.get(1).toString().toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            // Then it is for no host, and good for clients that name none.
        }
        return hosts;
    }

    /**
     * What is to be said of the times that the chain counts for: of each certificate that does not, or not for long.
     *
     * @param to gets a line for each, which names the file
     */
    void warnings(Path file, long nowMillis, List<String> to) {
        for (int i = 0; i < chain.size(); i++) {
            String what = file + ": " + (i == 0 ? "the certificate" : "certificate " + (i + 1) + " of the chain");
            long from = chain.get(i).getNotBefore().getTime();
            long until = chain.get(i).getNotAfter().getTime();
            if (until <= nowMillis) {
                to.add(what + " has expired, " + Instant.ofEpochMilli(until)
                        + ": clients that check it stay away. Renew it; the new one is taken without a restart");
            } else if (from > nowMillis) {
                to.add(what + " does not count yet, only from " + Instant.ofEpochMilli(from)
                        + " on: clients that check it stay away until then. Have the clock set right, or the one before"
                        + " it put back");
            } else if (until - nowMillis < Math.min(SOON.toMillis(), (until - from) / 3)) {
                to.add(what + " expires soon, " + Instant.ofEpochMilli(until)
                        + ": whatever renews it has not done so. The new one is taken without a restart");
            }
        }
    }

    /** When the first certificate of the chain ceases to count, epoch ms. */
    long expiresMillis() {
        long first = Long.MAX_VALUE;
        for (X509Certificate certificate : chain) {
            first = Math.min(first, certificate.getNotAfter().getTime());
        }
        return first;
    }
}
