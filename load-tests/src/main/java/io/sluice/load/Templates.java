package io.sluice.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.bench.traffic.Body;
import io.sluice.bench.traffic.Traffic;
import io.sluice.load.acks.EventId;
import io.sluice.load.protocol.Rendered;
import io.sluice.load.protocol.Sender;
import io.sluice.load.protocol.TrafficEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Requests of one loop, rendered beforehand; one is taken, renumbered, sent, and taken again when the socket has it.
 *
 * <p>Confined to its loop once it is made. It owns the buffers: a sender retains one for the socket, and one that the
 * socket still holds is passed over. Cost of a request: 12 + 13 digits an event, no copy, no allocation.
 *
 * <p>Together they are several MB, so that what repeats lies farther apart than a compressor looks back.
 */
final class Templates {

    /** Of all loops together. zstd looks back 512 KiB at level 1, and 2 MiB at level 3. */
    static final long BYTES = 8 * 1024 * 1024;

    private record Template(ByteBuf request, int[] numbersAt, int[] timesAt, int[] agesMillis) {}

    private final LoadOptions options;
    private final Traffic traffic;
    private final SplittableRandom random;
    private final List<Template> templates = new ArrayList<>();
    private int next;

    Templates(LoadOptions options, int loop) {
        this.options = options;
        long seed = options.seed() + loop;
        traffic = new Traffic(seed);
        random = new SplittableRandom(~seed);
        long bytes = 0;
        // One more than can be under way.
        int least = options.connections() / options.threads() * options.pipeline() + 1;
        if (options.shops() > Traffic.SHOPS) {
            least = Math.max(least, options.shops() / options.threads());
        }
        while (bytes < BYTES / options.threads() || templates.size() < least && bytes < 16 * BYTES) {
            bytes += add().request.capacity();
        }
    }

    /** A request with the numbers from {@code first} on, whose last event happens at {@code millis}; not retained. */
    ByteBuf take(long first, long millis) {
        Template template = free();
        ByteBuf request = template.request;
        for (int i = 0; i < template.numbersAt.length; i++) {
            EventId.writeNumber(request, template.numbersAt[i], first + i);
            EventId.writeMillis(request, template.timesAt[i], millis - template.agesMillis[i]);
        }
        return request.setIndex(0, request.capacity());
    }

    private Template free() {
        for (int i = 0; i < templates.size(); i++) {
            Template template = templates.get(next);
            next = next + 1 == templates.size() ? 0 : next + 1;
            if (template.request.refCnt() == 1) {
                return template;
            }
        }
        // A gateway that reads slowly leaves all of them in sockets' queues.
        return add();
    }

    private Template add() {
        Body body = traffic.next(options.batch());
        int shop = shop(body.shop());
        String key = options.shops() == 0 ? options.key() : Traffic.key(shop);
        Sender sender =
                new Sender(options.host(), key, "https://" + Traffic.key(shop) + ".example", Browsers.any(random));
        Rendered rendered = options.protocol().render(TrafficEvent.of(body, options.run()), sender);
        ByteBuf request = Unpooled.directBuffer(rendered.bytes().length, rendered.bytes().length);
        request.writeBytes(rendered.bytes());
        Template template = new Template(request, rendered.numbersAt(), rendered.timesAt(), rendered.agesMillis());
        templates.add(template);
        return template;
    }

    /** Of more shops than the traffic has, each of its own stands for several. */
    private int shop(int shop) {
        if (options.shops() == 0) {
            return shop;
        }
        int several = (options.shops() - 1) / Traffic.SHOPS;
        return (several == 0 ? shop : shop + Traffic.SHOPS * random.nextInt(several + 1)) % options.shops();
    }

    void close() {
        for (Template template : templates) {
            template.request.release();
        }
        templates.clear();
    }
}
