package io.sluice.prove;

import io.sluice.common.Position;
import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the chart and the bound of duplicates need to know of the delivered objects: when how many events came, and how
 * many blocks came more than once. Whether anything is missing is the oracle's business. One thread.
 */
final class DeliveredObjects {

    private static final String EVENTS = "/events/";
    private static final String LINE_END = "\"}";

    /** Incarnation, log and block: a position without the index of the record. */
    private static final int BLOCK_CHARACTERS = Position.TEXT_LENGTH - 4;

    private static final String FIRST_INDEX = "0000";

    /** An object holds what came in the second before it was complete, as the lab is told to buffer. */
    private static final int TENTHS = 10;

    /** Events by tenths of a second since the epoch, each object's spread over its second. */
    private final Map<Long, Long> byTenth = new TreeMap<>();

    private final Map<String, Integer> blocks = new HashMap<>();

    /** Reads all objects of events below a directory. */
    static DeliveredObjects read(Path directory) throws IOException {
        DeliveredObjects objects = new DeliveredObjects();
        if (Files.isDirectory(directory)) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(directory)) {
                files = walk.filter(Files::isRegularFile)
                        .filter(file -> file.toString().contains(EVENTS))
                        .toList();
            }
            for (Path file : files) {
                objects.add(file);
            }
        }
        return objects;
    }

    private void add(Path file) throws IOException {
        long tenth = Files.getLastModifiedTime(file).toMillis() / 100;
        long lines = 0;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                BlockReader.open(Encoding.GZIP, Files.newInputStream(file)), StandardCharsets.ISO_8859_1))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines++;
                int begin = line.length() - LINE_END.length() - Position.TEXT_LENGTH;
                if (begin > 0 && line.startsWith(FIRST_INDEX, begin + BLOCK_CHARACTERS)) {
                    blocks.merge(line.substring(begin, begin + BLOCK_CHARACTERS), 1, Integer::sum);
                }
            }
        }
        for (int i = 0; i < TENTHS; i++) {
            byTenth.merge(tenth - i, lines * (i + 1) / TENTHS - lines * i / TENTHS, Long::sum);
        }
    }

    /** Blocks beyond the first of each position. */
    long duplicateBlocks() {
        long more = 0;
        for (int times : blocks.values()) {
            more += times - 1;
        }
        return more;
    }

    /** Events that came between two times, in epoch milliseconds, as objects tell them. */
    long events(long fromMillis, long toMillis) {
        long events = 0;
        for (Map.Entry<Long, Long> entry : byTenth.entrySet()) {
            long millis = entry.getKey() * 100;
            events += millis >= fromMillis && millis < toMillis ? entry.getValue() : 0;
        }
        return events;
    }
}
