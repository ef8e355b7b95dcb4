package io.sluice.lab;

import io.sluice.common.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules in force: {@code {"rules": [{"fault": "partial", "rate": 0.2, "stream": "a", "from": "10s", "for":
 * "60s"}]}}.
 * Set as a whole, from any thread; a set that is wrong changes nothing. Times count from the moment of setting.
 */
final class Faults {

    private record Active(List<FaultRule> rules, long setNanos) {}

    private final Clock clock;
    private volatile Active active;

    Faults(Clock clock) {
        this.clock = clock;
        this.active = new Active(List.of(), clock.nanoTime());
    }

    /** @throws FaultRule.Invalid with what is wrong; the rules of before go on then */
    void set(String json) throws FaultRule.Invalid {
        Object tree;
        try {
            tree = Json.parse(json);
        } catch (Json.Malformed e) {
            throw new FaultRule.Invalid("not JSON: " + e.getMessage());
        }
        if (!(tree instanceof Map<?, ?> members)
                || !(members.get("rules") instanceof List<?> list)
                || members.size() != 1) {
            throw new FaultRule.Invalid("expected {\"rules\": [{\"fault\": …}, …]}");
        }
        List<FaultRule> rules = new ArrayList<>();
        for (Object rule : list) {
            rules.add(FaultRule.of(rule));
        }
        active = new Active(List.copyOf(rules), clock.nanoTime());
    }

    void clear() {
        active = new Active(List.of(), clock.nanoTime());
    }

    /** Those that concern the stream now, in the order given. */
    List<FaultRule> of(String stream) {
        Active current = active;
        if (current.rules.isEmpty()) {
            return List.of();
        }
        long since = clock.nanoTime() - current.setNanos;
        List<FaultRule> found = new ArrayList<>();
        for (FaultRule rule : current.rules) {
            if (rule.concerns(stream, since)) {
                found.add(rule);
            }
        }
        return found;
    }

    /** Whether one of this kind, which strikes always rather than at a rate, concerns the stream now. */
    boolean has(Fault fault, String stream) {
        for (FaultRule rule : of(stream)) {
            if (rule.fault() == fault) {
                return true;
            }
        }
        return false;
    }

    /** How fast bodies may be read now, in bytes a second; 0 if as fast as they come. */
    double readBytesPerSecond() {
        for (FaultRule rule : of("")) {
            if (rule.fault() == Fault.SLOW_READS) {
                return rule.bytesPerSecond();
            }
        }
        return 0;
    }

    boolean isEmpty() {
        return active.rules.isEmpty();
    }

    /** As it was set; what can be set again. */
    Map<String, Object> shown() {
        List<Object> rules = new ArrayList<>();
        for (FaultRule rule : active.rules) {
            rules.add(rule.source());
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("rules", rules);
        return shown;
    }
}
