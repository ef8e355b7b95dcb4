package io.sluice.journal;

import io.sluice.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Names in the directory of an incarnation, and the few steps on directories that must be durable. Any thread. */
final class Layout {

    static final String LOCK = "lock";
    static final String GROUPS = "groups";
    /** A segment that is not ready yet. It becomes one by a rename once its header is on disk. */
    static final String PREPARED = "prepare.tmp";

    /** Shows whether files can be written past the page cache. */
    static final String PROBE = "probe.tmp";

    private static final String LOG = "log-";
    private static final String SEGMENT = "seg-";
    private static final String SEGMENT_END = ".slj";
    private static final String MARKS_END = ".marks";
    private static final String RECEIPTS_END = ".receipts";
    private static final int DIGITS = 10;

    private Layout() {}

    static Path log(Path incarnation, int log) {
        return incarnation.resolve(LOG + padded(log, 2));
    }

    /** Number of the log in a directory of this name, or -1 if it is none. */
    static int logNumber(Path directory) {
        String name = directory.getFileName().toString();
        return name.startsWith(LOG) ? (int) number(name.substring(LOG.length())) : -1;
    }

    static Path segment(Path log, long sequence) {
        return log.resolve(SEGMENT + padded(sequence, DIGITS) + SEGMENT_END);
    }

    /** Sequence number of the segment of this name, or -1 if it is none. */
    static long segmentNumber(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(SEGMENT) && name.endsWith(SEGMENT_END)
                ? number(name.substring(SEGMENT.length(), name.length() - SEGMENT_END.length()))
                : -1;
    }

    /** The {@code attempt}-th file of marks of blocks whose SEAL lies in the segment. */
    static Path marks(Path log, long sequence, int attempt) {
        return log.resolve(SEGMENT + padded(sequence, DIGITS) + '.' + attempt + MARKS_END);
    }

    /** Sequence number of the segment whose marks lie in the file of this name, or -1 if it holds none. */
    static long marksNumber(Path file) {
        String name = file.getFileName().toString();
        int dot = name.indexOf('.');
        return name.startsWith(SEGMENT) && name.endsWith(MARKS_END)
                ? number(name.substring(SEGMENT.length(), dot))
                : -1;
    }

    /** Which attempt a file of marks is, or -1 if it is none. */
    static int marksAttempt(Path file) {
        String name = file.getFileName().toString();
        int dot = name.indexOf('.');
        return marksNumber(file) < 0
                ? -1
                : (int) number(name.substring(dot + 1, Math.max(dot + 1, name.length() - MARKS_END.length())));
    }

    /** Receipts of blocks whose SEAL lies in the segment. */
    static Path receipts(Path log, long sequence) {
        return log.resolve(SEGMENT + padded(sequence, DIGITS) + RECEIPTS_END);
    }

    /** Sequence number of the segment that the file of this name lies beside, or -1 if it is none of such. */
    static long besideNumber(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(SEGMENT) && name.endsWith(RECEIPTS_END)
                ? number(name.substring(SEGMENT.length(), name.length() - RECEIPTS_END.length()))
                : marksNumber(file);
    }

    /** The incarnation whose directory has this name, or {@code null} if it is none. */
    static UUID incarnation(Path directory) {
        String name = directory.getFileName().toString();
        if (name.length() != 36) {
            return null;
        }
        try {
            UUID id = UUID.fromString(name);
            return id.toString().equals(name) ? id : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The segments of a log, in the order of their sequence. */
    static List<Path> segments(Storage storage, Path log) throws IOException {
        List<Path> segments = new ArrayList<>();
        for (Path path : storage.list(log)) {
            if (segmentNumber(path) >= 0) {
                segments.add(path);
            }
        }
        return segments;
    }

    /** Deletes what lies beside the segment, which is gone for good. */
    static void deleteBeside(Storage storage, Path log, long sequence) throws IOException {
        for (Path path : storage.list(log)) {
            if (besideNumber(path) == sequence) {
                storage.delete(path);
            }
        }
    }

    /** Makes the directory and those above it, durable. */
    static void makeDirectories(Storage storage, Path directory) throws IOException {
        List<Path> parents = new ArrayList<>();
        Path missing = directory.toAbsolutePath();
        while (missing != null && !storage.exists(missing)) {
            missing = missing.getParent();
            parents.add(missing);
        }
        storage.createDirectories(directory);
        for (Path parent : parents.reversed()) {
            if (parent != null) {
                storage.syncDirectory(parent);
            }
        }
    }

    private static String padded(long number, int digits) {
        String text = Long.toString(number);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > 18) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }
}
