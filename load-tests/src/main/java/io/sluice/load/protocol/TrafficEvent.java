package io.sluice.load.protocol;

import io.sluice.bench.traffic.Body;
import io.sluice.load.acks.EventId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One event of the traffic as JSON, with the id of a run.
 *
 * @param json the text, which begins with {@code {"id":"e-RRRRRRRR-NNNNNNNNNNNN"}
 * @param timeAt where the 13 digits of its time begin in the text's UTF-8
 * @param timeMillis that time
 */
public record TrafficEvent(String json, int timeAt, long timeMillis) {

    /** Where the number begins in the text. */
    public static final int NUMBER_AT = "{\"id\":\"".length() + EventId.NUMBER_AT;

    private static final int HEAD = "{\"id\":\"e-".length();
    private static final String TIME = "\"ts\":";
    private static final int TIME_DIGITS = 13;

    /** The events of a body, with ids of the run; their numbers are all 0. */
    public static List<TrafficEvent> of(Body body, String run) {
        List<TrafficEvent> events = new ArrayList<>();
        for (int i = 0; i < body.events(); i++) {
            int behindNumber = body.numbersAt()[i] + Body.DIGITS;
            // A comma or the bracket lies between an event and the next.
            int end = (i + 1 < body.events() ? body.numbersAt()[i + 1] - HEAD : body.bytes().length) - 1;
            String rest = new String(body.bytes(), behindNumber, end - behindNumber, StandardCharsets.UTF_8);
            String json = "{\"id\":\"" + EventId.text(run, 0) + rest;
            // What stands before the time is ASCII: offsets in the text and in UTF-8 are the same.
            int timeAt = json.indexOf(TIME) + TIME.length();
            events.add(new TrafficEvent(json, timeAt, Long.parseLong(json, timeAt, timeAt + TIME_DIGITS, 10)));
        }
        return events;
    }
}
