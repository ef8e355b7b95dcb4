package io.sluice.admin;

import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The laws of {@link Counter}, with their numbers as they are now. */
public final class Laws {

    /** A named number of a law. */
    public record Term(String name, long value) {}

    /**
     * One law: {@code whole = sum of parts}.
     *
     * @param moved how far both sides moved while they were read; a difference up to it proves nothing
     */
    public record Law(String title, Term whole, List<Term> parts, long moved) {

        /** Whole less parts. */
        public long difference() {
            return whole.value() - sum(parts);
        }

        public boolean holds() {
            return Math.abs(difference()) <= moved;
        }
    }

    private record Source(String name, ToDoubleFunction<Metrics> value) {

        Term read(Metrics metrics) {
            double now = value.applyAsDouble(metrics);
            // A gauge that nobody feeds yet counts nothing.
            return new Term(name, Double.isNaN(now) ? 0 : Math.round(now));
        }
    }

    private record Statement(String title, Source whole, List<Source> parts) {}

    private static final List<Statement> STATEMENTS = List.of(
            new Statement(
                    "Requests",
                    sum("received", Counter.REQUESTS_RECEIVED),
                    List.of(
                            sum("answered 2xx", Counter.REQUESTS_2XX),
                            sum("4xx", Counter.REQUESTS_4XX),
                            sum("5xx", Counter.REQUESTS_5XX),
                            sum("abandoned", Counter.REQUESTS_ABANDONED),
                            gauge("in flight", Gauge.REQUESTS_IN_FLIGHT))),
            new Statement(
                    "Events",
                    sum("decoded", Counter.EVENTS_DECODED),
                    List.of(sum("accepted", Counter.EVENTS_ACCEPTED), sum("rejected", Counter.EVENTS_REJECTED))),
            new Statement(
                    "Lines",
                    sum("accepted + rejected", Counter.EVENTS_ACCEPTED, Counter.EVENTS_REJECTED),
                    List.of(
                            sum("journalled", Counter.COMMITTED_RECORDS),
                            sum("not kept", Counter.EVENTS_UNKEPT),
                            gauge("under way", Gauge.EVENTS_UNDER_WAY))),
            new Statement(
                    "Delivery",
                    sum("journalled", Counter.COMMITTED_RECORDS, Counter.RECOVERED_RECORDS),
                    List.of(
                            sum("delivered", Counter.DELIVERED_RECORDS),
                            sum("parked", Counter.PARKED_RECORDS),
                            gauge("pending", Gauge.JOURNAL_PENDING_RECORDS))));

    private Laws() {}

    /** All laws, read now. Any thread. */
    public static List<Law> read(Metrics metrics) {
        List<Law> laws = new ArrayList<>();
        for (Statement statement : STATEMENTS) {
            Law first = read(statement, metrics);
            Law second = read(statement, metrics);
            long moved =
                    Math.abs(second.whole().value() - first.whole().value()) + movement(first.parts(), second.parts());
            laws.add(new Law(statement.title(), first.whole(), first.parts(), moved));
        }
        return laws;
    }

    private static Law read(Statement statement, Metrics metrics) {
        List<Term> parts = new ArrayList<>();
        for (Source part : statement.parts()) {
            parts.add(part.read(metrics));
        }
        return new Law(statement.title(), statement.whole().read(metrics), parts, 0);
    }

    private static long movement(List<Term> first, List<Term> second) {
        long sum = 0;
        for (int i = 0; i < first.size(); i++) {
            sum += Math.abs(second.get(i).value() - first.get(i).value());
        }
        return sum;
    }

    private static long sum(List<Term> terms) {
        long sum = 0;
        for (Term term : terms) {
            sum += term.value();
        }
        return sum;
    }

    private static Source sum(String name, Counter... counters) {
        return new Source(name, metrics -> {
            long total = 0;
            for (Counter counter : counters) {
                total += metrics.total(counter);
            }
            return total;
        });
    }

    private static Source gauge(String name, Gauge gauge) {
        return new Source(name, metrics -> metrics.value(gauge));
    }
}
