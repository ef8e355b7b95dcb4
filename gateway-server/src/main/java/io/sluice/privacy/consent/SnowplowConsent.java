package io.sluice.privacy.consent;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Consent in Snowplow's self-describing JSON, be it an event or the contexts of one, base64 undone.
 *
 * <p>Confined to its loop; allocates nothing. Source: iglu-central, vendor {@code com.snowplowanalytics.snowplow}:
 *
 * <pre>
 *   consent_preferences  eventType: deny_all, withdrawn, expired refuse; allow_all grants; allow_selected grants if one
 *                        of consentScopes measures, else refuses; pending and implicit_consent say nothing
 *   consent_withdrawn    refuses, be it for all documents or some
 *   consent_granted      grants
 *   cmp_visible, consent_document, gdpr: say nothing; the visitor has not answered yet, or it is the shop who speaks
 * </pre>
 */
final class SnowplowConsent {

    private static final byte[] VENDOR = "com.snowplowanalytics.snowplow/".getBytes(StandardCharsets.US_ASCII);

    private static final int SCHEMA = 0;
    private static final int EVENT_TYPE = 1;
    private static final int SCOPES = 2;
    private static final Words MEMBERS =
            new Words(Map.of("schema", SCHEMA, "eventtype", EVENT_TYPE, "consentscopes", SCOPES));

    private static final int PREFERENCES = 0;
    private static final int WITHDRAWN = 1;
    private static final int GIVEN = 2;
    private static final Words SCHEMAS = new Words(
            Map.of("consentpreferences", PREFERENCES, "consentwithdrawn", WITHDRAWN, "consentgranted", GIVEN));

    private static final int REFUSES = 0;
    private static final int GRANTS = 1;
    private static final int BY_SCOPES = 2;
    private static final Words TYPES = new Words(Map.of(
            "denyall",
            REFUSES,
            "withdrawn",
            REFUSES,
            "expired",
            REFUSES,
            "allowall",
            GRANTS,
            "allowselected",
            BY_SCOPES));

    private final Pairs pairs = new Pairs();

    /** What the JSON in {@code [from, to)} says, if these are the names of categories. */
    Said said(byte[] bytes, int from, int to, Words categories) {
        int schemas = 0;
        int type = Words.UNKNOWN;
        boolean measures = false;
        boolean scopes = false;
        pairs.reset(bytes, from, to);
        while (pairs.next()) {
            if (!pairs.hasName()) {
                measures |= scopes && Choices.measures(categories, bytes, pairs.valueFrom(), pairs.valueTo());
                continue;
            }
            int member = MEMBERS.meaning(bytes, pairs.nameFrom(), pairs.nameTo());
            scopes = member == SCOPES && !pairs.hasValue();
            if (member == SCHEMA && pairs.hasValue()) {
                int schema = schema(bytes, pairs.valueFrom(), pairs.valueTo());
                schemas |= schema == Words.UNKNOWN ? 0 : 1 << schema;
            } else if (member == EVENT_TYPE && pairs.hasValue()) {
                type = TYPES.meaning(bytes, pairs.valueFrom(), pairs.valueTo());
            }
        }
        if ((schemas & 1 << WITHDRAWN) != 0) {
            return Said.REFUSED;
        }
        if ((schemas & 1 << PREFERENCES) != 0 && type != Words.UNKNOWN) {
            return type == GRANTS || type == BY_SCOPES && measures ? Said.GRANTED : Said.REFUSED;
        }
        return (schemas & 1 << GIVEN) != 0 ? Said.GRANTED : Said.NOTHING;
    }

    /** Which schema {@code iglu:com.snowplowanalytics.snowplow/NAME/jsonschema/1-0-0} is. */
    private static int schema(byte[] bytes, int from, int to) {
        int vendor = from;
        while (vendor + VENDOR.length < to && !startsWith(bytes, vendor)) {
            vendor++;
        }
        int name = vendor + VENDOR.length;
        if (name >= to) {
            return Words.UNKNOWN;
        }
        int end = name;
        while (end < to && bytes[end] != '/') {
            end++;
        }
        return SCHEMAS.meaning(bytes, name, end);
    }

    private static boolean startsWith(byte[] bytes, int at) {
        for (int i = 0; i < VENDOR.length; i++) {
            if (bytes[at + i] != VENDOR[i]) {
                return false;
            }
        }
        return true;
    }
}
