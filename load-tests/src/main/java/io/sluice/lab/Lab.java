package io.sluice.lab;

import io.sluice.common.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A running lab: all parts put together, started on construction, ended by {@link #close}. */
final class Lab implements AutoCloseable {

    /** How often it looks for what is due. Firehose's interval is in seconds. */
    private static final long TICK_MILLIS = 20;

    private final FileChannel lock;
    private final Firehose firehose;
    private final Delivery delivery;
    private final FaultsFile faultsFile;
    private final ObjectStore store;
    private final LabServer server;
    private final Consumer<IOException> fatal;
    private final ScheduledExecutorService ticker;
    private boolean closed;

    /**
     * @param messages for people
     * @param fatal told of a disk that cannot be written: nothing that the lab says can be trusted from then on
     */
    static Lab start(LabConfig config, Clock clock, PrintStream messages, Consumer<IOException> fatal)
            throws IOException {
        Lab lab = new Lab(config, clock, messages, fatal);
        lab.ticker.scheduleWithFixedDelay(lab::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return lab;
    }

    /** For tests: nothing happens by itself, only by {@link #tick}. */
    static Lab startWithoutTicking(LabConfig config, Clock clock, PrintStream messages, Consumer<IOException> fatal)
            throws IOException {
        return new Lab(config, clock, messages, fatal);
    }

    private Lab(LabConfig config, Clock clock, PrintStream messages, Consumer<IOException> fatal) throws IOException {
        this.fatal = fatal;
        Path buffer = config.directory().resolve("buffer");
        Files.createDirectories(buffer);
        lock = lock(config.directory());
        try {
            removeLeftovers(buffer, messages);
            store = config.discard()
                    ? new DiscardStore()
                    : new DirectoryStore(config.directory().resolve("s3"));
            Faults faults = new Faults(clock);
            faultsFile = config.faultsFile() == null ? null : new FaultsFile(config.faultsFile(), faults, messages);
            if (faultsFile != null) {
                faultsFile.poll();
            }
            firehose = new Firehose(config, clock, buffer, faults);
            delivery = new Delivery(firehose, store, clock, config.retention(), messages);
            server = new LabServer(config, firehose, clock, fatal);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        ticker = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "lab-delivery");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = null;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this process: the same as by another.
        }
        if (held == null) {
            channel.close();
            throw new IOException("another lab works in " + directory);
        }
        return channel;
    }

    /** What a lab that was killed had not delivered: it cannot be told any more what was acknowledged of it. */
    private static void removeLeftovers(Path buffer, PrintStream messages) throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(buffer)) {
            for (Path file : files) {
                bytes += Files.size(file);
                Files.delete(file);
            }
        }
        if (bytes > 0) {
            messages.println("sluice-lab: deleted " + bytes + " bytes that an earlier lab, killed, had not delivered");
        }
    }

    /** Looks for changed faults and delivers what is due. */
    void tick() {
        try {
            if (faultsFile != null) {
                faultsFile.poll();
            }
            delivery.run();
        } catch (IOException e) {
            fatal.accept(e);
        }
    }

    int port() {
        return server.port();
    }

    Firehose firehose() {
        return firehose;
    }

    ObjectStore store() {
        return store;
    }

    /** Takes no more, delivers everything that is buffered, and ends. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        server.stop();
        ticker.shutdown();
        delivery.finish();
        lock.close();
    }
}
