package io.sluice.lab;

import io.sluice.common.Clock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;

/** Turns what is buffered into objects: by size, by age, and at the end. One thread at a time, by its own lock. */
final class Delivery {

    private final Firehose firehose;
    private final ObjectStore store;
    private final Clock clock;
    private final long retentionNanos;
    private final PrintStream messages;
    private String lastProblem = "";

    Delivery(Firehose firehose, ObjectStore store, Clock clock, Duration retention, PrintStream messages) {
        this.firehose = firehose;
        this.store = store;
        this.clock = clock;
        this.retentionNanos = retention.toNanos();
        this.messages = messages;
    }

    /**
     * Delivers what is due.
     *
     * @throws IOException if a buffer cannot be completed, after which no counter can be trusted
     */
    synchronized void run() throws IOException {
        for (DeliveryStream stream : firehose.delivering()) {
            synchronized (firehose) {
                stream.closeIfDue();
            }
            deliver(stream, firehose.faults().has(Fault.S3_REFUSED, stream.name()));
        }
    }

    /** Delivers everything, whatever faults are set: the end of the lab is no fault of S3. */
    synchronized void finish() throws IOException {
        for (DeliveryStream stream : firehose.delivering()) {
            synchronized (firehose) {
                stream.closeBuffer();
            }
            deliver(stream, false);
        }
    }

    private void deliver(DeliveryStream stream, boolean refused) throws IOException {
        while (true) {
            BufferFile object;
            synchronized (firehose) {
                object = stream.waiting();
            }
            if (object == null) {
                return;
            }
            boolean expired = clock.nanoTime() - object.oldestNanos() >= retentionNanos;
            if (refused && !expired) {
                synchronized (firehose) {
                    stream.counters().fault(Fault.S3_REFUSED, 1);
                }
                return;
            }
            if (refused) {
                object.delete();
            } else if (!put(stream, object)) {
                return;
            }
            synchronized (firehose) {
                stream.settle(object, !refused);
            }
        }
    }

    private boolean put(DeliveryStream stream, BufferFile object) {
        StreamSettings settings = stream.settings();
        String key;
        synchronized (firehose) {
            key = stream.key(object);
        }
        try {
            Path file = object.file();
            if (settings.gzip()) {
                file = file.resolveSibling(file.getFileName() + ".gz");
                try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), 64 * 1024)) {
                    Files.copy(object.file(), out);
                }
            }
            store.put(settings.bucket(), key, file);
            if (settings.gzip()) {
                object.delete();
            }
            return true;
        } catch (IOException e) {
            // Tried again at the next run: as with S3 itself, only the retention ends it.
            String problem = e.toString();
            if (!problem.equals(lastProblem)) {
                lastProblem = problem;
                messages.println("sluice-lab: cannot store " + settings.bucket() + "/" + key + ": " + problem);
            }
            return false;
        }
    }
}
