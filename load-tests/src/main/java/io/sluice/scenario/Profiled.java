package io.sluice.scenario;

import java.util.Locale;

/** The loads of goals whose profiles are taken, each with a page in {@code docs/profiles}. */
enum Profiled {
    HEADLINE(
            "The headline: as many records as are answered",
            "POSTs of 50 events of 3,000 shops over 64 connections, as fast as they are answered, gzip."),
    PIXEL(
            "Pixels, 64 connections",
            "`GET /p.gif`, synced, the next when the last was answered. The load is that of `scripts/load`, and "
                    + "what comes is delivered to the lab; `scripts/bench pixel` has `wrk` and no delivery."),
    LATENCY(
            "Latency at half of capacity",
            "The open loop of `scripts/bench latency`. The column *ready without a processor* is the scheduler's own "
                    + "account of time in which a thread could have run: what is in a tail and in no sample."),
    IDLE(
            "1,000 requests a second",
            "One event a POST, on a gateway that was compiled before: that point of `scripts/bench growth`."),
    START(
            "From start to ready",
            "Starts with an empty journal and the AOT cache, until ready. Samples are one a millisecond of processor "
                    + "time; the recorder's own start is in the time of a start here, and not in that of "
                    + "`scripts/bench start`. With the recorder the JVM reads and makes classes that it takes from the "
                    + "cache without it: where it does (`java.util.zip`, `jdk.internal.classfile`), the count of classes "
                    + "says more than the samples."),
    CATCH_UP(
            "Catching up behind half a minute without Firehose",
            "`scripts/bench scenario firehose-down`, from the end of the time without Firehose on, samples and threads: "
                    + "what is in memory then is goal 6.");

    private final String title;
    private final String about;

    Profiled(String title, String about) {
        this.title = title;
        this.about = about;
    }

    String title() {
        return title;
    }

    String about() {
        return about;
    }

    /** As the command line and the file have it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Of the goal with this name, such as {@code pixel-c64}; {@code null} if none was taken for it. */
    static Profiled of(String result) {
        return switch (result) {
            case "ladder", "growth-load", "growth-connections", "growth-shops" -> HEADLINE;
            case "pixel-c256",
                    "pixel-c64",
                    "pixel-c64-written",
                    "pixel-h2",
                    "pixel-tls",
                    "pixel-tls-h2",
                    "handshakes",
                    "pixel-c256-one-loop",
                    "pixel-c64-one-loop",
                    "pixel-tls-one-loop" -> PIXEL;
            case "latency-p50", "latency-p999" -> LATENCY;
            case "firehose-down", "firehose-down-down_growth_mib" -> CATCH_UP;
            case "start-aot", "start-adopt" -> START;
            case "growth-idle" -> IDLE;
            default -> result.equals("million") || result.startsWith("million-") ? HEADLINE : null;
        };
    }
}
