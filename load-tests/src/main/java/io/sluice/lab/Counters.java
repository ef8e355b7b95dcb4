package io.sluice.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The counts of one stream, or a sum of such. Guarded by the one lock of {@link Firehose}; a copy by nobody. */
final class Counters {

    private final long[] counts = new long[Count.values().length];
    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> errors = new TreeMap<>();
    private final Map<String, Long> faults = new TreeMap<>();

    void add(Count count, long amount) {
        counts[count.ordinal()] += amount;
    }

    long get(Count count) {
        return counts[count.ordinal()];
    }

    /** Records not taken, for this reason. */
    void refuse(String reason, long records) {
        if (records > 0) {
            add(Count.REFUSED, records);
            refused.merge(reason, records, Long::sum);
        }
    }

    long refused(String reason) {
        return refused.getOrDefault(reason, 0L);
    }

    /** A call answered with this error as a whole. */
    void error(String type) {
        add(Count.CALLS_FAILED, 1);
        errors.merge(type, 1L, Long::sum);
    }

    long errors(String type) {
        return errors.getOrDefault(type, 0L);
    }

    /** A fault has struck: calls, or for faults of single records, records. */
    void fault(Fault fault, long times) {
        if (times > 0) {
            faults.merge(fault.label(), times, Long::sum);
        }
    }

    long faults(Fault fault) {
        return faults.getOrDefault(fault.label(), 0L);
    }

    void addAll(Counters other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        other.refused.forEach((reason, n) -> refused.merge(reason, n, Long::sum));
        other.errors.forEach((type, n) -> errors.merge(type, n, Long::sum));
        other.faults.forEach((fault, n) -> faults.merge(fault, n, Long::sum));
    }

    List<Law> broken() {
        List<Law> broken = new ArrayList<>();
        for (Law law : Law.values()) {
            if (!law.holds(this)) {
                broken.add(law);
            }
        }
        long reasons = refused.values().stream().mapToLong(Long::longValue).sum();
        if (reasons != get(Count.REFUSED) && !broken.contains(Law.RECORDS)) {
            broken.add(Law.RECORDS);
        }
        return broken;
    }

    Map<String, Object> json() {
        Map<String, Object> members = new LinkedHashMap<>();
        for (Count count : Count.values()) {
            members.put(count.label(), get(count));
        }
        members.put("refusedBy", new LinkedHashMap<String, Object>(refused));
        members.put("errors", new LinkedHashMap<String, Object>(errors));
        members.put("faultsStruck", new LinkedHashMap<String, Object>(faults));
        return members;
    }
}
