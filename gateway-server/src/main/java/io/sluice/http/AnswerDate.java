package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DateFormatter;
import io.sluice.common.Clock;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.concurrent.TimeUnit;

/**
 * The Date of answers (RFC 9110, section 6.6.1), encoded for both versions of HTTP, and with it the whole answer to
 * nearly every pixel: once a second, and not for each.
 *
 * <p>Confined to its loop. What was given out for a second that is over stays as it was: it may still be on its way.
 * Allocates some 700 bytes a second in which there are answers.
 */
final class AnswerDate {

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Clock clock;
    private boolean begun;
    private long untilNanos;
    private byte[] http1;
    private byte[] http2;
    private ByteBuffer imageBytes;
    private ByteBuf image;

    AnswerDate(Clock clock) {
        this.clock = clock;
    }

    /**
     * From now on, that of this moment.
     *
     * @param nanoTime by the same clock
     * @return this
     */
    AnswerDate at(long nanoTime) {
        if (!begun || nanoTime - untilNanos >= 0) {
            begun = true;
            encode(clock.epochMillis(), nanoTime);
        }
        return this;
    }

    private void encode(long epochMillis, long nanoTime) {
        untilNanos = nanoTime + SECOND_NANOS - TimeUnit.MILLISECONDS.toNanos(Math.floorMod(epochMillis, 1_000L));
        String text = DateFormatter.format(new Date(epochMillis));
        http1 = AnswerEncoder.date(text);
        http2 = Http2Answers.date(text);
        imageBytes = AnswerEncoder.plainImage(http1);
        image = AnswerEncoder.shared(imageBytes);
    }

    /** The whole line. */
    byte[] http1() {
        return http1;
    }

    /** A field of HPACK. */
    byte[] http2() {
        return http2;
    }

    /** The answer to nearly every pixel, from the beginning of a buffer to its limit, whatever its position. */
    ByteBuffer imageBytes() {
        return imageBytes;
    }

    /** The same without its first bytes, to be written as it is. Costs no copy. */
    ByteBuf image(int without) {
        return image.duplicate().skipBytes(without);
    }
}
