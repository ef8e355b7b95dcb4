package io.sluice.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.record.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldNamesTest {

    @ParameterizedTest
    @CsvSource({
        "ID, id messageId eventId",
        "EVENT, event name e",
        "SENT, ts time timestamp st",
        "URL, url page",
        "REFERRER, ref referrer",
        "AGENT, ua userAgent",
        "USER, uid userId user",
        "ANONYMOUS, aid anonymousId",
        "SESSION, sid sessionId",
        "CONSENT, consent",
        "PROPS, props properties",
    })
    void knowsEachNameAndNothingNearIt(Field field, String names) {
        int rank = 0;
        for (String name : names.split(" ")) {
            int code = lookup(name);
            assertThat(FieldNames.field(code)).isEqualTo(field);
            assertThat(FieldNames.rank(code)).isEqualTo(rank++);
            assertThat(lookup(name + "x")).isEqualTo(FieldNames.NONE);
            assertThat(lookup("x" + name)).isEqualTo(FieldNames.NONE);
            assertThat(lookup(name + "\0")).isEqualTo(FieldNames.NONE);
            assertThat(lookup(name.toUpperCase(java.util.Locale.ROOT))).isEqualTo(FieldNames.NONE);
        }
    }

    @Test
    void leavesTheNamesThatOnlyTheGatewayWrites() {
        for (String name :
                new String[] {"shop", "rt", "ip", "via", "pv", "scrub", "pos", "", "a name that is longer than any"}) {
            assertThat(lookup(name)).isEqualTo(FieldNames.NONE);
        }
    }

    private static int lookup(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        byte[] padded = Arrays.copyOf(bytes, bytes.length + 16);
        Arrays.fill(padded, bytes.length, padded.length, (byte) 'd');
        return FieldNames.lookup(padded, 0, bytes.length);
    }
}
