package org.genaiconnector.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.Test;

/** What a test adapter does with wrong properties, and at its end. */
class TestAdapterTest {
    private static final ComfyUiJobListener IGNORING = new ComfyUiJobListener() {};

    @Test
    void namesWhatIsWrongWithProperties() {
        try (TestAdapter adapter = TestAdapter.start()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> adapter.comfyUi(Map.of("serverURL", "http://127.0.0.1:1")))
                    .withMessageStartingWith("There is no property serverURL of ComfyUiManagedConnectionFactory");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> adapter.comfyUi(Map.of("", "x")))
                    .withMessageStartingWith("There is no property ");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> adapter.llm(Map.of("maxRetries", "many")))
                    .withMessage("Property maxRetries must be of type Integer, but is many");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> adapter.llm(Map.of("verifyHostName", "yes")))
                    .withMessage("Property verifyHostName must be of type Boolean, but is yes");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> adapter.listen(IGNORING, Map.of("events", "ALL OF THEM")))
                    .withMessageContaining("events");
            assertThatThrownBy(() -> adapter.llm(Map.of("provider", "NOBODY")).getConnection())
                    .hasMessageContaining("provider");
        }
    }

    @Test
    void callsByJerseyOrWithoutWhereTheClassPathHasNone() {
        try (TestAdapter adapter = TestAdapter.start()) {
            ComfyUiConnectionFactory nobody =
                    adapter.comfyUi(Map.of("serverUrl", "http://127.0.0.1:1", "probeOnCreate", "true"));

            assertThatThrownBy(nobody::getConnection)
                    .hasMessageEndingWith("(transport " + System.getProperty("junit.tests.transport", "JERSEY") + ")");
        }
    }

    @Test
    void failsAtItsEndForAConnectionThatIsNotClosed() throws Exception {
        try (ComfyUiSimulator backend = ComfyUiSimulator.start()) {
            TestAdapter adapter = TestAdapter.start();
            ComfyUiConnectionFactory comfyUi =
                    adapter.comfyUi(Map.of("serverUrl", backend.uri().toString(), "poolName", "painter"));
            ComfyUiConnection forgotten = comfyUi.getConnection();
            forgotten.getSystemStats();

            assertThatIllegalStateException()
                    .isThrownBy(adapter::close)
                    .withMessageStartingWith("Connections were not closed: 1 of painter.");
            assertThatThrownBy(forgotten::getSystemStats).as("destroyed anyway").hasMessageContaining("closed");
            assertThatCode(adapter::close).as("once").doesNotThrowAnyException();
        }
    }

    @Test
    void refusesNewFactoriesAfterItsEnd() {
        TestAdapter adapter = TestAdapter.start();
        adapter.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> adapter.llm(Map.of()))
                .withMessage("This test adapter is closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> adapter.listen(IGNORING))
                .withMessage("This test adapter is closed");
    }

    @Test
    void endsItsThreads() throws Exception {
        List<Thread> threads;
        try (ComfyUiSimulator backend = ComfyUiSimulator.start();
                TestAdapter adapter = TestAdapter.start()) {
            adapter.listen(IGNORING);
            GenAiTestTest.queue(
                    adapter.comfyUi(Map.of("serverUrl", backend.uri().toString())));
            threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("genai-connector-work"))
                    .toList();
        }
        assertThat(threads).isNotEmpty();
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(30).toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
    }
}
