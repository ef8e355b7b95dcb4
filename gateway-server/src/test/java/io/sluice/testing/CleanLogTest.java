package io.sluice.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The guard over other tests, called as JUnit calls it. */
class CleanLogTest {

    private static final Logger LOG = LoggerFactory.getLogger(CleanLogTest.class);

    private final CleanLog guard = new CleanLog();
    private boolean ended;

    @BeforeEach
    void begin() {
        guard.beforeAll(null);
        guard.beforeEach(null);
    }

    @AfterEach
    void end() throws InterruptedException {
        if (!ended) {
            guard.afterAll(null);
        }
    }

    @Test
    void aWarningThatWasNotExpectedFailsTheTest(CleanLog.Expected outer) {
        outer.line("on purpose");
        LOG.warn("on purpose: {}", 1);
        assertThatThrownBy(() -> guard.afterEach(null))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("on purpose: 1");
    }

    @Test
    void aWarningThatWasExpectedDoesNotAndMustCome(CleanLog.Expected outer) {
        outer.line("on purpose");
        CleanLog.Expected expected = (CleanLog.Expected) guard.resolveParameter(null, null);
        expected.line("on purpose");
        assertThatThrownBy(() -> guard.afterEach(null)).hasMessageContaining("not there: [on purpose]");
        LOG.error("on purpose");
        assertThatCode(() -> guard.afterEach(null)).doesNotThrowAnyException();
    }

    @Test
    void aWarningThatWasExpectedOnceMayNotComeTwice(CleanLog.Expected outer) {
        outer.line("on purpose");
        CleanLog.Expected expected = (CleanLog.Expected) guard.resolveParameter(null, null);
        expected.once("on purpose");
        assertThatThrownBy(() -> guard.afterEach(null)).hasMessageContaining("not there: [on purpose]");
        LOG.warn("on purpose");
        assertThatCode(() -> guard.afterEach(null)).doesNotThrowAnyException();
        LOG.warn("on purpose");
        assertThatThrownBy(() -> guard.afterEach(null)).hasMessageContaining("unexpected in the log");
    }

    @Test
    void whatIsBelowAWarningIsNobodysConcern() {
        LOG.info("all is well");
        assertThatCode(() -> guard.afterEach(null)).doesNotThrowAnyException();
    }

    @Test
    void aBufferThatIsLeftBehindFailsTheClass(CleanLog.Expected outer) {
        outer.line("LEAK");
        leak();
        ended = true;
        assertThatThrownBy(() -> guard.afterAll(null)).hasMessageContaining("LEAK");
    }

    private static void leak() {
        ByteBufAllocator.DEFAULT.buffer(100).writeByte(1);
    }
}
