package io.sluice.privacy.consent;

import java.util.HashMap;
import java.util.Map;

/**
 * Yes or no to categories by name, and what they come to together.
 *
 * <p>Confined to its loop; allocates nothing. What counts is the category that a policy measures by, analytics say:
 * one no to such is a refusal, a yes consent. If none is among them, a no to one whose name tells nothing is a refusal;
 * a yes to it is nothing, since nobody knows to what. Names of other things, advertising or what is necessary, never
 * count.
 */
final class Choices {

    /** Names of what measures: IAB, Google, OneTrust, Cookiebot, Segment and their neighbours. */
    static final String MEASURING =
            "analytics analytic analytical analyse analysis analyticsstorage analyticscookies statistics statistic stats "
                    + "statistical performance performancecookies measurement measuring measure audience audiencemeasurement "
                    + "tracking c0002";

    private static final String OTHERS =
            "necessary essential required strictlynecessary mandatory security securitystorage c0001 "
                    + "functional functionality functionalitystorage preference preferences personalisation personalization "
                    + "personalisationstorage personalizationstorage comfort convenience c0003 "
                    + "ad ads adstorage aduserdata adpersonalization adpersonalisation advertising advertisement "
                    + "advertisements advertisers marketing targeting targetedadvertising retargeting remarketing c0004 "
                    + "social socialmedia c0005 embeds media video "
                    // What stands beside categories in cookies and objects.
                    + "stamp ver version utc method region timestamp datestamp consentid action lastrenewed "
                    + "isgpcenabled browsergpcflag hosts landingpath interactioncount awaitingreconsent gdpr waitforupdate "
                    + "v schemaversion policyversion tcfpolicyversion cmpid cmpversion vendorlistversion "
                    // What tools tell of the law, the banner and themselves; none is what a visitor has said.
                    + "gdprapplies ccpaapplies uspapplies gppapplies applies regulated consentrequired requiresconsent "
                    + "banner bannershown bannervisible shown visible displayed seen loaded ready enabled active implied "
                    + "implicit default expired pending interacted hasinteracted userinteracted";

    static final int NO = 0;
    static final int YES = 1;

    private static final int OTHER = 0;
    private static final int MEASURES = 1;

    /** What people write for yes and no. */
    private static final Words ANSWERS = answers();

    /** Names of lists of categories, as in RudderStack's {@code context.consentManagement}. */
    private static final Words LISTS =
            new Words(Map.of("allowedconsentids", YES, "deniedconsentids", NO, "allowed", YES, "denied", NO));

    private final Pairs pairs = new Pairs();
    private Words names;
    private boolean measuringGranted;
    private boolean measuringRefused;
    private boolean unknownRefused;

    /** Names of categories, those that measure and those that do not. */
    static Words names(Iterable<String> measuring) {
        Map<String, Integer> names = new HashMap<>();
        for (String other : OTHERS.split(" ")) {
            names.put(other, OTHER);
        }
        for (String each : measuring) {
            names.put(each, MEASURES);
        }
        return new Words(names);
    }

    private static Words answers() {
        Map<String, Integer> answers = new HashMap<>();
        String yes =
                "yes y true 1 granted grant allow allowed allowall accept accepted acceptall agreed optin optedin all on "
                        + "given";
        for (String each : yes.split(" ")) {
            answers.put(each, YES);
        }
        String no = "no n false 0 denied deny denyall refuse refused reject rejected rejectall decline declined optout "
                + "optedout none off withdrawn revoked";
        for (String each : no.split(" ")) {
            answers.put(each, NO);
        }
        return new Words(answers);
    }

    /** {@link #YES}, {@link #NO}, or {@link Words#UNKNOWN}. */
    static int answer(byte[] bytes, int from, int to) {
        return ANSWERS.meaning(bytes, from, to);
    }

    /** Begins with none, by these {@linkplain #names names}. */
    void begin(Words names) {
        this.names = names;
        measuringGranted = false;
        measuringRefused = false;
        unknownRefused = false;
    }

    /**
     * Takes up every name in {@code [from, to)} that has an answer, or stands in a list of such. Answers whether
     * there are names with other values too.
     */
    boolean read(byte[] bytes, int from, int to) {
        boolean others = false;
        int listed = Words.UNKNOWN;
        pairs.reset(bytes, from, to);
        while (pairs.next()) {
            if (!pairs.hasName()) {
                add(bytes, pairs.valueFrom(), pairs.valueTo(), listed);
            } else if (pairs.hasValue()) {
                int answer = answer(bytes, pairs.valueFrom(), pairs.valueTo());
                others |= answer == Words.UNKNOWN;
                add(bytes, pairs.nameFrom(), pairs.nameTo(), answer);
                listed = Words.UNKNOWN;
            } else {
                listed = LISTS.meaning(bytes, pairs.nameFrom(), pairs.nameTo());
            }
        }
        return others;
    }

    private void add(byte[] bytes, int from, int to, int answer) {
        if (answer == Words.UNKNOWN) {
            return;
        }
        int name = names.meaning(bytes, from, to);
        if (name == MEASURES) {
            measuringGranted |= answer == YES;
            measuringRefused |= answer == NO;
        } else if (name == Words.UNKNOWN) {
            unknownRefused |= answer == NO;
        }
    }

    /** Whether a name in {@code [from, to)} is of a category that measures. */
    static boolean measures(Words names, byte[] bytes, int from, int to) {
        return names.meaning(bytes, from, to) == MEASURES;
    }

    Said said() {
        if (measuringRefused) {
            return Said.REFUSED;
        }
        if (measuringGranted) {
            return Said.GRANTED;
        }
        return unknownRefused ? Said.REFUSED : Said.NOTHING;
    }
}
