package io.sluice.load.protocol;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** {@code POST /v1/events}, whose events are what real trackers sent. */
final class CapturesProtocol implements LoadProtocol {

    private static final int TIME_DIGITS = 13;

    private final EventsProtocol array = new EventsProtocol(EventsProtocol.Form.ARRAY);

    /** Read by the first who needs it: the others need no file. */
    private static final class Holder {
        private static final Captures CAPTURES = Captures.read();
    }

    @Override
    public String name() {
        return "captures";
    }

    @Override
    public String about() {
        return "POST /v1/events, an array of events whose props are what trackers really sent";
    }

    @Override
    public int maxEvents() {
        return array.maxEvents();
    }

    @Override
    public Rendered render(List<TrafficEvent> events, Sender sender) {
        return array.render(events.stream().map(CapturesProtocol::captured).toList(), sender);
    }

    /** Id, name and time stay; the same event of the traffic becomes the same capture. */
    private static TrafficEvent captured(TrafficEvent event) {
        RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom")
                .create(event.json().hashCode());
        String head = event.json().substring(0, event.timeAt() + TIME_DIGITS);
        String json = head + ",\"props\":" + Holder.CAPTURES.any(random) + '}';
        return new TrafficEvent(json, event.timeAt(), event.timeMillis());
    }

    @Override
    public boolean takesAll(byte[] body, int length) {
        return array.takesAll(body, length);
    }
}
