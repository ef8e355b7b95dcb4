package io.sluice.load.acks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the file of acks, on a thread of its own, so that no loop waits for a disk.
 *
 * <p>{@link #offer} and {@link #pollBlock} may be called by any thread and never block. A block is handed out only when
 * the file says that it is claimed: whatever was sent is known to the oracle even if this process is killed.
 */
public final class AckFile implements AutoCloseable {

    /** Claimed blocks in stock: a loop that finds none waits for the thread to come round. */
    private static final int STOCK = 16;

    private static final ByteBuffer STOP = ByteBuffer.allocate(0);
    private static final ByteBuffer RESTOCK = ByteBuffer.allocate(0);

    private final FileChannel file;
    private final LinkedBlockingQueue<ByteBuffer> records = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Integer> blocks = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Thread thread;

    // Of the thread.
    private int nextBlock;

    private volatile IOException failure;

    public AckFile(Path path, AckHead head) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        write(Records.head(head));
        claim();
        thread = Thread.ofPlatform().name("acks").start(this::run);
    }

    /** A block whose numbers the caller may send from now on, or {@code null}: come again in a moment. */
    public Integer pollBlock() {
        Integer block = blocks.poll();
        records.offer(RESTOCK);
        return block;
    }

    void offer(ByteBuffer record) {
        records.offer(record);
    }

    /** Bytes in the file. */
    public long bytes() {
        return bytes.get();
    }

    /** What went wrong in writing, or {@code null}. */
    public IOException failure() {
        return failure;
    }

    /** Writes that the run ended in order, after all that was offered before, and closes the file. */
    public void end(long sent) throws IOException {
        records.offer(Records.end(sent));
        close();
    }

    private void run() {
        try {
            for (ByteBuffer record = records.take(); record != STOP; record = records.take()) {
                if (record == RESTOCK) {
                    claim();
                } else {
                    write(record);
                }
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void claim() throws IOException {
        while (blocks.size() < STOCK) {
            write(Records.record(Records.Kind.CLAIMED, BlockSet.Packing.FULL, nextBlock, new byte[0]));
            blocks.add(nextBlock);
            nextBlock++;
        }
    }

    private void write(ByteBuffer record) throws IOException {
        bytes.addAndGet(record.remaining());
        while (record.hasRemaining()) {
            file.write(record);
        }
    }

    /** Writes what was offered and closes the file; without {@link #end} it looks like that of a killed run. */
    @Override
    public void close() throws IOException {
        records.offer(STOP);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted while the file of acks was written", e));
        }
        file.close();
        if (failure != null) {
            throw failure;
        }
    }
}
