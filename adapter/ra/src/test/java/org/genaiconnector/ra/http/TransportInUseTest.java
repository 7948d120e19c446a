package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The tests run with the HTTP client that their run is for: Jersey, or none with {@code -Dgenai.tests.transport=DIRECT}. */
class TransportInUseTest {

    @Test
    void isTheOneOfThisRun() {
        assertThat(Exchanges.effective(TransportKind.AUTO))
                .hasToString(System.getProperty("genai.tests.transport", "JERSEY"));
    }
}
