package io.sluice.aws;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An object read in pieces, each by a call of its own, the next under way while one is being read: so a connection that
 * breaks costs one piece, and one that stands idle while the reader is busy costs nothing.
 *
 * <p>One thread reads. Two pieces are held, and a third's worth by the SDK.
 */
final class SdkObjectStream extends InputStream {

    /** An empty object has no range (GetObject, API reference). */
    private static final int NO_SUCH_RANGE = 416;

    private static final int REPLACED = 412;

    private final SdkObjectReader reader;
    private final String bucket;
    private final String key;
    private final String version;
    private final int pieceBytes;

    private byte[] piece = {};
    private int at;
    /** Behind the piece. */
    private long nextFrom;

    private long total = Long.MAX_VALUE;
    private String etag;
    private CompletableFuture<ResponseBytes<GetObjectResponse>> next;

    SdkObjectStream(SdkObjectReader reader, String bucket, String key, String version, int pieceBytes)
            throws IOException {
        this.reader = reader;
        this.bucket = bucket;
        this.key = key;
        this.version = version;
        this.pieceBytes = pieceBytes;
        next = ask();
        take();
    }

    @Override
    public int read() throws IOException {
        return fill() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] dst, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, dst, offset, n);
        at += n;
        return n;
    }

    private boolean fill() throws IOException {
        if (at == piece.length && next != null) {
            take();
        }
        return at < piece.length;
    }

    /** Takes the piece under way, and asks for the one behind it. */
    private void take() throws IOException {
        ResponseBytes<GetObjectResponse> answer;
        try {
            answer = SdkObjectReader.await(name(), next, attempt -> ask());
        } catch (IOException e) {
            int status = e.getCause() instanceof S3Exception s3 ? s3.statusCode() : 0;
            if (status == NO_SUCH_RANGE && nextFrom == 0) {
                next = null;
                return;
            }
            throw status == REPLACED ? new IOException(name() + ": was replaced while it was read", e) : e;
        }
        etag = answer.response().eTag();
        byte[] bytes = answer.asByteArrayUnsafe();
        total = total(answer.response(), bytes.length);
        piece = bytes;
        at = 0;
        nextFrom += bytes.length;
        if (bytes.length == 0 && nextFrom < total) {
            throw new EOFException(name() + ": ends at byte " + nextFrom + " of " + total);
        }
        next = nextFrom < total ? ask() : null;
    }

    private CompletableFuture<ResponseBytes<GetObjectResponse>> ask() {
        return reader.get(bucket, key, version, nextFrom, Math.min(nextFrom + pieceBytes, total), etag);
    }

    /** The length behind the slash of {@code bytes 0-9/100} (RFC 9110, section 14.4). */
    private long total(GetObjectResponse answer, int bytes) throws IOException {
        String range = answer.contentRange();
        if (range == null && nextFrom == 0) {
            return bytes;
        }
        String begin = "bytes " + nextFrom + "-";
        int slash = range == null ? -1 : range.indexOf('/');
        if (slash < 0 || !range.startsWith(begin)) {
            throw new IOException(name() + ": answered the range " + range + ", expected " + begin + "…");
        }
        try {
            return Long.parseLong(range.substring(slash + 1));
        } catch (NumberFormatException e) {
            throw new IOException(name() + ": answered the range " + range + ", expected a length", e);
        }
    }

    private String name() {
        return "s3://" + bucket + "/" + key;
    }

    @Override
    public void close() {
        if (next != null) {
            next.cancel(true);
            next = null;
        }
        piece = new byte[0];
        at = 0;
    }
}
