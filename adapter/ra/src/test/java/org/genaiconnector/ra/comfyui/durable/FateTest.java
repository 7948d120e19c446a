package org.genaiconnector.ra.comfyui.durable;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which attempts count that came to nothing. */
class FateTest {

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            ACCEPTED, RAN,   WAITED, FATE,         COUNTS
            false,    false, false,  VANISHED,     false
            false,    false, true,   VANISHED,     false
            false,    true,  false,  LOST_RUNNING, true
            true,     true,  false,  LOST_RUNNING, true
            true,     true,  true,   LOST_RUNNING, true
            true,     false, false,  LOST_FIRST,   true
            true,     false, true,   LOST_WAITING, false
            """)
    void theOneThatMayHaveKilledItsBackendIsBlamed(
            boolean accepted, boolean ran, boolean waited, Fate fate, boolean counts) {
        assertThat(Fate.of(accepted, ran, waited)).isEqualTo(fate);
        assertThat(fate.counts()).isEqualTo(counts);
    }
}
