package io.sluice.ring;

import io.sluice.common.Position;
import java.util.Arrays;
import java.util.UUID;

/**
 * The answer to one request, from the moment when it is staged until it is written to the socket.
 *
 * <p>Confined to its loop: tickets carry it past the committer, which never looks inside. Pooled by the connection that
 * owns it; {@link Target} decides whether that connection is still the one that asked. The body is complete but for
 * positions, which are known only at the flush and are appended then.
 */
public final class Reply {

    /** Who gets the answer. Called on the loop. */
    public interface Target {
        /** Everything in the reply is final. The target may reuse it once this has returned. */
        void replied(Reply reply);
    }

    private final Target target;
    private int status;
    private byte[] body = new byte[128];
    private int bodyLength;
    private int retryAfterSeconds;
    private boolean wantsPositions;
    private int positions;
    private long lastBlock;
    private int lastStart;

    public Reply(Target target) {
        this.target = target;
    }

    public Target target() {
        return target;
    }

    /** Makes it an answer with this status and an empty body. */
    public void begin(int status) {
        this.status = status;
        bodyLength = 0;
        retryAfterSeconds = 0;
        wantsPositions = false;
        positions = 0;
        lastBlock = -1;
    }

    public int status() {
        return status;
    }

    public byte[] body() {
        return body;
    }

    public int bodyLength() {
        return bodyLength;
    }

    /** Seconds for the Retry-After header, or 0 for none. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    public void retryAfterSeconds(int seconds) {
        retryAfterSeconds = seconds;
    }

    public void append(byte[] bytes) {
        append(bytes, 0, bytes.length);
    }

    public void append(byte[] bytes, int offset, int length) {
        System.arraycopy(bytes, offset, room(length), bodyLength, length);
        bodyLength += length;
    }

    /** Says that the body ends with the positions, which the flush will append. */
    public void expectPositions() {
        wantsPositions = true;
    }

    public boolean expectsPositions() {
        return wantsPositions;
    }

    /** The last record so far of this request: one position is kept for each block, joined by commas. */
    public void position(UUID incarnation, int log, long block, int index) {
        if (block != lastBlock) {
            if (positions++ > 0) {
                room(1)[bodyLength++] = ',';
            }
            lastBlock = block;
            lastStart = bodyLength;
            Position.writePrefix(room(Position.TEXT_LENGTH), bodyLength, incarnation, log);
            bodyLength += Position.TEXT_LENGTH;
        }
        Position.writeSuffix(body, lastStart + Position.PREFIX_LENGTH, block, index);
    }

    private byte[] room(int bytes) {
        if (bodyLength + bytes > body.length) {
            body = Arrays.copyOf(body, Math.max(bodyLength + bytes, body.length * 2));
        }
        return body;
    }
}
