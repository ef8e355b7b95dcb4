package io.sluice.load;

import io.sluice.load.protocol.LoadProtocol;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a run does.
 *
 * @param targets where gateways listen; connections are dealt out over them, and a lost one is opened to the next
 * @param host what stands in the Host header
 * @param key the write key of all shops, if {@code shops} is 0
 * @param shops how many shops send, with the keys {@code shop-0000} and so on
 * @param schedule when events are sent, warm-up included; {@code null} for flat out
 * @param warmup how much of the begin is not measured
 * @param duration of the whole, warm-up included
 * @param batch events in a request
 * @param connections of all threads together
 * @param pipeline requests under way on a connection
 * @param threads event loops
 * @param churn requests after which a connection is closed and opened anew, 0 for never
 * @param retry what is sent again
 * @param drain how long answers are waited for at the end
 * @param run names the run, in ids and files
 * @param out directory of the report and the acks
 */
record LoadOptions(
        List<InetSocketAddress> targets,
        String host,
        String key,
        int shops,
        LoadProtocol protocol,
        Schedule schedule,
        Duration warmup,
        Duration duration,
        int batch,
        int connections,
        int pipeline,
        int threads,
        int churn,
        Retry retry,
        Duration drain,
        long seed,
        String run,
        Path out) {

    /** Which requests are sent again, with the same numbers. */
    enum Retry {
        /** None. */
        NONE,
        /** Those refused with 503 or 429, when the answer says so. */
        HONOUR,
        /** Those as well whose connection was lost: what trackers do, and what makes duplicates. */
        ALL
    }

    boolean flatOut() {
        return schedule == null;
    }

    Path acks() {
        return out.resolve(run + ".acks");
    }

    Path json() {
        return out.resolve(run + ".json");
    }

    Path html() {
        return out.resolve(run + ".html");
    }
}
