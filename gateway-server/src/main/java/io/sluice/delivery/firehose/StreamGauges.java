package io.sluice.delivery.firehose;

import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import java.util.Objects;

/** What is to be seen of the streams from outside. The delivery thread observes, any thread reads. */
final class StreamGauges {

    private volatile int open;
    private volatile int paused;
    private volatile int refused;
    private volatile int unchecked;
    private volatile String problem;
    private volatile long paceBytes;

    StreamGauges(Metrics metrics) {
        metrics.gauge(Gauge.FIREHOSE_STREAMS_OPEN, () -> open);
        metrics.gauge(Gauge.FIREHOSE_STREAMS_PAUSED, () -> paused);
        metrics.gauge(Gauge.FIREHOSE_STREAMS_REFUSED, () -> refused);
        metrics.gauge(Gauge.FIREHOSE_STREAMS_UNCHECKED, () -> unchecked);
        metrics.gauge(Gauge.FIREHOSE_PACE, () -> paceBytes);
    }

    void observe(Iterable<Lane> lanes, long nowNanos) {
        int nowOpen = 0;
        int nowPaused = 0;
        int nowRefused = 0;
        int nowUnchecked = 0;
        String nowProblem = null;
        long nowPace = 0;
        for (Lane lane : lanes) {
            for (Stream stream : lane.streams) {
                if (stream.isUnchecked()) {
                    nowUnchecked++;
                }
                if (stream.problem() != null) {
                    nowProblem = "stream " + stream.name + ": " + stream.problem();
                }
                if (stream.isOpen()) {
                    nowOpen++;
                    nowPace += stream.pacer.pace(nowNanos);
                } else if (stream.isPaused()) {
                    nowPaused++;
                } else if (stream.isRefused()) {
                    nowRefused++;
                }
            }
        }
        open = nowOpen;
        paused = nowPaused;
        refused = nowRefused;
        unchecked = nowUnchecked;
        if (!Objects.equals(nowProblem, problem)) {
            problem = nowProblem;
        }
        paceBytes = nowPace;
    }

    /** Why one of the streams takes nothing, or {@code null}. Any thread. */
    String problem() {
        return problem;
    }
}
