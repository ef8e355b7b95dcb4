package io.sluice.privacy.consent;

import io.sluice.metrics.Counter;

/** By what a visitor speaks. In the order in which a line names one of several. */
public enum Signal {
    /** {@code Sec-GPC: 1} (W3C, Global Privacy Control). Never grants. */
    GPC("gpc", Counter.CONSENT_REFUSED_GPC, null),
    /** {@code DNT: 1} (W3C, Tracking Preference Expression). Never grants. */
    DNT("dnt", Counter.CONSENT_REFUSED_DNT, null),
    /** A string of the IAB's Transparency and Consent Framework. */
    TCF("tcf", Counter.CONSENT_REFUSED_TCF, Counter.CONSENT_GRANTED_TCF),
    /** A string of the IAB's Global Privacy Platform. */
    GPP("gpp", Counter.CONSENT_REFUSED_GPP, Counter.CONSENT_GRANTED_GPP),
    /** The IAB's US Privacy string. Never grants. */
    US_PRIVACY("us-privacy", Counter.CONSENT_REFUSED_US_PRIVACY, null),
    /** The {@code gcs} and {@code gcd} of Google's consent mode. */
    GOOGLE("google", Counter.CONSENT_REFUSED_GOOGLE, Counter.CONSENT_GRANTED_GOOGLE),
    /** Yes or no to each of several categories: Segment, OneTrust, Cookiebot. */
    CATEGORIES("categories", Counter.CONSENT_REFUSED_CATEGORIES, Counter.CONSENT_GRANTED_CATEGORIES),
    /** Snowplow's events about consent. */
    SNOWPLOW("snowplow", Counter.CONSENT_REFUSED_SNOWPLOW, Counter.CONSENT_GRANTED_SNOWPLOW),
    /** A word such as {@code denied}. */
    WORD("word", Counter.CONSENT_REFUSED_WORD, Counter.CONSENT_GRANTED_WORD);

    private final String key;
    private final Counter refused;
    private final Counter granted;

    Signal(String key, Counter refused, Counter granted) {
        this.key = key;
        this.refused = refused;
        this.granted = granted;
    }

    /** As policies, lines and counters name it. */
    public String key() {
        return key;
    }

    Counter refused() {
        return refused;
    }

    /** {@code null} if it never grants. */
    Counter granted() {
        return granted;
    }

    int bit() {
        return 1 << ordinal();
    }
}
