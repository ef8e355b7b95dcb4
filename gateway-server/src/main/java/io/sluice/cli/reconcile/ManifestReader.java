package io.sluice.cli.reconcile;

import io.sluice.cli.objects.BlockLines;
import io.sluice.cli.objects.ShopCounts;
import io.sluice.common.Position;
import io.sluice.json.Scanner;
import io.sluice.record.BlockStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Reads manifests, one a line of JSON, as {@code docs/SCHEMA.md} describes them. One thread.
 *
 * <p>Members may stand in any order, and unknown ones are left alone. Lines of a version or kind that is not known are
 * counted: they are of a later gateway.
 */
final class ManifestReader {

    interface Visitor {

        /** @param shops lines of each shop, valid during the call */
        void manifest(Manifest manifest, ShopCounts shops);

        /**
         * A tombstone: what is left of a block, and the indexes of the lines that were taken out of it.
         *
         * @param shops lines of each shop that are left, valid during the call
         */
        void erased(Manifest left, RunSet lines, ShopCounts shops);

        void unknown();

        /** A line that is no manifest. */
        void malformed(int line);
    }

    private static final int VERSION = 1;
    private static final String ERASED = "erased";

    private final ToIntFunction<String> groups;
    private final BlockLines lines = new BlockLines();
    private final Scanner scanner = new Scanner();
    private final ShopCounts shops;
    private int line;

    // Of the line at hand.
    private byte[] bytes;
    private long version;
    private String incarnation;
    private long log;
    private long block;
    private String group;
    private long records;
    private long rawLength;
    private String crc32;
    private String kind;
    private long at;
    private RunSet erased;

    /**
     * @param groups the number of each stream group by name
     * @param byMinute whether shops are to be shown minute by minute
     */
    ManifestReader(ToIntFunction<String> groups, boolean byMinute) {
        shops = new ShopCounts(byMinute);
        this.groups = groups;
    }

    /** @throws IOException if something is damaged or cannot be read; the lines before it have been shown */
    void read(BlockStream object, Visitor visitor) throws IOException {
        line = 0;
        while (object.nextBlock()) {
            lines.read(object, (bytes, from, to) -> {
                line++;
                read(bytes, from, to, visitor);
            });
        }
    }

    private void read(byte[] bytes, int from, int to, Visitor visitor) {
        this.bytes = bytes;
        version = -1;
        incarnation = null;
        log = -1;
        block = -1;
        group = null;
        records = -1;
        rawLength = -1;
        crc32 = null;
        kind = null;
        at = -1;
        erased = new RunSet();
        shops.clear();
        scanner.reset(bytes, to);
        if (!object(from)) {
            visitor.malformed(line);
        } else if (version != VERSION || !isKnown(kind)) {
            visitor.unknown();
        } else {
            Manifest manifest = manifest();
            if (manifest == null) {
                visitor.malformed(line);
            } else if (kind.equals(ERASED)) {
                visitor.erased(manifest, erased, shops);
            } else {
                visitor.manifest(manifest, shops);
            }
        }
    }

    private static boolean isKnown(String kind) {
        return "delivered".equals(kind) || "parked".equals(kind) || ERASED.equals(kind);
    }

    /** What was read; {@code null} if something is missing or out of its range. */
    private Manifest manifest() {
        // Nothing at all may be left of a block.
        int least = ERASED.equals(kind) ? 0 : 1;
        boolean inRange = log >= 0
                && log <= Position.MAX_LOG
                && block >= 0
                && block <= Position.MAX_BLOCK
                && records >= least
                && records <= BlockTable.MAX_RECORDS
                && rawLength >= least
                && rawLength <= BlockTable.MAX_RAW
                && at >= 0;
        if (!inRange || incarnation == null || group == null || crc32 == null) {
            return null;
        }
        try {
            return new Manifest(
                    UUID.fromString(incarnation),
                    (int) log,
                    block,
                    kind.equals("parked"),
                    (int) TimeUnit.MILLISECONDS.toMinutes(at),
                    new Facts(
                            groups.applyAsInt(group),
                            (int) records,
                            rawLength,
                            HexFormat.fromHexDigits(crc32),
                            shops.digest()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private boolean object(int from) {
        if (bytes[from] != '{') {
            return false;
        }
        for (int i = scanner.space(from + 1); ; ) {
            int value = scanner.name(i);
            if (value == Scanner.FAILED) {
                return false;
            }
            String name = ascii(i + 1, i + 1 + scanner.nameLength());
            int behind = switch (name) {
                case "shops" -> shops(value);
                case ERASED -> ranges(value);
                default -> scanner.value(value, 1);
            };
            if (behind == Scanner.FAILED) {
                return false;
            }
            member(name, value, behind);
            i = scanner.space(behind);
            if (i >= scanner.end() || bytes[i] != ',') {
                return i < scanner.end() && bytes[i] == '}';
            }
            i = scanner.space(i + 1);
        }
    }

    private void member(String name, int from, int to) {
        switch (name) {
            case "v" -> version = number(from, to);
            case "inc" -> incarnation = string(from, to);
            case "log" -> log = number(from, to);
            case "block" -> block = number(from, to);
            case "group" -> group = string(from, to);
            case "records" -> records = number(from, to);
            case "raw" -> rawLength = number(from, to);
            case "crc32" -> crc32 = string(from, to);
            case "kind" -> kind = string(from, to);
            case "at" -> at = number(from, to);
            default -> {}
        }
    }

    /** Reads {@code {"shop":{"minute":lines,…},…}}. @return the offset behind it, or {@link Scanner#FAILED} */
    private int shops(int from) {
        if (bytes[from] != '{') {
            return Scanner.FAILED;
        }
        int i = from + 1;
        while (bytes[i] != '}') {
            int value = scanner.name(i);
            if (value == Scanner.FAILED || bytes[value] != '{') {
                return Scanner.FAILED;
            }
            int behind = minutes(value, i + 1, i + 1 + scanner.nameLength());
            if (behind == Scanner.FAILED) {
                return Scanner.FAILED;
            }
            i = bytes[behind] == ',' ? behind + 1 : behind;
        }
        return i + 1;
    }

    private int minutes(int from, int shopFrom, int shopTo) {
        int i = from + 1;
        while (bytes[i] != '}') {
            int value = scanner.name(i);
            if (value == Scanner.FAILED) {
                return Scanner.FAILED;
            }
            long minute = number(i + 1, i + 1 + scanner.nameLength());
            int behind = scanner.value(value, 2);
            long count = behind == Scanner.FAILED ? -1 : number(value, behind);
            if (minute < 0 || count < 0) {
                return Scanner.FAILED;
            }
            shops.add(bytes, shopFrom, shopTo, minute, count);
            i = bytes[behind] == ',' ? behind + 1 : behind;
        }
        return i + 1;
    }

    /** Reads {@code [[first,last],…]}. @return the offset behind it, or {@link Scanner#FAILED} */
    private int ranges(int from) {
        int end = scanner.value(from, 1);
        if (end == Scanner.FAILED || bytes[from] != '[') {
            return Scanner.FAILED;
        }
        int i = from + 1;
        while (bytes[i] == '[') {
            int comma = i + 1;
            while (comma < end && bytes[comma] != ',') {
                comma++;
            }
            int close = comma;
            while (close < end && bytes[close] != ']') {
                close++;
            }
            long first = number(i + 1, comma);
            long last = close == end ? -1 : number(comma + 1, close);
            if (first < 0 || last < first || last > Position.MAX_INDEX) {
                return Scanner.FAILED;
            }
            for (long index = first; index <= last; index++) {
                erased.add(index);
            }
            i = bytes[close + 1] == ',' ? close + 2 : close + 1;
        }
        return i + 1 == end ? end : Scanner.FAILED;
    }

    /** The number, or -1 if it is none that counts something. */
    private long number(int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9' || to - from > 18) {
                return -1;
            }
            number = 10 * number + (bytes[i] - '0');
        }
        return to > from ? number : -1;
    }

    /** The text, or {@code null} if the value is none. What it may hold needs no escapes. */
    private String string(int from, int to) {
        return bytes[from] == '"' ? ascii(from + 1, to - 1) : null;
    }

    private String ascii(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
