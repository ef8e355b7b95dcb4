package io.sluice.load.protocol;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code GET /p.gif}, one event in the query, as an image element sends it. */
final class PixelProtocol implements LoadProtocol {

    @Override
    public String name() {
        return "pixel";
    }

    @Override
    public String about() {
        return "GET /p.gif, one event in the query";
    }

    @Override
    public int maxEvents() {
        return 1;
    }

    @Override
    public Rendered render(List<TrafficEvent> events, Sender sender) {
        TrafficEvent event = events.getFirst();
        StringBuilder request = new StringBuilder("GET /p.gif?k=" + sender.key());
        int numberAt = 0;
        int timeAt = 0;
        for (FlatJson members = new FlatJson(event.json()); members.next(); ) {
            request.append('&').append(URLEncoder.encode(members.name(), StandardCharsets.UTF_8));
            request.append('=');
            switch (members.name()) {
                case "id" -> numberAt = request.length() + TrafficEvent.NUMBER_AT - "{\"id\":\"".length();
                case "ts" -> timeAt = request.length();
                default -> {
                    // Only the two are written over.
                }
            }
            request.append(URLEncoder.encode(members.value(), StandardCharsets.UTF_8));
        }
        request.append(" HTTP/1.1\r\nHost: ").append(sender.host());
        request.append("\r\nUser-Agent: ").append(sender.agent());
        request.append("\r\nAccept: image/avif,image/webp,*/*;q=0.8\r\nReferer: ")
                .append(sender.site());
        request.append("/\r\n\r\n");
        byte[] bytes = request.toString().getBytes(StandardCharsets.US_ASCII);
        return new Rendered(bytes, new int[] {numberAt}, new int[] {timeAt}, new int[] {0});
    }

    @Override
    public boolean takesAll(byte[] body, int length) {
        // An image says nothing but 2xx.
        return true;
    }
}
