package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class AnswerRendererTest {

    private final AnswerRenderer renderer = new AnswerRenderer();
    private final Outcome outcome = new Outcome();

    @Test
    void countsWithoutRejectionsHaveNoErrors() {
        outcome.clear();
        outcome.accept();
        renderer.counts(outcome);
        assertThat(rendered()).isEqualTo("{\"accepted\":1,\"rejected\":0,\"pos\":\"");
        assertThat(new String(AnswerRenderer.countsEnd(), StandardCharsets.US_ASCII))
                .isEqualTo("\"}");
    }

    @Test
    void rejectedEventsAreListedWithIndexReasonAndOffset() {
        outcome.clear();
        outcome.reject(0, Reason.EVENT_MISSING, -1);
        outcome.accept();
        outcome.reject(12, Reason.MALFORMED_JSON, 4096);
        renderer.counts(outcome);
        assertThat(rendered())
                .isEqualTo("{\"accepted\":1,\"rejected\":2,\"errors\":[{\"index\":0,\"reason\":\"event-missing\"},"
                        + "{\"index\":12,\"reason\":\"malformed-json\",\"offset\":4096}],\"pos\":\"");
    }

    @Test
    void moreRejectionsThanAreListedAreStillCounted() {
        outcome.clear();
        for (int i = 0; i < 1000; i++) {
            outcome.reject(i, Reason.EVENT_TOO_LARGE, i);
        }
        renderer.counts(outcome);
        assertThat(rendered()).startsWith("{\"accepted\":0,\"rejected\":1000,").contains("\"index\":99,");
        assertThat(rendered()).doesNotContain("\"index\":100,").endsWith("}],\"pos\":\"");
    }

    @Test
    void aRefusalNamesItsReasonItsLimitAndItsOffset() {
        renderer.refusal(Reason.BODY_TOO_LARGE, -1, 262_144);
        assertThat(rendered())
                .isEqualTo("{\"error\":{\"reason\":\"body-too-large\","
                        + "\"message\":\"The request has a body larger than the limit of 262144 bytes.\"}}");
        renderer.refusal(Reason.TOO_MANY_FIELDS, -1, 128);
        assertThat(rendered())
                .isEqualTo("{\"error\":{\"reason\":\"too-many-fields\","
                        + "\"message\":\"The request has more header fields than the limit of 128.\"}}");
        renderer.refusal(Reason.MALFORMED_JSON, 7, -1);
        assertThat(rendered())
                .isEqualTo("{\"error\":{\"reason\":\"malformed-json\","
                        + "\"message\":\"The request is not JSON.\",\"offset\":7}}");
    }

    @Test
    void onlyRefusalsThatPassAskTheClientToComeAgain() {
        for (Reason reason : Reason.values()) {
            int status = AnswerRenderer.status(reason);
            boolean passes =
                    reason == Reason.OVERLOADED || reason == Reason.JOURNAL_FAILED || reason == Reason.DRAINING;
            assertThat(status).as(reason.code()).isBetween(400, 503);
            assertThat(AnswerRenderer.retryAfterSeconds(status) > 0)
                    .as(reason.code())
                    .isEqualTo(passes);
        }
    }

    @Test
    void theImageIsOneTransparentPixel() throws IOException {
        assertThat(AnswerRenderer.gif()).hasSizeLessThanOrEqualTo(43);
        var image = ImageIO.read(new ByteArrayInputStream(AnswerRenderer.gif()));
        assertThat(image.getWidth()).isEqualTo(1);
        assertThat(image.getHeight()).isEqualTo(1);
        assertThat(image.getRGB(0, 0) >>> 24).isZero();
    }

    @Test
    void routesAreWholePaths() {
        assertThat(Routes.find("x/p.gif?k", 1, 7)).isEqualTo(Protocol.PIXEL);
        assertThat(Routes.find("/v1/events", 0, 10)).isEqualTo(Protocol.EVENTS);
        assertThat(Routes.find("/v1/events/", 0, 11)).isNull();
        assertThat(Routes.find("/v1/event", 0, 9)).isNull();
        assertThat(Routes.find("/P.gif", 0, 6)).isNull();
        assertThat(Routes.find("", 0, 0)).isNull();
    }

    private String rendered() {
        return new String(renderer.array(), 0, renderer.length(), StandardCharsets.US_ASCII);
    }
}
