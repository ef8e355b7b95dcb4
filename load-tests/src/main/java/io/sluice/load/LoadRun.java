package io.sluice.load;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.load.acks.AckFile;
import io.sluice.load.acks.AckHead;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One run from its first connection to its report: wiring, and the main thread's work.
 *
 * <p>One thread runs it; any thread may {@link #stop} it.
 */
final class LoadRun {

    private static final long CONNECT_SECONDS = 5;

    /** What was due in time may be sent so much later, when a connection is free: a loop is always a little behind. */
    private static final long LATE_NANOS = 1_000_000_000L;

    private final LoadOptions options;
    private final PrintStream progress;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile List<LoadLoop> loops = List.of();

    /** @param progress where a line is printed each second */
    LoadRun(LoadOptions options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Ends it before its time, in order. */
    void stop() {
        stop.countDown();
    }

    /** What was counted so far; 0 before the first connection is open. Any thread. */
    long total(Tally tally) {
        long total = 0;
        for (LoadLoop loop : loops) {
            total += loop.stats().get(tally);
        }
        return total;
    }

    /** The longest time that a loop has had no ack between two. Any thread. */
    long longestStallNanos() {
        long longest = 0;
        for (LoadLoop loop : loops) {
            longest = Math.max(longest, loop.stats().longestStallNanos());
        }
        return longest;
    }

    /**
     * Runs it.
     *
     * @throws IOException if no connection can be opened, or the acks cannot be written
     */
    RunReport run() throws IOException, InterruptedException {
        Files.createDirectories(options.out());
        long startedMillis = System.currentTimeMillis();
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends Channel> channel = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(options.threads(), new DefaultThreadFactory("load-loop"), io);
        AckFile acks = new AckFile(options.acks(), new AckHead(options.run(), startedMillis, options.seed()));
        try {
            List<LoadLoop> made = new ArrayList<>();
            for (int i = 0; i < options.threads(); i++) {
                made.add(new LoadLoop(options, i, group.next(), channel, acks));
            }
            connect(made);
            loops = made;
            return run(made, acks, startedMillis);
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
            acks.close();
        }
    }

    private void connect(List<LoadLoop> loops) throws IOException, InterruptedException {
        loops.forEach(LoadLoop::connect);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CONNECT_SECONDS);
        while (loops.stream().mapToInt(LoadLoop::openConnections).sum() < options.connections()) {
            if (System.nanoTime() - deadline > 0 || stop.await(5, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        int open = loops.stream().mapToInt(LoadLoop::openConnections).sum();
        if (open == 0) {
            for (LoadLoop loop : loops) {
                loop.close();
            }
            // Says nothing that anyone will ask for.
            Files.delete(options.acks());
            throw new IOException("no connection to " + options.host() + " could be opened; is the gateway running?");
        }
        if (open < options.connections()) {
            progress.println("only " + open + " of " + options.connections() + " connections could be opened so far");
        }
    }

    private RunReport run(List<LoadLoop> loops, AckFile acks, long startedMillis)
            throws IOException, InterruptedException {
        Sampler sampler = new Sampler(options, loops);
        long begin = System.nanoTime();
        long end = begin + options.duration().toNanos();
        for (LoadLoop loop : loops) {
            loop.begin(begin, begin + options.warmup().toNanos(), options.flatOut() ? end : end + LATE_NANOS);
        }
        for (long next = begin + 1_000_000_000L; ; next += 1_000_000_000L) {
            long until = Math.min(next, end);
            boolean stopped = stop.await(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (stopped || acks.failure() != null || until == end) {
                break;
            }
            print(sampler, begin);
        }
        boolean interrupted = stop.getCount() == 0;
        long late = end + 2 * LATE_NANOS;
        while (!interrupted
                && acks.failure() == null
                && System.nanoTime() - late < 0
                && loops.stream().anyMatch(LoadLoop::isSending)) {
            interrupted = stop.await(1, TimeUnit.MILLISECONDS);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        print(sampler, begin);
        loops.forEach(LoadLoop::stop);
        drain(sampler, begin);
        for (LoadLoop loop : loops) {
            loop.close();
        }
        sampler.sample((System.nanoTime() - begin) / 1e9);
        Map<Tally, Long> tallies = new EnumMap<>(Tally.class);
        for (Tally tally : Tally.values()) {
            tallies.put(tally, sampler.total(tally));
        }
        acks.end(tallies.get(Tally.SENT));
        return new RunReport(
                options,
                startedMillis,
                seconds,
                interrupted,
                tallies,
                sampler.statuses(),
                interrupted || options.flatOut()
                        ? -1
                        : (long) options.schedule().events(),
                sampler.latencies(),
                sampler.samples(),
                acks.bytes(),
                sampler.cpuNanosPerEvent());
    }

    /** Waits for answers to what is under way. */
    private void drain(Sampler sampler, long begin) throws InterruptedException {
        long deadline = System.nanoTime() + options.drain().toNanos();
        for (int i = 1; sampler.underWay() > 0 && System.nanoTime() - deadline < 0; i++) {
            // Polls a count that other threads change, with a deadline.
            TimeUnit.MILLISECONDS.sleep(5);
            if (i % 200 == 0) {
                print(sampler, begin);
            }
        }
    }

    private void print(Sampler sampler, long begin) {
        progress.println(sampler.line(sampler.sample((System.nanoTime() - begin) / 1e9)));
    }
}
