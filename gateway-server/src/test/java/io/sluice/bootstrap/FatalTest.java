package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FatalTest {

    @Test
    void theEndNamesItsCauseButNeverQuotesIt() {
        assertThat(Fatal.text("a loop died", new IllegalStateException("jane@example.com")))
                .startsWith("a loop died: java.lang.IllegalStateException at ")
                .doesNotContain("jane");
        assertThat(Fatal.text("a loop stands still", null)).isEqualTo("a loop stands still");
    }
}
