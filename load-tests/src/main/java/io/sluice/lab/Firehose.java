package io.sluice.lab;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.common.Clock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The service behind the protocol: streams, limits, quotas, faults, buffers and what they counted.
 *
 * <p>Any thread. One lock, this object's, guards all state; bodies are decoded and objects delivered outside of it.
 */
final class Firehose {

    static final int MOST_RECORDS = 500;
    static final int MOST_RECORD_BYTES = 1_024_000;
    static final int MOST_BATCH_BYTES = 4 << 20;
    static final int MOST_STREAMS = 5_000;

    private final LabConfig config;
    private final Clock clock;
    private final Path bufferDirectory;
    private final Faults faults;
    private final PutReply reply = new PutReply();

    private final Map<String, DeliveryStream> streams = new TreeMap<>();
    /** Deleted, with objects that are still to be delivered. */
    private final List<DeliveryStream> leaving = new ArrayList<>();
    /** By the stream's name, and for ever: a stream that was deleted has still done what it did. */
    private final Map<String, Counters> counters = new TreeMap<>();
    /** Of calls that name no stream that is there. */
    private final Counters stray = new Counters();

    private long firstStoredNanos = -1;

    Firehose(LabConfig config, Clock clock, Path bufferDirectory, Faults faults) {
        this.config = config;
        this.clock = clock;
        this.bufferDirectory = bufferDirectory;
        this.faults = faults;
        for (StreamSettings settings : config.streams()) {
            add(settings);
        }
    }

    private void add(StreamSettings settings) {
        String name = settings.name();
        streams.put(
                name,
                new DeliveryStream(
                        settings,
                        config.quota(),
                        clock,
                        bufferDirectory,
                        counters.computeIfAbsent(name, key -> new Counters()),
                        new SplittableRandom(config.seed() * 31 + name.hashCode())));
    }

    /**
     * Takes the body of a PutRecordBatch, or of a PutRecord.
     *
     * @param scanner the caller's, to reuse; cleared on return
     * @throws IOException if the buffer cannot be written, after which no counter can be trusted
     */
    Answer put(PutScanner scanner, byte[] body, int length, boolean batch) throws IOException {
        try {
            scanner.scan(body, length);
            byte[][] records = new byte[scanner.count()][];
            AwsError invalid = check(scanner, batch);
            if (invalid == null) {
                for (int i = 0; i < records.length; i++) {
                    records[i] = scanner.decode(i);
                }
            }
            return put(scanner.streamName(), records, scanner.payloadLength(), invalid, batch);
        } catch (PutScanner.Malformed e) {
            return put(null, new byte[0][], 0, AwsError.serialization(), batch);
        } finally {
            scanner.clear();
        }
    }

    private static AwsError check(PutScanner scanner, boolean batch) {
        if (scanner.streamName() == null) {
            return AwsError.constraint("deliveryStreamName", "Member must not be null");
        }
        if (scanner.count() == 0) {
            return batch
                    ? AwsError.constraint("records", "Member must have length greater than or equal to 1")
                    : AwsError.constraint("record", "Member must not be null");
        }
        if (batch && scanner.count() > MOST_RECORDS) {
            return AwsError.constraint("records", "Member must have length less than or equal to " + MOST_RECORDS);
        }
        for (int i = 0; i < scanner.count(); i++) {
            if (scanner.payloadLength(i) > MOST_RECORD_BYTES) {
                return AwsError.constraint(
                        batch ? "records." + (i + 1) + ".member.data" : "record.data",
                        "Member must have length less than or equal to " + MOST_RECORD_BYTES);
            }
        }
        if (scanner.payloadLength() > MOST_BATCH_BYTES) {
            return AwsError.invalid("Records size exceeds 4 MB limit");
        }
        return null;
    }

    private synchronized Answer put(String name, byte[][] records, long bytes, AwsError invalid, boolean batch)
            throws IOException {
        DeliveryStream stream = name == null ? null : streams.get(name);
        Counters count = stream == null ? stray : stream.counters();
        count.add(Count.CALLS, 1);
        count.add(Count.CALLS_IN_FLIGHT, 1);
        count.add(Count.RECORDS, records.length);
        count.add(Count.BYTES, bytes);
        if (invalid != null) {
            return refuse(count, "invalid", records.length, invalid, 0);
        }
        if (stream == null) {
            return refuse(count, "no-stream", records.length, AwsError.notFound(name, config.account()), 0);
        }
        List<FaultRule> rules = faults.of(name);
        long delay = Strikes.delayNanos(rules, stream.random(), count);
        FaultRule strike = Strikes.call(rules, stream.random());
        if (strike != null) {
            count.fault(strike.fault(), 1);
            if (!strike.afterStoring()) {
                return struck(stream, strike, records.length, delay, batch);
            }
        }
        if (!stream.admitsRequest()) {
            return refuse(count, "quota:requests", records.length, AwsError.slowDown(), delay);
        }
        String[] codes = new String[records.length];
        long storedBefore = count.get(Count.STORED);
        int failed = 0;
        for (int i = 0; i < records.length; i++) {
            codes[i] = store(stream, records[i], rules);
            if (codes[i] != null) {
                failed++;
            }
        }
        long stored = count.get(Count.STORED) - storedBefore;
        count.add(Count.STORED_IN_FLIGHT, stored);
        if (strike != null) {
            return afterwards(stream, strike, stored, delay, batch);
        }
        if (batch) {
            long ok = records.length - failed;
            byte[] body = reply.batch(codes, failed);
            return new Answer(Answer.Kind.SEND, 200, body, delay, null, count, ok, stored - ok);
        }
        if (codes[0] == null) {
            return new Answer(Answer.Kind.SEND, 200, reply.single(), delay, null, count, 1, 0);
        }
        AwsError error = codes[0].equals(AwsError.UNAVAILABLE) ? AwsError.slowDown() : AwsError.internal(500);
        return answer(error, count, stored, delay);
    }

    /** Stores a record, or not, and answers the code that the client is told, null for success. */
    private String store(DeliveryStream stream, byte[] record, List<FaultRule> rules) throws IOException {
        Counters count = stream.counters();
        String refusal = stream.refusalOf(record.length);
        if (refusal != null) {
            count.refuse(refusal, 1);
            return AwsError.UNAVAILABLE;
        }
        FaultRule strike = rules.isEmpty() ? null : Strikes.record(rules, stream.random());
        if (strike != null) {
            count.fault(strike.fault(), 1);
            if (strike.fault() == Fault.PARTIAL) {
                count.refuse("fault:" + strike.fault().label(), 1);
                return strike.code();
            }
        }
        stream.store(record);
        if (firstStoredNanos < 0) {
            firstStoredNanos = clock.nanoTime();
        }
        return strike == null ? null : AwsError.INTERNAL;
    }

    private Answer struck(DeliveryStream stream, FaultRule strike, int records, long delay, boolean batch) {
        Counters count = stream.counters();
        count.refuse("fault:" + strike.fault().label(), records);
        if (strike.fault() == Fault.THROTTLE) {
            if (!batch) {
                return answer(AwsError.slowDown(), count, 0, delay);
            }
            String[] codes = new String[records];
            Arrays.fill(codes, AwsError.UNAVAILABLE);
            return new Answer(Answer.Kind.SEND, 200, reply.batch(codes, records), delay, null, count, 0, 0);
        }
        return afterwards(stream, strike, 0, delay, batch);
    }

    private Answer afterwards(DeliveryStream stream, FaultRule strike, long stored, long delay, boolean batch) {
        Counters count = stream.counters();
        if (strike.fault() == Fault.RESET) {
            return new Answer(Answer.Kind.RESET, 0, new byte[0], delay, null, count, 0, stored);
        }
        if (strike.fault() == Fault.BLACK_HOLE) {
            return new Answer(Answer.Kind.SILENCE, 0, new byte[0], delay, null, count, 0, stored);
        }
        AwsError error = Strikes.error(
                strike, stream.name(), arn(stream.name()), config.account(), batch ? "PutRecordBatch" : "PutRecord");
        return answer(error, count, stored, delay);
    }

    private static Answer refuse(Counters count, String reason, int records, AwsError error, long delay) {
        count.refuse(reason, records);
        return answer(error, count, 0, delay);
    }

    private static Answer answer(AwsError error, Counters count, long stored, long delay) {
        Answer plain = Answer.control(error);
        return new Answer(Answer.Kind.SEND, plain.status(), plain.body(), delay, plain.error(), count, 0, stored);
    }

    /** The end of a call: whether its answer went out, or the client had gone before. Once for each answer to a put. */
    synchronized void settled(Answer answer, boolean sent) {
        Counters count = answer.counters();
        if (count == null) {
            return;
        }
        count.add(Count.CALLS_IN_FLIGHT, -1);
        count.add(Count.STORED_IN_FLIGHT, -answer.stored());
        if (answer.kind() == Answer.Kind.RESET) {
            count.add(Count.CALLS_RESET, 1);
            count.add(Count.STORED_SILENT, answer.stored());
        } else if (answer.kind() == Answer.Kind.SILENCE) {
            count.add(Count.CALLS_SILENT, 1);
            count.add(Count.STORED_SILENT, answer.stored());
        } else if (!sent) {
            count.add(Count.CALLS_ABANDONED, 1);
            count.add(Count.STORED_SILENT, answer.stored());
        } else {
            count.add(Count.STORED_OK, answer.storedOk());
            count.add(Count.STORED_FAILED, answer.storedFailed());
            if (answer.error() == null) {
                count.add(Count.CALLS_OK, 1);
            } else {
                count.error(answer.error());
            }
        }
    }

    String arn(String stream) {
        return "arn:aws:firehose:" + config.region() + ":" + config.account() + ":deliverystream/" + stream;
    }

    /** The stream, or null. */
    synchronized DeliveryStream stream(String name) {
        return streams.get(name);
    }

    synchronized List<String> names() {
        return List.copyOf(streams.keySet());
    }

    /** Null if the stream is there now, else why not. */
    synchronized AwsError create(StreamSettings settings) {
        if (streams.containsKey(settings.name())) {
            return AwsError.inUse(
                    "Firehose " + settings.name() + " under accountId " + config.account() + " already exists");
        }
        if (streams.size() >= MOST_STREAMS) {
            return AwsError.badRequest(
                    "LimitExceededException",
                    "You have already consumed your firehose quota of " + MOST_STREAMS + " hoses.");
        }
        add(settings);
        return null;
    }

    /** Whether there was such a stream. What it has buffered is delivered. */
    synchronized boolean delete(String name) throws IOException {
        DeliveryStream stream = streams.remove(name);
        if (stream == null) {
            return false;
        }
        stream.closeBuffer();
        leaving.add(stream);
        return true;
    }

    /** All streams that may have something to deliver. */
    synchronized List<DeliveryStream> delivering() {
        leaving.removeIf(stream -> stream.waiting() == null);
        List<DeliveryStream> all = new ArrayList<>(streams.values());
        all.addAll(leaving);
        return all;
    }

    Faults faults() {
        return faults;
    }

    /** A copy of all counts in one sum. */
    synchronized Counters total() {
        Counters total = new Counters();
        total.addAll(stray);
        allCounters().forEach(total::addAll);
        return total;
    }

    /** A copy of the counts of one stream, which may be deleted. */
    synchronized Counters counters(String stream) {
        Counters copy = new Counters();
        copy.addAll(counters.getOrDefault(stream, new Counters()));
        return copy;
    }

    private Collection<Counters> allCounters() {
        return counters.values();
    }

    /** Everything that {@code GET /lab/counters} shows, of one moment. */
    synchronized Map<String, Object> json() {
        Counters total = total();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("total", total.json());
        List<Object> laws = new ArrayList<>();
        for (Law law : Law.values()) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("law", law.text());
            shown.put("holds", !total.broken().contains(law));
            laws.add(shown);
        }
        json.put("laws", laws);
        json.put("billing", billing(total));
        json.put("cpuSeconds", cpuSeconds());
        json.put("faults", faults.shown());
        Map<String, Object> each = new LinkedHashMap<>();
        counters.forEach((name, count) -> each.put(name, count.json()));
        json.put("streams", each);
        json.put("noStream", stray.json());
        return json;
    }

    private Map<String, Object> billing(Counters total) {
        long billed = total.get(Count.BILLED_BYTES);
        long payload = total.get(Count.STORED_BYTES);
        double seconds = firstStoredNanos < 0 ? 0 : (clock.nanoTime() - firstStoredNanos) / 1e9;
        Map<String, Object> billing = new LinkedHashMap<>();
        billing.put("bytesBilled", billed);
        billing.put("bytesPayload", payload);
        billing.put("billedOverPayload", payload == 0 ? 1.0 : (double) billed / payload);
        billing.put("secondsSinceFirstRecord", seconds);
        billing.put("usd", Billing.usd(billed));
        billing.put("usdPerMonthAtThisRate", Billing.usdPerMonth(billed, seconds));
        return billing;
    }

    /** Of this process since it began: how much of a core the lab takes away from what it tests. */
    private static double cpuSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : 0;
    }
}
