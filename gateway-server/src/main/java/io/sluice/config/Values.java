package io.sluice.config;

import io.sluice.common.Networks;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of value that a configuration has, with the units in which people write them. */
final class Values {

    /** Stands for "the gateway works it out", in kinds that allow it; becomes 0. */
    static final String AUTO = "auto";

    private static final Pattern QUANTITY = Pattern.compile("([0-9][0-9_,]*) ?([A-Za-z]+)");
    private static final Pattern NUMBER = Pattern.compile("[0-9][0-9_,]*");

    /** Units by size, the greatest that divides a value is the one it is written in. */
    private static final Map<String, Long> BYTES = new LinkedHashMap<>();

    private static final Map<String, Long> DECIMAL_BYTES = Map.of("kB", 1_000L, "MB", 1_000_000L, "GB", 1_000_000_000L);

    private static final Map<String, Long> NANOS = new LinkedHashMap<>();

    static {
        BYTES.put("GiB", 1L << 30);
        BYTES.put("MiB", 1L << 20);
        BYTES.put("KiB", 1L << 10);
        BYTES.put("B", 1L);
        NANOS.put("h", 3_600_000_000_000L);
        NANOS.put("m", 60_000_000_000L);
        NANOS.put("s", 1_000_000_000L);
        NANOS.put("ms", 1_000_000L);
        NANOS.put("us", 1_000L);
        NANOS.put("ns", 1L);
    }

    private Values() {}

    static Value<String> text(String expected, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return of(
                expected,
                text -> {
                    require(pattern.matcher(text).matches());
                    return text;
                },
                Function.identity());
    }

    /** One of http or https with nothing behind host and port, which clients must be able to read; or nothing. */
    static Value<String> url(String expected) {
        return of(
                expected,
                text -> {
                    require(text.isEmpty() || isUrl(text));
                    return text;
                },
                Function.identity());
    }

    private static boolean isUrl(String text) {
        // What clients of AWS read it with: of a host with an underscore, say, it knows no host at all.
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            return false;
        }
        return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                && url.getHost() != null
                && url.getPort() != 0
                && url.getPort() <= 65_535
                && url.getUserInfo() == null
                && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
    }

    static Value<Integer> number(int min, int max) {
        return of(
                "a whole number from " + grouped(min) + " to " + grouped(max),
                text -> (int) whole(text, min, max),
                String::valueOf);
    }

    /** As {@link #number}, or {@code auto}, which becomes 0. */
    static Value<Integer> numberOrAuto(int min, int max) {
        Value<Integer> number = number(min, max);
        return of(
                "auto, or " + number.expected(),
                text -> text.equals(AUTO) ? 0 : number.parse(text),
                value -> value == 0 ? AUTO : number.format(value));
    }

    static Value<Long> bytes(long min, long max) {
        return of(
                "a size from " + formatBytes(min) + " to " + formatBytes(max) + ", such as 64KiB or 16MiB",
                text -> {
                    long bytes = quantity(text, BYTES, DECIMAL_BYTES);
                    require(bytes >= min && bytes <= max);
                    return bytes;
                },
                Values::formatBytes);
    }

    /** As {@link #bytes}, or {@code auto}, which becomes 0. */
    static Value<Long> bytesOrAuto(long min, long max) {
        Value<Long> bytes = bytes(min, max);
        return of(
                "auto, or " + bytes.expected(),
                text -> text.equals(AUTO) ? 0L : bytes.parse(text),
                value -> value == 0 ? AUTO : bytes.format(value));
    }

    static Value<Duration> duration(Duration min, Duration max) {
        return of(
                "a duration from " + formatDuration(min) + " to " + formatDuration(max)
                        + ", such as 500us, 250ms, 60s or 26h",
                text -> {
                    Duration duration = Duration.ofNanos(quantity(text, NANOS, Map.of()));
                    require(duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0);
                    return duration;
                },
                Values::formatDuration);
    }

    /** A constant as {@link #oneOf} writes it. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The constants of an enum, as lower-case words joined by hyphens. */
    static <E extends Enum<E>> Value<E> oneOf(Class<E> type) {
        Map<E, String> words = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            words.put(constant, word(constant));
        }
        return of(
                "one of " + String.join(", ", words.values()),
                text -> {
                    for (Map.Entry<E, String> word : words.entrySet()) {
                        if (word.getValue().equals(text)) {
                            return word.getKey();
                        }
                    }
                    throw new IllegalArgumentException(text);
                },
                words::get);
    }

    static Value<Boolean> onOff() {
        return of(
                "on or off",
                text -> {
                    require(text.equals("on") || text.equals("off"));
                    return text.equals("on");
                },
                on -> on ? "on" : "off");
    }

    static Value<Path> path(String what) {
        return of(
                what,
                text -> {
                    require(!text.isBlank());
                    return Path.of(text).normalize();
                },
                Path::toString);
    }

    /** A path, or nothing, which becomes {@code null}. */
    static Value<Path> pathOrNone(String what) {
        return of(
                what,
                text -> text.isBlank() ? null : Path.of(text).normalize(),
                path -> path == null ? "" : path.toString());
    }

    /** Paths with commas between them, or nothing. */
    static Value<List<Path>> paths(String what) {
        return of(
                what,
                text -> {
                    List<Path> paths = new ArrayList<>();
                    for (String path : text.isBlank() ? new String[0] : text.split(",", -1)) {
                        require(!path.isBlank());
                        paths.add(Path.of(path.strip()).normalize());
                    }
                    return List.copyOf(paths);
                },
                paths -> String.join(", ", paths.stream().map(Path::toString).toList()));
    }

    /** Networks with commas between them, or nothing. */
    static Value<Networks> networks() {
        return of(
                "networks such as 10.0.0.0/8 or fd00::/8, or nothing",
                text -> Networks.of(text.isBlank() ? List.of() : List.of(text.split(",", -1))),
                Networks::toString);
    }

    /** As {@link #networks}, or a word for all of them, or for none. */
    static Value<Networks> networksOr(String none, String all) {
        Value<Networks> networks = networks();
        return of(
                none + ", " + all + ", or networks such as 10.0.0.0/8 or fd00::/8",
                text -> {
                    require(!text.isBlank());
                    if (text.equals(none)) {
                        return Networks.NONE;
                    }
                    return text.equals(all) ? Networks.ALL : networks.parse(text);
                },
                value -> {
                    if (value.isEmpty()) {
                        return none;
                    }
                    return value.equals(Networks.ALL) ? all : networks.format(value);
                });
    }

    /** Words with commas between them, or nothing. */
    static Value<List<String>> words(String what, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return of(
                what,
                text -> {
                    List<String> words = new ArrayList<>();
                    for (String word : text.isBlank() ? new String[0] : text.split(",", -1)) {
                        require(pattern.matcher(word.strip()).matches());
                        words.add(word.strip());
                    }
                    return List.copyOf(words);
                },
                words -> String.join(", ", words));
    }

    /** As another kind, or nothing, which becomes what is given for it. */
    static <T> Value<T> orNothing(Value<T> value, T nothing) {
        return of(
                value.expected() + ", or nothing",
                text -> text.isBlank() ? nothing : value.parse(text),
                found -> found.equals(nothing) ? "" : value.format(found));
    }

    static String formatBytes(long bytes) {
        return format(bytes, BYTES, "B");
    }

    private static String formatDuration(Duration duration) {
        return format(duration.toNanos(), NANOS, "s");
    }

    private static String format(long value, Map<String, Long> units, String ofZero) {
        if (value == 0) {
            return "0" + ofZero;
        }
        for (Map.Entry<String, Long> unit : units.entrySet()) {
            // 90 s rather than 1.5 m, and 60 s rather than 1 m, as timeouts are spoken of.
            if (value % unit.getValue() == 0 && !(unit.getKey().equals("m") && value < 10 * unit.getValue())) {
                return value / unit.getValue() + unit.getKey();
            }
        }
        throw new AssertionError("the last unit is 1");
    }

    private static long quantity(String text, Map<String, Long> units, Map<String, Long> moreUnits) {
        Matcher matcher = QUANTITY.matcher(text);
        require(matcher.matches());
        Long unit = units.get(matcher.group(2));
        if (unit == null) {
            unit = moreUnits.get(matcher.group(2));
        }
        require(unit != null);
        BigInteger value = digits(matcher.group(1)).multiply(BigInteger.valueOf(unit));
        require(value.bitLength() < Long.SIZE);
        return value.longValue();
    }

    private static long whole(String text, long min, long max) {
        require(NUMBER.matcher(text).matches());
        BigInteger value = digits(text);
        require(value.compareTo(BigInteger.valueOf(min)) >= 0 && value.compareTo(BigInteger.valueOf(max)) <= 0);
        return value.longValue();
    }

    private static BigInteger digits(String text) {
        return new BigInteger(text.replace("_", "").replace(",", ""));
    }

    /** 10000 as 10,000. */
    static String grouped(long value) {
        String digits = Long.toString(value);
        List<String> groups = new ArrayList<>();
        for (int end = digits.length(); end > 0; end -= 3) {
            groups.addFirst(digits.substring(Math.max(0, end - 3), end));
        }
        return String.join(",", groups);
    }

    private static void require(boolean valid) {
        if (!valid) {
            throw new IllegalArgumentException();
        }
    }

    private static <T> Value<T> of(String expected, Function<String, T> parse, Function<T, String> format) {
        return new Value<>() {
            @Override
            public T parse(String text) {
                return parse.apply(text);
            }

            @Override
            public String format(T value) {
                return format.apply(value);
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }
}
