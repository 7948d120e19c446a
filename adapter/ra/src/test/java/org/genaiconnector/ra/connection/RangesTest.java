package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.InvalidPropertyException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A property out of its range is refused when a connection is made, with its name, value and range, and can be mended. */
class RangesTest {

    private static Stream<Arguments> wrong() {
        return Stream.of(
                llm("maxRetries", "0 or more", -1, bean -> bean.setMaxRetries(-1)),
                llm("retryDelayMillis", "0 or more", -5, bean -> bean.setRetryDelayMillis(-5)),
                llm("connectTimeoutMillis", "1 or more", 0, bean -> bean.setConnectTimeoutMillis(0)),
                llm("responseTimeoutMillis", "1 or more", 0, bean -> bean.setResponseTimeoutMillis(0)),
                llm("callTimeoutMillis", "1 or more", null, bean -> bean.setCallTimeoutMillis(null)),
                llm("circuitFailures", "0 or more", -1, bean -> bean.setCircuitFailures(-1)),
                llm("circuitOpenMillis", "1 or more", 0, bean -> bean.setCircuitOpenMillis(0)),
                llm("maxOutputTokens", "0 or more", -1, bean -> bean.setMaxOutputTokens(-1)),
                llm("temperature", "0 or more", -0.5, bean -> bean.setTemperature(-0.5)),
                llm("temperature", "0 or more", Double.NaN, bean -> bean.setTemperature(Double.NaN)),
                llm("proxyPort", "1 to 65535", 65_536, bean -> {
                    bean.setProxyHost("proxy");
                    bean.setProxyPort(65_536);
                }),
                comfyUi("lostAfterMillis", "0 or more", -1, bean -> bean.setLostAfterMillis(-1)),
                comfyUi("maxInFlight", "1 or more", 0, bean -> bean.setMaxInFlight(0)),
                comfyUi("queueTimeoutMillis", "0 or more", -1, bean -> bean.setQueueTimeoutMillis(-1)),
                comfyUi("maxAttempts", "1 or more", 0, bean -> bean.setMaxAttempts(0)));
    }

    private static Arguments llm(
            String property, String range, Number value, Consumer<LlmManagedConnectionFactory> mistake) {
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        mistake.accept(factory);
        return Arguments.of(property, range, value, factory);
    }

    private static Arguments comfyUi(
            String property, String range, Number value, Consumer<ComfyUiManagedConnectionFactory> mistake) {
        ComfyUiManagedConnectionFactory factory = new ComfyUiManagedConnectionFactory();
        mistake.accept(factory);
        return Arguments.of(property, range, value, factory);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void namesPropertyValueAndRange(String property, String range, Number value, BackendConnectionFactory<?> factory) {
        assertThatThrownBy(() -> factory.createManagedConnection(null, null))
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessage("Configuration property " + property + " must be " + range + ", but is " + value);
        assertThat(factory.statistics().connections().total()).isZero();
    }

    @Test
    void aCorrectedFactoryWorks() throws Exception {
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        factory.setProbeOnCreate(false);
        factory.setMaxRetries(-1);
        assertThatThrownBy(() -> factory.createManagedConnection(null, null))
                .isInstanceOf(InvalidPropertyException.class);
        factory.setMaxRetries(0);
        factory.createManagedConnection(null, null).destroy();
    }

    @Test
    void theTransportIsOneOfThree() {
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        factory.setProbeOnCreate(false);
        factory.setTransport("apache");
        assertThatThrownBy(() -> factory.createManagedConnection(null, null))
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessage("Configuration property transport must be one of [AUTO, JERSEY, DIRECT], but is apache");
        assertThatCode(() -> {
                    for (String name : new String[] {" direct ", "Auto", "", null}) {
                        factory.setTransport(name);
                        factory.createManagedConnection(null, null).destroy();
                    }
                })
                .doesNotThrowAnyException();
    }
}
