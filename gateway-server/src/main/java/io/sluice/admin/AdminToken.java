package io.sluice.admin;

import io.sluice.common.SecretFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a request to the admin port must bring: {@code Authorization: Bearer TOKEN} (RFC 6750, section 2.1), or the
 * token as the password of any user (RFC 7617), which browsers ask for. Immutable; any thread. Never shows the token.
 */
public final class AdminToken {

    /** Every request is answered. */
    public static final AdminToken NONE = new AdminToken(null);

    /** What the file must hold, for messages. */
    public static final String EXPECTED = "one line of 16 to 256 printable characters of ASCII without spaces";

    /** What a request without the token is told to bring. */
    static final String CHALLENGE = "Basic realm=\"sluice\", charset=\"UTF-8\"";

    private static final int LEAST = 16;
    private static final int MOST = 256;
    /** With white space around. */
    private static final int MOST_FILE = 1024;

    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";
    private static final Logger LOG = LoggerFactory.getLogger(AdminToken.class);

    private final byte[] token;

    private AdminToken(byte[] token) {
        this.token = token;
    }

    /**
     * The token of a file, and a warning if everybody may read that.
     *
     * @throws IllegalArgumentException if it holds none; the message does not show what it holds
     */
    public static AdminToken read(Path file) throws IOException {
        AdminToken token = parse(file);
        warnIfReadByAll(file);
        return token;
    }

    /** As {@link #read}, without the warning. */
    static AdminToken parse(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            // Whatever it is by mistake, a log or a device: what is longer is none.
            byte[] bytes = in.readNBytes(MOST_FILE + 1);
            if (bytes.length > MOST_FILE) {
                throw new IllegalArgumentException("more than " + MOST_FILE + " bytes");
            }
            return of(new String(bytes, StandardCharsets.ISO_8859_1).strip());
        }
    }

    static void warnIfReadByAll(Path file) {
        try {
            if (SecretFiles.isReadByAll(file)) {
                LOG.warn("{} holds the token of the admin port and may be read by everybody: chmod o-r", file);
            }
        } catch (IOException e) {
            // It has been read, and is replaced just now: the next reading looks again.
            LOG.debug("who may read {} is not known", file);
        }
    }

    static AdminToken of(String text) {
        if (text.length() < LEAST || text.length() > MOST) {
            throw new IllegalArgumentException(text.length() + " characters");
        }
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("others");
        }
        return new AdminToken(text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Whether a request with this header may see everything.
     *
     * @param authorization {@code null} if there is none
     */
    boolean admits(String authorization) {
        return token == null || authorization != null && matches(authorization);
    }

    private boolean matches(String authorization) {
        if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return isToken(bytes(authorization.substring(BEARER.length()).strip()));
        }
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return false;
        }
        try {
            byte[] pair = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            String text = new String(pair, StandardCharsets.ISO_8859_1);
            return isToken(bytes(text.substring(text.indexOf(':') + 1)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Takes as long for a token that is nearly right as for any other of its length. */
    private boolean isToken(byte[] given) {
        return MessageDigest.isEqual(given, token);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdminToken that
                && (token == null ? that.token == null : that.token != null && isToken(that.token));
    }

    @Override
    public int hashCode() {
        return token == null ? 0 : 1;
    }

    @Override
    public String toString() {
        return token == null ? "none" : "***";
    }
}
