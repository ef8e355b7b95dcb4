package io.sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of delivery streams, written out or as a range: {@code events-1, events-2} or {@code events-{1..20}}. */
final class StreamNames implements Value<List<String>> {

    /** As Firehose has them (CreateDeliveryStream, DeliveryStreamName). */
    static final String NAME = "[a-zA-Z0-9_.-]{1,64}";

    /** What an account may have in a region. */
    private static final int MOST = 5000;

    private static final Pattern RANGE =
            Pattern.compile("([a-zA-Z0-9_.-]*)\\{([0-9]{1,4})\\.\\.([0-9]{1,4})\\}([a-zA-Z0-9_.-]*)");

    @Override
    public List<String> parse(String text) {
        List<String> names = new ArrayList<>();
        for (String part : text.strip().split("[, ]+")) {
            Matcher range = RANGE.matcher(part);
            if (range.matches()) {
                expand(range, names);
            } else {
                names.add(part);
            }
        }
        for (String name : names) {
            require(name.matches(NAME));
        }
        require(!names.isEmpty() && names.size() <= MOST);
        require(names.stream().distinct().count() == names.size());
        return List.copyOf(names);
    }

    /** {@code 01..12} keeps its zeros. */
    private static void expand(Matcher range, List<String> names) {
        String first = range.group(2);
        int last = Integer.parseInt(range.group(3));
        for (int number = Integer.parseInt(first); number <= last; number++) {
            String digits = Integer.toString(number);
            String zeros = "0".repeat(Math.max(0, first.length() - digits.length()));
            names.add(range.group(1) + (first.startsWith("0") ? zeros : "") + digits + range.group(4));
        }
    }

    @Override
    public String format(List<String> names) {
        return String.join(", ", names);
    }

    @Override
    public String expected() {
        return "different names of 1 to 64 of a-z A-Z 0-9 _ . and -, such as events-1, events-2 or events-{1..20}";
    }

    private static void require(boolean valid) {
        if (!valid) {
            throw new IllegalArgumentException();
        }
    }
}
