package org.genaiconnector.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The extension at work; the order of the methods shows that nothing is left of an earlier test. */
@Simulators
@Timeout(60)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SimulatorExtensionTest {
    private static final List<URI> SEEN = new ArrayList<>();

    private LlmSimulator field;

    @FaultsOf(ComfyUiSimulator.class)
    private Faults comfyUiFaults;

    @BeforeEach
    void remember(LlmSimulator llm) {
        SEEN.add(llm.uri());
    }

    @AfterAll
    static void everySimulatorIsClosed() {
        assertThat(SEEN).hasSize(3);
        assertThat(SEEN)
                .allSatisfy(uri -> assertThatThrownBy(() -> new RawHttp(uri)).isInstanceOf(ConnectException.class));
    }

    @Test
    @Order(1)
    void givesAFieldAndAParameterTheSameSimulator(LlmSimulator llm, @FaultsOf(LlmSimulator.class) Faults faults) {
        assertThat(field).isSameAs(llm);
        assertThat(faults).isSameAs(llm.faults());
        faults.always(Fault.status(500));
    }

    @Test
    @Order(2)
    void givesTheNextTestAFreshOne(LlmSimulator llm) throws Exception {
        try (RawHttp http = new RawHttp(llm.uri())) {
            assertThat(http.get("/v1/models").answer().status()).isEqualTo(200);
        }
        assertThat(llm.traffic().requests()).hasSize(1);
    }

    @Test
    @Order(3)
    void putsFaultsInFrontOfComfyUi(ComfyUiSimulator comfyUi) throws Exception {
        comfyUiFaults.next(Fault.status(502));
        try (RawHttp http = new RawHttp(comfyUi.uri())) {
            assertThat(http.get("/system_stats").answer().status()).isEqualTo(502);
            assertThat(http.get("/system_stats").answer().status()).isEqualTo(200);
        }
        assertThat(comfyUiFaults.traffic().connectionsOpened()).isEqualTo(1);
    }

    /** A simulator that is not as usual. */
    static class WithChoicesTest {
        @RegisterExtension
        final SimulatorExtension simulators = new SimulatorExtension().llm(builder -> builder.apiKeys("sk-test"));

        @Test
        void startsAsOrdered(LlmSimulator llm) throws Exception {
            try (RawHttp http = new RawHttp(llm.uri())) {
                assertThat(http.get("/v1/models").answer().status()).isEqualTo(401);
            }
        }
    }
}
