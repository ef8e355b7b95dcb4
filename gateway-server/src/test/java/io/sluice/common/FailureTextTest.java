package io.sluice.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailureTextTest {

    @Test
    void aFailureAndItsCausesAreNamedWithTheirPlacesButWithoutTheirMessages() {
        Exception failure = new IllegalStateException("jane@example.com", new IOException("10.1.2.3"));

        assertThat(FailureText.of(failure))
                .startsWith("java.lang.IllegalStateException at io.sluice.common.FailureTextTest.")
                .contains(", caused by java.io.IOException at ")
                .doesNotContain("jane", "10.1.2.3", "\n");
    }
}
