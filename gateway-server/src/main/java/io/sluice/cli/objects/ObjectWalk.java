package io.sluice.cli.objects;

import io.sluice.aws.ObjectReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The objects of several prefixes by the hour in their keys, {@code <prefix>yyyy/MM/dd/HH/}, in UTC; of one hour in the
 * order in which the prefixes were added. Keys without an hour come first. One thread; holds a page of each prefix.
 */
public final class ObjectWalk {

    /** What keys without an hour have for theirs. */
    public static final int NO_HOUR = Integer.MIN_VALUE;

    private static final Pattern HOUR = Pattern.compile("(\\d{4})/(\\d{2})/(\\d{2})/(\\d{2})/.*");
    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("uuuu/MM/dd/HH/").withZone(ZoneOffset.UTC);

    /**
     * @param source number of the prefix, in the order in which they were added
     * @param minute since the epoch, in which its hour begins, or {@link #NO_HOUR}
     */
    public record Found(int source, String key, long bytes, int minute) {}

    private static final class Source {
        final int number;
        final String prefix;
        final ObjectReader.Listing listing;
        final int endMinute;
        final String without;
        Found head;

        Source(int number, String prefix, ObjectReader.Listing listing, int endMinute, String without) {
            this.number = number;
            this.prefix = prefix;
            this.listing = listing;
            this.endMinute = endMinute;
            this.without = without;
        }

        void advance() throws IOException {
            head = null;
            ObjectReader.Entry entry = listing.next();
            while (entry != null && without != null && entry.key().startsWith(without)) {
                entry = listing.next();
            }
            if (entry != null) {
                Found found = new Found(number, entry.key(), entry.bytes(), minute(prefix, entry.key()));
                // Hours ascend with keys, so that nothing more of interest follows.
                head = found.minute() < endMinute ? found : null;
            }
        }
    }

    private final ObjectReader reader;
    private final String bucket;
    private final List<Source> sources = new ArrayList<>();

    public ObjectWalk(ObjectReader reader, String bucket) {
        this.reader = reader;
        this.bucket = bucket;
    }

    /** Adds a prefix, of which only the hours that begin from one minute until before another are of interest. */
    public void add(String prefix, int fromMinute, int endMinute) throws IOException {
        add(prefix, fromMinute, endMinute, null);
    }

    /** The same, without keys that begin with {@code without}, unless it is {@code null}. */
    public void add(String prefix, int fromMinute, int endMinute, String without) throws IOException {
        String after =
                fromMinute == Integer.MIN_VALUE ? "" : prefix + FOLDER.format(Instant.ofEpochSecond(60L * fromMinute));
        Source source = new Source(sources.size(), prefix, reader.list(bucket, prefix, after), endMinute, without);
        source.advance();
        sources.add(source);
    }

    /** @return {@code null} behind the last */
    public Found next() throws IOException {
        Source first = null;
        for (Source source : sources) {
            if (source.head != null && (first == null || source.head.minute() < first.head.minute())) {
                first = source;
            }
        }
        if (first == null) {
            return null;
        }
        Found found = first.head;
        first.advance();
        return found;
    }

    /** In which the hour of the key begins, since the epoch, or {@link #NO_HOUR}. */
    public static int minute(String prefix, String key) {
        Matcher matcher = HOUR.matcher(key).region(prefix.length(), key.length());
        if (!matcher.matches()) {
            return NO_HOUR;
        }
        try {
            return (int) (LocalDateTime.of(
                                    Integer.parseInt(matcher.group(1)),
                                    Integer.parseInt(matcher.group(2)),
                                    Integer.parseInt(matcher.group(3)),
                                    Integer.parseInt(matcher.group(4)),
                                    0)
                            .toEpochSecond(ZoneOffset.UTC)
                    / 60);
        } catch (DateTimeException e) {
            return NO_HOUR;
        }
    }
}
