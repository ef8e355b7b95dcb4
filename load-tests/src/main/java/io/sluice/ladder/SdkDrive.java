package io.sluice.ladder;

import com.sun.management.ThreadMXBean;
import io.sluice.aws.AwsConfig;
import io.sluice.aws.Client;
import io.sluice.aws.Raced;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Puts batches of blocks to a lab as the gateway does, as fast as they are taken, and prints what this costs the
 * client: processor time and allocation a byte, and, beside the gateway's own client, the two things that nobody who
 * signs can do without.
 */
public final class SdkDrive {

    private static final int BLOCKS = 16;
    private static final int WINDOW = 4;
    private static final int NEEDED_ROUNDS = 10;
    /** The first call loads the client, which a busy machine takes long for. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private SdkDrive() {}

    /**
     * Arguments: URL, stream, records in a batch, bytes in a record, seconds to warm up, seconds measured, and the
     * label of the client, the gateway's if there is none.
     */
    public static void main(String[] arguments) throws Exception {
        int records = Integer.parseInt(arguments[2]);
        byte[][] blocks = blocks(Integer.parseInt(arguments[3]));
        double warmup = Double.parseDouble(arguments[4]);
        double seconds = Double.parseDouble(arguments[5]);
        Client client = arguments.length > 6 ? Client.of(arguments[6]) : Client.OURS;
        // A call is marshalled and signed on the thread that makes it, which in the gateway is this one.
        Thread.currentThread().setName("sluice-delivery");
        try (Raced raced = client.open(new AwsConfig("us-east-1", arguments[0], TIMEOUT))) {
            Puts puts = new Puts(raced, arguments[1], records, blocks);
            puts.run(warmup);
            Seen before = Seen.now(puts);
            puts.run(seconds);
            print(before, Seen.now(puts));
            puts.awaitAll();
        }
        measureNeeded(client, seconds, blocks);
        // What all of this has taken, so that who looks at the machine knows what others did.
        long used = CpuUse.of(ProcessHandle.current().pid()).process().total();
        result("sdk-process", used / 1e9, "s");
    }

    private static void measureNeeded(Client client, double seconds, byte[][] blocks) throws NoSuchAlgorithmException {
        if (client != Client.OURS) {
            return;
        }
        needed("sdk-sha256", seconds / 2, blocks, digest());
        needed("sdk-base64", seconds / 2, blocks, Base64.getEncoder()::encode);
    }

    /** Random, as packed bytes are for whoever does not unpack them. */
    private static byte[][] blocks(int bytes) {
        SplittableRandom random = new SplittableRandom(1);
        byte[][] blocks = new byte[BLOCKS][bytes];
        for (byte[] block : blocks) {
            random.nextBytes(block);
        }
        return blocks;
    }

    private record Seen(CpuUse cpu, long allocated, long bytes, long nanos) {

        static Seen now(Puts puts) throws IOException {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            return new Seen(
                    CpuUse.of(ProcessHandle.current().pid()),
                    threads.getTotalThreadAllocatedBytes(),
                    puts.taken.get(),
                    System.nanoTime());
        }
    }

    private static void print(Seen before, Seen after) {
        CpuUse used = after.cpu.since(before.cpu);
        double bytes = after.bytes - before.bytes;
        double caller = used.of(Role.DELIVERY).total();
        double loops = used.of(Role.SDK).total();
        double gc = used.of(Role.GC).total();
        double other = used.of(Role.OTHER).total();
        result("sdk-caller", caller / bytes, "ns/B");
        result("sdk-loops", loops / bytes, "ns/B");
        result("sdk-gc", gc / bytes, "ns/B");
        result("sdk-other", other / bytes, "ns/B");
        result("sdk-allocated", (after.allocated - before.allocated) / bytes, "B/B");
        result("sdk-rate", bytes * 1e3 / (after.nanos - before.nanos), "MB/s");
    }

    private interface Work {
        byte[] on(byte[] block);
    }

    private static Work digest() throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return digest::digest;
    }

    private static void needed(String name, double seconds, byte[][] blocks, Work work) {
        java.lang.management.ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double least = Double.MAX_VALUE;
        long sink = 0;
        // The least, since it is to be a bound: the first rounds are the compiler's.
        for (int round = 0; round < NEEDED_ROUNDS; round++) {
            long end = System.nanoTime() + (long) (seconds * 1e9 / NEEDED_ROUNDS);
            long before = threads.getCurrentThreadCpuTime();
            long bytes = 0;
            for (int i = 0; bytes == 0 || System.nanoTime() - end < 0; i++) {
                byte[] block = blocks[i % blocks.length];
                sink += work.on(block)[0];
                bytes += block.length;
            }
            least = Math.min(least, (double) (threads.getCurrentThreadCpuTime() - before) / bytes);
        }
        if (sink == Long.MIN_VALUE) {
            // Never so, which only we know: without a use there would be no work.
            System.out.println();
        }
        result(name, least, "ns/B");
    }

    private static void result(String name, double value, String unit) {
        System.out.printf(Locale.ROOT, "RESULT name=%s value=%.4f unit=%s%n", name, value, unit);
    }

    /** One thread calls; answers come on the SDK's. */
    private static final class Puts {

        private final Raced raced;
        private final String stream;
        private final int records;
        private final byte[][] blocks;
        private final Semaphore window = new Semaphore(WINDOW);
        private final AtomicLong taken = new AtomicLong();
        private final AtomicReference<String> failure = new AtomicReference<>();
        private int next;

        Puts(Raced raced, String stream, int records, byte[][] blocks) {
            this.raced = raced;
            this.stream = stream;
            this.records = records;
            this.blocks = blocks;
        }

        void run(double seconds) throws IOException, InterruptedException {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            while (System.nanoTime() - end < 0) {
                window.acquire();
                if (failure.get() != null) {
                    throw new IOException(failure.get());
                }
                List<ByteBuffer> batch = new ArrayList<>(records);
                long bytes = 0;
                for (int i = 0; i < records; i++) {
                    byte[] block = blocks[next++ % blocks.length];
                    batch.add(ByteBuffer.wrap(block));
                    bytes += block.length;
                }
                long all = bytes;
                raced.put(stream, batch, problem -> ended(problem, all));
            }
        }

        private void ended(String problem, long bytes) {
            if (problem == null) {
                taken.addAndGet(bytes);
            } else {
                failure.set(problem + "; was the lab started with --quota none?");
            }
            window.release();
        }

        void awaitAll() {
            window.acquireUninterruptibly(WINDOW);
        }
    }
}
