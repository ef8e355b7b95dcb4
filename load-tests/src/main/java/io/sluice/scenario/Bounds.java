package io.sluice.scenario;

import com.github.luben.zstd.Zstd;
import io.sluice.bench.traffic.Traffic;
import io.sluice.load.protocol.LoadProtocol;
import io.sluice.load.protocol.LoadProtocols;
import io.sluice.load.protocol.Sender;
import io.sluice.load.protocol.TrafficEvent;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.Deflater;

/** What disk and libraries do alone, on the thread that asks. Stateless. */
final class Bounds {

    /** A small commit: a few requests, or a dozen flushes packed. */
    private static final int WRITE_BYTES = 16 << 10;

    private static final int FILE_BYTES = 16 << 20;
    private static final int SAMPLE_BYTES = 8 << 20;
    private static final int BATCH = 50;

    private Bounds() {}

    /**
     * Of one write and fdatasync, from when it was due: who comes while another takes long waits for that as well.
     *
     * @param cpuMicros of the thread
     */
    record Sync(double p50Millis, double p999Millis, double cpuMicros) {}

    /** Writes past the page cache and syncs, at that rate, over and over into a file that is there. */
    static Sync sync(Path directory, double seconds, double rate) throws IOException {
        Path file = directory.resolve("sync");
        DiskStorage storage = new DiskStorage();
        ByteBuffer bytes = ByteBuffer.allocateDirect(WRITE_BYTES + Storage.BLOCK_BYTES)
                .alignedSlice(Storage.BLOCK_BYTES)
                .limit(WRITE_BYTES);
        long[] nanos = new long[(int) (seconds * rate) + 1];
        int count = 0;
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (StorageFile disk = open(storage, file)) {
            for (int at = 0; at < FILE_BYTES; at += WRITE_BYTES) {
                disk.pwrite(bytes.position(0), at);
            }
            disk.sync();
            long cpu = threads.getCurrentThreadCpuTime();
            long began = System.nanoTime();
            while (count < nanos.length && System.nanoTime() - began < seconds * 1e9) {
                long due = began + (long) (count * 1e9 / rate);
                for (long left; (left = due - System.nanoTime()) > 0; ) {
                    LockSupport.parkNanos(left);
                }
                disk.pwrite(bytes.position(0), (long) count * WRITE_BYTES % FILE_BYTES);
                disk.sync();
                nanos[count++] = System.nanoTime() - due;
            }
            cpu = threads.getCurrentThreadCpuTime() - cpu;
            Arrays.sort(nanos, 0, count);
            return new Sync(nanos[count / 2] / 1e6, nanos[(int) (count * 0.999)] / 1e6, (double) cpu / count / 1e3);
        } finally {
            storage.delete(file);
        }
    }

    /** Past the page cache, where that can be had. */
    static StorageFile open(Storage storage, Path file) throws IOException {
        try {
            return storage.open(file, Storage.Access.WRITE_DIRECT);
        } catch (IOException e) {
            // This file system has no such thing.
            return storage.open(file, Storage.Access.WRITE);
        }
    }

    /** Bodies one behind the other, as a gateway receives them. */
    static byte[] bodies(String protocol) {
        LoadProtocol rendering = LoadProtocols.find(protocol);
        Traffic traffic = new Traffic(1);
        ByteArrayOutputStream all = new ByteArrayOutputStream(SAMPLE_BYTES + (1 << 20));
        Sender sender = new Sender("127.0.0.1", Traffic.key(1), "https://shop.example", "bench");
        while (all.size() < SAMPLE_BYTES) {
            byte[] request = rendering
                    .render(TrafficEvent.of(traffic.next(BATCH), "bound000"), sender)
                    .bytes();
            int body = new String(request, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
            all.write(request, body, request.length - body);
        }
        return all.toByteArray();
    }

    /** Packed ÷ received by zlib as hard as it can, in one stream. */
    static double zlib(byte[] bytes) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] out = new byte[1 << 16];
            long packed = 0;
            while (!deflater.finished()) {
                packed += deflater.deflate(out);
            }
            return (double) packed / bytes.length;
        }
    }

    /** The same by zstd at level 19, which looks back 8 MiB. */
    static double zstd(byte[] bytes) {
        return (double) Zstd.compress(bytes, 19).length / bytes.length;
    }

    /** Bytes a second that are copied from one place to another, none of which a cache holds. */
    static double copy() {
        byte[] from = new byte[64 << 20];
        byte[] to = new byte[from.length];
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            System.arraycopy(from, 0, to, 0, from.length);
            best = Math.min(best, System.nanoTime() - start);
        }
        return from.length / (best / (double) TimeUnit.SECONDS.toNanos(1));
    }
}
