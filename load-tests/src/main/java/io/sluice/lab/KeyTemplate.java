package io.sluice.lab;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * An object's key: {@code <evaluated prefix><stream>-<version>-yyyy-MM-dd-HH-mm-ss-<uuid><extension>} ("Amazon S3
 * object
 * name format" and "Custom prefixes for Amazon S3 objects", Amazon Data Firehose developer guide). Immutable.
 *
 * <p>Of expressions it knows {@code !{timestamp:<java pattern>}} and {@code !{firehose:random-string}}. A prefix
 * without
 * a timestamp gets {@code yyyy/MM/dd/HH/} behind it.
 */
final class KeyTemplate {

    private static final String HOURS = "yyyy/MM/dd/HH/";
    private static final int RANDOM_LENGTH = 11;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private sealed interface Piece {}

    private record Text(String text) implements Piece {}

    private record Time(DateTimeFormatter format) implements Piece {}

    private record RandomText() implements Piece {}

    private final List<Piece> pieces = new ArrayList<>();
    private final DateTimeFormatter nameTime;
    private final String stream;
    private final String extension;

    /** @throws IllegalArgumentException if the prefix holds what AWS refuses, in words for the caller of AWS */
    KeyTemplate(String stream, String prefix, ZoneId zone, String extension) {
        this.stream = stream;
        this.extension = extension;
        this.nameTime = DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss").withZone(zone);
        boolean timed = false;
        int at = 0;
        for (int open = prefix.indexOf("!{"); open >= 0; open = prefix.indexOf("!{", at)) {
            int close = prefix.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("Prefix has an expression without an end: " + prefix);
            }
            pieces.add(new Text(prefix.substring(at, open)));
            String expression = prefix.substring(open + 2, close);
            if (expression.startsWith("timestamp:")) {
                pieces.add(new Time(DateTimeFormatter.ofPattern(expression.substring("timestamp:".length()))
                        .withZone(zone)));
                timed = true;
            } else if (expression.equals("firehose:random-string")) {
                pieces.add(new RandomText());
            } else {
                throw new IllegalArgumentException("Prefix has the expression !{" + expression
                        + "}, expected of !{timestamp:…} and !{firehose:random-string}");
            }
            at = close + 1;
        }
        pieces.add(new Text(prefix.substring(at)));
        if (!timed) {
            pieces.add(new Time(DateTimeFormatter.ofPattern(HOURS).withZone(zone)));
        }
    }

    static boolean isExpression(String prefix) {
        return prefix.contains("!{");
    }

    /** @param oldestMillis when the object's oldest record came, epoch ms */
    String key(int version, long oldestMillis, UUID id, RandomGenerator random) {
        Instant oldest = Instant.ofEpochMilli(oldestMillis);
        StringBuilder key = new StringBuilder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Text text -> key.append(text.text);
                case Time time -> key.append(time.format.format(oldest));
                case RandomText ignored -> {
                    for (int i = 0; i < RANDOM_LENGTH; i++) {
                        key.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
                    }
                }
            }
        }
        return key.append(stream)
                .append('-')
                .append(version)
                .append('-')
                .append(nameTime.format(oldest))
                .append('-')
                .append(id)
                .append(extension)
                .toString();
    }
}
