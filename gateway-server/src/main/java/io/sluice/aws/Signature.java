package io.sluice.aws;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * AWS Signature Version 4 of a POST to {@code /} without a query, whose body is hashed already ("Create a signed AWS
 * API request", IAM user guide).
 *
 * @param region that the service is called in
 * @param service by its signing name
 */
record Signature(String region, String service) {

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String END = "aws4_request";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final int DATE_LENGTH = "yyyyMMdd".length();

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    /**
     * Signs all of these headers. Of credentials, spaces around them do not count, as for the SDK.
     *
     * @param headers the host's among them; each without spaces around it
     * @param bodyHash SHA-256 of the body, in lower-case hexadecimal
     * @return these and those that the signature adds
     */
    Map<String, String> sign(Map<String, String> headers, String bodyHash, AwsCredentials credentials, Instant now) {
        String time = TIME.format(now);
        String date = time.substring(0, DATE_LENGTH);
        Map<String, String> signed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        signed.putAll(headers);
        signed.put("X-Amz-Content-Sha256", bodyHash);
        signed.put("X-Amz-Date", time);
        if (credentials instanceof AwsSessionCredentials session) {
            signed.put("X-Amz-Security-Token", session.sessionToken().trim());
        }
        StringBuilder names = new StringBuilder();
        StringBuilder request = new StringBuilder("POST\n/\n\n");
        for (Map.Entry<String, String> header : signed.entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            request.append(name).append(':').append(header.getValue()).append('\n');
            names.append(names.isEmpty() ? "" : ";").append(name);
        }
        request.append('\n').append(names).append('\n').append(bodyHash);
        String scope = date + '/' + region + '/' + service + '/' + END;
        String toSign = ALGORITHM + '\n' + time + '\n' + scope + '\n' + hex(sha256().digest(utf8(request.toString())));
        byte[] key = utf8("AWS4" + credentials.secretAccessKey().trim());
        for (String part : new String[] {date, region, service, END, toSign}) {
            key = hmac(key, part);
        }
        signed.put(
                "Authorization",
                ALGORITHM + " Credential=" + credentials.accessKeyId().trim() + '/' + scope + ", SignedHeaders=" + names
                        + ", Signature=" + hex(key));
        return signed;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
