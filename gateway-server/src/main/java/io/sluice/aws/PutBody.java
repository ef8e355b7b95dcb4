package io.sluice.aws;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The body of one PutRecordBatch, as JSON in chunks: {@code {"DeliveryStreamName":"…","Records":[{"Data":"…"},…]}}.
 *
 * <p>Role: what the SDK would marshal by copies of copies, base64 straight from the records. Threads: written by
 * one, then read by any, as often as asked until it is recycled. Ownership: the chunks are the body's until {@link
 * #recycle}. Cost: one pass over the records, and the hash; Netty copies a chunk once more, for the socket, so that
 * no buffer is as large as a call.
 */
final class PutBody implements JsonCaller.Body {

    /** Small enough for Netty's pools; each costs some 15 us on its way through the pipeline and the kernel. */
    static final int CHUNK_BYTES = 256 << 10;

    /** Encoded at a time: stays in the first cache, and a multiple of 3, so that no padding falls in between. */
    private static final int PIECE_BYTES = 6 << 10;

    private static final byte[] BEFORE_RECORD = ascii("{\"Data\":\"");
    private static final byte[] AFTER_RECORD = ascii("\"}");
    private static final byte[] BETWEEN_RECORDS = ascii(",");
    private static final byte[] END = ascii("]}");

    /**
     * Chunks for the bodies to come. Any thread. Keeps as many as the bodies under way have at most, since what is made
     * anew for each call makes a heap grow that nothing makes smaller again; gives out the last one that came back, so
     * that as many are in the caches as are in use.
     */
    static final class Pool {

        private final ArrayDeque<byte[]> free = new ArrayDeque<>();
        private final int most;

        /**
         * @param bytes most of the records of all calls under way, in base64 a third more
         * @param calls under way, each with a chunk that is not full
         */
        Pool(long bytes, int calls) {
            most = (int) Math.min(Integer.MAX_VALUE, bytes / 3 * 4 / CHUNK_BYTES + calls);
        }

        private byte[] take() {
            byte[] chunk;
            synchronized (this) {
                chunk = free.pollLast();
            }
            return chunk == null ? new byte[CHUNK_BYTES] : chunk;
        }

        private synchronized void give(byte[] chunk) {
            if (free.size() < most) {
                free.addLast(chunk);
            }
        }

        synchronized int size() {
            return free.size();
        }
    }

    private final Pool pool;
    private final List<byte[]> chunks = new ArrayList<>();

    // Guarded by this.
    /** Somebody reads it, or has. */
    private boolean subscribed;
    /** The last chunk was handed out to who subscribed last. */
    private boolean read;
    /** The chunks belong to the pool. */
    private boolean recycled;

    private final MessageDigest hash = Signature.sha256();
    private final String sha256;
    /** Bytes in the last chunk. */
    private int inLast = CHUNK_BYTES;

    /** @param records read from position to limit, now and not later; neither is moved */
    PutBody(Pool pool, String stream, List<ByteBuffer> records) {
        this.pool = pool;
        add(ascii("{\"DeliveryStreamName\":\"" + plain(stream) + "\",\"Records\":["));
        byte[] piece = new byte[PIECE_BYTES];
        byte[] text = new byte[PIECE_BYTES / 3 * 4];
        for (int i = 0; i < records.size(); i++) {
            if (i > 0) {
                add(BETWEEN_RECORDS);
            }
            add(BEFORE_RECORD);
            addBase64(records.get(i), piece, text);
            add(AFTER_RECORD);
        }
        add(END);
        hash.update(chunks.getLast(), 0, inLast);
        sha256 = Signature.hex(hash.digest());
    }

    /** Letters, digits and {@code _.-} are what a name may hold; what is none of them is none of any stream's. */
    private static String plain(String stream) {
        return stream.replaceAll("[^A-Za-z0-9_.-]", "?");
    }

    private void addBase64(ByteBuffer record, byte[] piece, byte[] text) {
        // Only from a whole array to a whole array does the JDK encode by vector instructions, and without allocation.
        Base64.Encoder encoder = Base64.getEncoder();
        int at = record.position();
        for (; record.limit() - at >= PIECE_BYTES; at += PIECE_BYTES) {
            record.get(at, piece);
            encoder.encode(piece, text);
            add(text);
        }
        byte[] rest = new byte[record.limit() - at];
        record.get(at, rest);
        add(encoder.encode(rest));
    }

    private void add(byte[] bytes) {
        int from = 0;
        while (from < bytes.length) {
            if (inLast == CHUNK_BYTES) {
                if (!chunks.isEmpty()) {
                    // While the second cache still has it.
                    hash.update(chunks.getLast());
                }
                chunks.add(pool.take());
                inLast = 0;
            }
            int length = Math.min(bytes.length - from, CHUNK_BYTES - inLast);
            System.arraycopy(bytes, from, chunks.getLast(), inLast, length);
            from += length;
            inLast += length;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private int length(int chunk) {
        return chunk == chunks.size() - 1 ? inLast : CHUNK_BYTES;
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public long length() {
        return (chunks.size() - 1L) * CHUNK_BYTES + inLast;
    }

    /**
     * Gives the chunks to later bodies once the call has ended, if nobody can read them any more: nobody has ever
     * begun, as where no connection could be made, and nobody can from now on; or the call was answered, and the last
     * chunk had been handed out, whose bytes, as those of all before, netty-nio-client has copied or encrypted when
     * {@code onNext} returns. A server that answers before leaves the rest of the request on its way, which must not
     * get bytes of a later one; of a call that was not answered nobody knows who still goes on with it.
     */
    void recycle(boolean answered) {
        synchronized (this) {
            if (recycled || subscribed && !(answered && read)) {
                return;
            }
            recycled = true;
        }
        for (byte[] chunk : chunks) {
            pool.give(chunk);
        }
    }

    /** @return whether the chunks are still this body's */
    private synchronized boolean begin() {
        subscribed = true;
        read = false;
        return !recycled;
    }

    private synchronized void readAll() {
        read = true;
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        Reading reading = new Reading(subscriber);
        if (begin()) {
            subscriber.onSubscribe(reading);
            return;
        }
        // The call has ended before it began, by its timeout say.
        reading.cancel();
        subscriber.onSubscribe(reading);
        subscriber.onError(new IllegalStateException("the call has ended"));
    }

    /** One reading, at the subscriber's pace, who asks from one thread at a time (Reactive Streams, rule 2.7). */
    private final class Reading implements Subscription {

        private final Subscriber<? super ByteBuffer> subscriber;
        private int next;
        private long asked;
        private boolean emitting;
        private boolean ended;

        Reading(Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                if (!ended) {
                    ended = true;
                    subscriber.onError(new IllegalArgumentException("asked for " + n + " chunks, expected 1 or more"));
                }
                return;
            }
            asked = asked > Long.MAX_VALUE - n ? Long.MAX_VALUE : asked + n;
            if (emitting) {
                // From within onNext: the loop below goes on, and the stack does not grow.
                return;
            }
            emitting = true;
            while (!ended && asked > 0) {
                asked--;
                int length = length(next);
                subscriber.onNext(ByteBuffer.wrap(chunks.get(next++), 0, length));
                if (next == chunks.size()) {
                    // Also if it was cancelled with the last chunk, as the SDK does, which counts the bytes.
                    readAll();
                    if (!ended) {
                        ended = true;
                        subscriber.onComplete();
                    }
                }
            }
            emitting = false;
        }

        @Override
        public void cancel() {
            ended = true;
        }
    }
}
