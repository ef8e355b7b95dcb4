package io.sluice.load.protocol;

import java.util.List;

/** Every protocol that there is. */
public final class LoadProtocols {

    public static final List<LoadProtocol> ALL = List.of(
            new EventsProtocol(EventsProtocol.Form.ARRAY),
            new EventsProtocol(EventsProtocol.Form.NDJSON),
            new EventsProtocol(EventsProtocol.Form.SINGLE),
            new PixelProtocol(),
            new CapturesProtocol());

    private LoadProtocols() {}

    /** The protocol of that name, or {@code null}. */
    public static LoadProtocol find(String name) {
        for (LoadProtocol protocol : ALL) {
            if (protocol.name().equals(name)) {
                return protocol;
            }
        }
        return null;
    }

    public static List<String> names() {
        return ALL.stream().map(LoadProtocol::name).toList();
    }
}
