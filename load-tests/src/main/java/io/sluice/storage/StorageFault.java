package io.sluice.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that a disk does wrong, as a line of text:
 *
 * <pre>
 *   CALL KIND [DELAY] [FOR] [in TEXT]
 *
 *   sync eio                     every fdatasync and directory sync fails
 *   sync eio 30s                 for 30 seconds
 *   write enospc in journal      in files with "journal" in their path
 *   all edquot                   every write and every new file
 *   sync slow 500ms              each takes half a second longer
 *   sync slow 500ms 1m           for a minute
 *   write short                  writes come half done
 * </pre>
 *
 * CALL is {@code sync}, {@code write}, {@code create} (of files and directories, and renames), {@code delete},
 * {@code read}, or {@code all} of those that change something. KIND is {@code eio}, {@code enospc}, {@code edquot},
 * {@code erofs}, {@code slow} or {@code short}. A file of several lines holds at the same time; {@code none} is none,
 * and what begins with {@code #} is nothing.
 *
 * @param call what fails
 * @param kind how
 * @param delay of SLOW
 * @param untilNanos when it stops, by {@link System#nanoTime}; {@link Long#MAX_VALUE} for never
 * @param part text that the path of the file holds; empty for every file
 */
public record StorageFault(Call call, Kind kind, Duration delay, long untilNanos, String part) {

    public enum Call {
        SYNC,
        WRITE,
        CREATE,
        DELETE,
        READ,
        /** Every call that changes something. */
        ALL
    }

    public enum Kind {
        EIO("Input/output error"),
        ENOSPC("No space left on device"),
        EDQUOT("Disk quota exceeded"),
        EROFS("Read-only file system"),
        SLOW("slow"),
        SHORT("short");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** As the C library says it. */
        String text() {
            return text;
        }
    }

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");
    private static final String GRAMMAR = "expected CALL KIND [DELAY] [FOR] [in TEXT], as in: sync eio 30s";

    /**
     * Reads a file of faults; durations begin now.
     *
     * @throws IllegalArgumentException that names the line
     */
    public static List<StorageFault> parse(List<String> lines) {
        List<StorageFault> faults = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#") && !text.equals("none")) {
                faults.add(parse(text));
            }
        }
        return faults;
    }

    public static StorageFault parse(String line) {
        String[] words = line.strip().split("\\s+");
        if (words.length < 2) {
            throw new IllegalArgumentException("'" + line + "' is no fault, " + GRAMMAR);
        }
        Call call = constant(Call.class, words[0], line);
        Kind kind = constant(Kind.class, words[1], line);
        int at = 2;
        Duration delay = Duration.ZERO;
        if (kind == Kind.SLOW) {
            delay = at < words.length ? duration(words[at++]) : null;
            if (delay == null) {
                throw new IllegalArgumentException("'" + line + "' does not say how slow, " + GRAMMAR);
            }
        }
        long until = Long.MAX_VALUE;
        Duration lasting = at < words.length ? duration(words[at]) : null;
        if (lasting != null) {
            at++;
            until = System.nanoTime() + lasting.toNanos();
        }
        String part = "";
        if (at + 2 == words.length && words[at].equals("in")) {
            part = words[at + 1];
            at += 2;
        }
        if (at < words.length) {
            throw new IllegalArgumentException("'" + words[at] + "' in '" + line + "' is not understood, " + GRAMMAR);
        }
        return new StorageFault(call, kind, delay, until, part);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word, String line) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("'" + word + "' in '" + line + "' is not understood, " + GRAMMAR);
    }

    private static Duration duration(String word) {
        Matcher matcher = DURATION.matcher(word);
        if (!matcher.matches()) {
            return null;
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }

    boolean strikes(Call called, Path path) {
        return concerns(path) && (call == called || call == Call.ALL && changes(called));
    }

    /** Space that is missing is missed by what asks for some; a sync and a deletion ask for none. */
    private boolean changes(Call called) {
        return switch (called) {
            case WRITE, CREATE -> true;
            case SYNC, DELETE -> kind != Kind.ENOSPC && kind != Kind.EDQUOT;
            case READ, ALL -> false;
        };
    }

    /** Whether it holds now, and for this file. */
    boolean concerns(Path path) {
        return (untilNanos == Long.MAX_VALUE || untilNanos - System.nanoTime() > 0)
                && path.toString().contains(part);
    }
}
