package io.sluice.privacy.consent;

import io.sluice.metrics.Counter;

/** What is done with an event for the sake of consent, from the mildest on. */
public enum Decision {
    /** It is stored as the rest of the policy has it. */
    KEEP("keep", "kept", Counter.CONSENT_KEPT),
    /** It is stored without ids, address, agent and queries of URLs, at its hour. */
    ANONYMISE("anonymise", "anonymised", Counter.CONSENT_ANONYMISED),
    /** Of it are stored shop, name and hour. */
    COUNT("count", "counted", Counter.CONSENT_COUNTED);

    private final String key;
    private final String done;
    private final Counter counter;

    Decision(String key, String done, Counter counter) {
        this.key = key;
        this.done = done;
        this.counter = counter;
    }

    /** As policies name it. */
    public String key() {
        return key;
    }

    /** As lines name it. */
    public String done() {
        return done;
    }

    Counter counter() {
        return counter;
    }
}
