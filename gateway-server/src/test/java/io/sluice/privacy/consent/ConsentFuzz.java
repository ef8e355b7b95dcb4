package io.sluice.privacy.consent;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Any bytes as what is said about consent: a decision comes of it, which no byte around it changes, and which no
 * further consent makes milder once something was refused.
 *
 * <p>The first byte is the policy; what is said stands between bytes of zero, each with a byte before it for the form.
 */
public final class ConsentFuzz {

    private static final Form[] FORMS = Form.values();
    private static final int COOKIES = FORMS.length;
    private static final int COUNTRY = COOKIES + 1;
    private static final int KINDS = COUNTRY + 1;

    private static final ConsentTable[] TABLES = {
        new ConsentTable(ConsentRules.strict()),
        new ConsentTable(ConsentRules.gdpr()),
        new ConsentTable(ConsentRules.ccpa()),
        new ConsentTable(ConsentRules.minimal())
    };
    private static final byte[] NO_REGION = {};
    private static final byte[] GRANTED = "granted".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DENIED = "denied".getBytes(StandardCharsets.US_ASCII);

    private static final Consent CONSENT = new Consent();

    private ConsentFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Decision decision = decide(input, (byte) '"', null);
        byte[] note = CONSENT.note();
        for (byte around : new byte[] {0, '0', 'A', '}', '\\', -1}) {
            if (decide(input, around, null) != decision || CONSENT.note() != note) {
                throw new AssertionError("the byte " + around + " around it makes it "
                        + new String(CONSENT.note(), StandardCharsets.US_ASCII) + ", not "
                        + new String(note, StandardCharsets.US_ASCII));
            }
        }
        Decision refused = decide(input, (byte) 0, DENIED);
        Decision granted = decide(input, (byte) 0, GRANTED);
        boolean wasRefused = !new String(note, StandardCharsets.US_ASCII).endsWith(":unsaid");
        if (wasRefused && (refused != decision || granted != decision)) {
            throw new AssertionError("refused, and then " + granted + " by consent, " + refused + " by refusal");
        }
    }

    private static Decision decide(byte[] input, byte around, byte[] more) {
        CONSENT.begin(TABLES[input[0] & 3], NO_REGION);
        // What belongs to the request comes before what belongs to an event.
        for (int event = 0; event < 2; event++) {
            for (int from = 1; from < input.length; ) {
                int end = from;
                while (end < input.length && input[end] != 0) {
                    end++;
                }
                if (end > from) {
                    int kind = (input[from] & 0xff) % KINDS;
                    if (kind >= COOKIES == (event == 0)) {
                        say(kind, Arrays.copyOfRange(input, from + 1, end), around);
                    }
                }
                from = end + 1;
            }
        }
        if (more != null) {
            CONSENT.take(Form.ANY, more, 0, more.length);
        }
        return CONSENT.decide();
    }

    private static void say(int kind, byte[] text, byte around) {
        byte[] bytes = new byte[text.length + 32];
        Arrays.fill(bytes, around);
        if (kind < COOKIES) {
            System.arraycopy(text, 0, bytes, 16, text.length);
            CONSENT.take(FORMS[kind], bytes, 16, 16 + text.length);
            return;
        }
        System.arraycopy(text, 0, bytes, 0, text.length);
        if (kind == COOKIES) {
            CONSENT.cookies(bytes, text.length);
        } else {
            CONSENT.country(bytes, text.length);
        }
    }
}
