package io.sluice.load.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code POST /v1/events}, as a page's script sends it with {@code fetch}. */
final class EventsProtocol implements LoadProtocol {

    /** What the body is. */
    enum Form {
        ARRAY("events", "POST /v1/events, a JSON array", 10_000),
        NDJSON("ndjson", "POST /v1/events, one JSON object a line", 10_000),
        SINGLE("event", "POST /v1/events, one JSON object", 1);

        private final String protocolName;
        private final String about;
        private final int maxEvents;

        Form(String protocolName, String about, int maxEvents) {
            this.protocolName = protocolName;
            this.about = about;
            this.maxEvents = maxEvents;
        }
    }

    /** The answer's counts: {@code {"accepted":n,"rejected":m,…}}. */
    private static final byte[] NONE_REJECTED = "\"rejected\":0,".getBytes(StandardCharsets.US_ASCII);

    private final Form form;

    EventsProtocol(Form form) {
        this.form = form;
    }

    @Override
    public String name() {
        return form.protocolName;
    }

    @Override
    public String about() {
        return form.about;
    }

    @Override
    public int maxEvents() {
        return form.maxEvents;
    }

    @Override
    public Rendered render(List<TrafficEvent> events, Sender sender) {
        int[] numbersAt = new int[events.size()];
        int[] timesAt = new int[events.size()];
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < events.size(); i++) {
            if (form == Form.ARRAY) {
                body.write(i == 0 ? '[' : ',');
            }
            numbersAt[i] = body.size() + TrafficEvent.NUMBER_AT;
            timesAt[i] = body.size() + events.get(i).timeAt();
            body.writeBytes(events.get(i).json().getBytes(StandardCharsets.UTF_8));
            if (form == Form.NDJSON) {
                body.write('\n');
            }
        }
        if (form == Form.ARRAY) {
            body.write(']');
        }
        // A plain text needs no preflight, which is why trackers send JSON as one.
        byte[] head = ("POST /v1/events?k=" + sender.key() + " HTTP/1.1\r\nHost: " + sender.host()
                        + "\r\nUser-Agent: " + sender.agent()
                        + "\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: " + body.size()
                        + "\r\nAccept: */*\r\nOrigin: " + sender.site() + "\r\nReferer: " + sender.site()
                        + "/\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream request = new ByteArrayOutputStream(head.length + body.size());
        request.writeBytes(head);
        request.writeBytes(body.toByteArray());
        for (int i = 0; i < numbersAt.length; i++) {
            numbersAt[i] += head.length;
            timesAt[i] += head.length;
        }
        return new Rendered(request.toByteArray(), numbersAt, timesAt, ages(events));
    }

    static int[] ages(List<TrafficEvent> events) {
        long last = events.getLast().timeMillis();
        return events.stream()
                .mapToInt(event -> (int) (last - event.timeMillis()))
                .toArray();
    }

    @Override
    public boolean takesAll(byte[] body, int length) {
        for (int at = 0; at + NONE_REJECTED.length <= length; at++) {
            int i = 0;
            while (i < NONE_REJECTED.length && body[at + i] == NONE_REJECTED[i]) {
                i++;
            }
            if (i == NONE_REJECTED.length) {
                return true;
            }
        }
        return false;
    }
}
