package io.sluice.bench;

import java.util.List;
import java.util.Map;

/**
 * A part of the way, and what of the benchmarks measures it.
 *
 * @param name its name in lines for programs
 * @param title its name for people
 * @param pattern of the benchmarks
 * @param params those of their parameters that are not run with all values
 * @param unit what a "record" of the benchmark is
 */
record Stage(String name, String title, String pattern, Map<String, List<String>> params, String unit) {

    private static final String RECORD = "record";

    private Stage(String name, String title, String pattern, Map<String, List<String>> params) {
        this(name, title, pattern, params, RECORD);
    }

    /** In the order of the way. Some eighty runs: seven seconds each are nine minutes. */
    static final List<Stage> ALL = List.of(
            new Stage("scan", "scanner", "ScanBench", Map.of("text", List.of("TRAFFIC"))),
            new Stage(
                    "scan",
                    "scanner, other texts",
                    "ScanBench.scan",
                    Map.of("text", List.of("LONG_STRINGS", "ESCAPES", "UNICODE", "NUMBERS", "NESTED"))),
            new Stage("string", "strings of the traffic", "StringBench", Map.of("text", List.of("TRAFFIC")), "string"),
            new Stage(
                    "string",
                    "strings, short ones and user agents and URLs",
                    "StringBench",
                    Map.of("text", List.of("SHORT", "LONG")),
                    "string"),
            new Stage("scrub", "scrubber", "ScrubBench.(scan|filter|scrub)", Map.of()),
            new Stage("line", "line writer, without its event", "LineBench", Map.of()),
            new Stage("decode", "decoder to written lines", "DecoderBench", Map.of()),
            new Stage("encode", "encoder, 64 KiB a flush", "EncodeBench", Map.of()),
            new Stage(
                    "gzip",
                    "encoder, gzip's race at 8 KiB a flush",
                    "GzipBench",
                    Map.of("chunkKib", List.of("8"), "encoder", List.of("OWN", "ZLIB", "ZSTD"))),
            new Stage(
                    "whole",
                    "body to frames, all of the above",
                    "IntakeBench.whole",
                    Map.of("encoding", List.of("GZIP"))),
            new Stage(
                    "whole",
                    "body to frames, other encodings",
                    "IntakeBench.whole",
                    Map.of("encoding", List.of("ZSTD", "NDJSON"), "events", List.of("50"))),
            new Stage("frame", "frame", "FrameBench", Map.of()),
            new Stage("cipher", "frame, encrypted", "FrameCipherBench", Map.of("bytes", List.of("10000")), "frame"),
            new Stage("hop", "ring, to the committer and back", "HopBench.hop", Map.of(), "ticket"),
            new Stage("hop", "ring, 1,000 tickets a second", "HopBench.idle", Map.of("burst", List.of("1")), "ticket"),
            new Stage(
                    "batch",
                    "batch of blocks, and the call",
                    "BatchBench",
                    Map.of("blockBytes", List.of("65536", "1000000"))));
}
