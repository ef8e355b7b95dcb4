package io.sluice.cli.audit;

import io.sluice.cli.ShopPolicies;
import io.sluice.privacy.Auditor;
import io.sluice.shop.ShopPolicy;
import java.util.HashMap;
import java.util.Map;

/**
 * By which policy a line is judged: the one that it says it was scrubbed by; if nobody knows that one any more, its
 * shop's; if there is no such shop, the default. Or, if one was asked for, that one. One thread.
 */
final class Auditors {

    /** Policies and shops for which an auditor is kept; beyond it the default judges. */
    private static final int MOST = 1000;

    private record Of(String stamp, String shop) {}

    private final Auditor only;
    private final ShopPolicies policies;
    private final boolean broad;
    private final Map<Of, Auditor> known = new HashMap<>();
    private final Map<ShopPolicy, Auditor> plain = new HashMap<>();
    private final Map<ShopPolicy, Auditor> anonymised = new HashMap<>();

    private Auditors(Auditor only, ShopPolicies policies, boolean broad) {
        this.only = only;
        this.policies = policies;
        this.broad = broad;
    }

    /** This one for all lines. */
    static Auditors only(Auditor auditor) {
        return new Auditors(auditor, null, false);
    }

    static Auditors of(ShopPolicies policies, boolean broad) {
        return new Auditors(null, policies, broad);
    }

    /** @param stamp the line's {@code pv}, or nothing */
    Auditor of(String stamp, String shop) {
        if (only != null) {
            return only;
        }
        Of key = new Of(stamp, shop);
        Auditor auditor = known.get(key);
        if (auditor == null) {
            auditor = make(stamp, shop);
            if (known.size() < MOST) {
                known.put(key, auditor);
            }
        }
        return auditor;
    }

    private Auditor make(String stamp, String shop) {
        ShopPolicy policy = policies.ofStamp(Auditor.stampOfShop(stamp));
        if (policy == null) {
            policy = policies.ofShop(shop);
        }
        if (policy == null) {
            policy = policies.byDefault();
        }
        boolean anonymous = Auditor.isOfAnonymised(stamp);
        return (anonymous ? anonymised : plain).computeIfAbsent(policy, p -> Auditor.of(p, anonymous, broad));
    }
}
