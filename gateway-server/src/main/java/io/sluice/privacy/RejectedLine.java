package io.sluice.privacy;

import io.sluice.common.Decimal;
import io.sluice.json.JsonWriter;
import io.sluice.metrics.Reason;
import io.sluice.record.LineBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes what became of an event that is not taken: why, and where it stood, and nothing that it holds. Stateless,
 * allocates nothing.
 */
final class RejectedLine {

    /** Names, quotes and numbers. */
    private static final int FIXED = 128 + JsonWriter.SLACK;

    private static final byte[][] REASONS = new byte[Reason.values().length][];

    static {
        for (Reason reason : Reason.values()) {
            REASONS[reason.ordinal()] = reason.code().getBytes(StandardCharsets.US_ASCII);
        }
    }

    private RejectedLine() {}

    static void write(Envelope envelope, Reason reason, int index, int offset, int length, LineBuffer lines) {
        int at = lines.size();
        byte[] code = REASONS[reason.ordinal()];
        byte[] dst = lines.ensure(at, FIXED + envelope.rejectedHead.length + code.length + envelope.position.length);
        at = envelope.rejectedHead.copyTo(dst, at);
        System.arraycopy(code, 0, dst, at, code.length);
        at = JsonWriter.ascii("\",\"index\":", dst, at + code.length);
        at = Decimal.write(index, dst, at);
        at = JsonWriter.ascii(",\"offset\":", dst, at);
        at = Decimal.write(offset, dst, at);
        at = JsonWriter.ascii(",\"length\":", dst, at);
        at = Decimal.write(length, dst, at);
        envelope.endLine(lines, at);
    }
}
