package org.genaiconnector.ra.llm;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.util.Collection;
import java.util.List;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.testkit.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Measurements of calls of LLM services and of their pools, by the GenAI conventions 1.41.0. */
class LlmMetricsTest {
    @RegisterExtension
    static final SimulatedLlm LLM = new SimulatedLlm();

    private static final ChatRequest HELLO = ChatRequest.of("Hello");

    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();

    @BeforeEach
    void start() {
        GlobalOpenTelemetry.resetForTest();
        GlobalOpenTelemetry.set(OpenTelemetrySdk.builder()
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(reader).build())
                .build());
        adapter.start(new TestContainer());
    }

    @AfterEach
    void stop() {
        adapter.stop();
        GlobalOpenTelemetry.resetForTest();
    }

    private LlmConnection connect() throws Exception {
        LlmManagedConnectionFactory managed = LLM.factory(Provider.LOCAL);
        managed.setResourceAdapter(adapter);
        managed.setPoolName("chats");
        managed.setMaxRetries(0);
        return ((LlmConnectionFactory) managed.createConnectionFactory()).getConnection();
    }

    private MetricData metric(String name) {
        return metric(reader.collectAllMetrics(), name);
    }

    private static MetricData metric(Collection<MetricData> all, String name) {
        return all.stream()
                .filter(metric -> metric.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> of(MetricData metric, String attribute) {
        return metric.getHistogramData().getPoints().stream()
                .map(point -> point.getAttributes().get(stringKey(attribute)))
                .toList();
    }

    @Test
    void timesAndTokensOfAnOperationAreMeasured() throws Exception {
        try (LlmConnection connection = connect()) {
            connection.chat(HELLO);
        }

        Collection<MetricData> all = reader.collectAllMetrics();
        MetricData duration = metric(all, "gen_ai.client.operation.duration");
        assertThat(duration.getUnit()).isEqualTo("s");
        assertThat(of(duration, "gen_ai.operation.name")).containsExactly("chat");
        assertThat(of(duration, "gen_ai.provider.name")).containsExactly("local");
        assertThat(of(duration, "gen_ai.request.model")).containsExactly("tiny");
        assertThat(of(duration, "gen_ai.response.model")).containsExactly("tiny");
        assertThat(of(duration, "error.type")).containsOnlyNulls();
        HistogramPointData point =
                duration.getHistogramData().getPoints().iterator().next();
        assertThat(point.getAttributes().get(longKey("server.port")))
                .isEqualTo(LLM.simulator().openAiUri().getPort());
        assertThat(point.getBoundaries()).startsWith(0.01, 0.02).endsWith(81.92);
        assertThat(of(metric(all, "gen_ai.client.token.usage"), "gen_ai.token.type"))
                .containsExactlyInAnyOrder("input", "output");
    }

    @Test
    void aFailureIsMeasuredWithItsCategory() throws Exception {
        LLM.simulator().faults().always(Fault.status(503));

        try (LlmConnection connection = connect()) {
            assertThatThrownBy(() -> connection.chat(HELLO))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            e -> assertThat(of(metric("gen_ai.client.operation.duration"), "error.type"))
                                    .containsExactly(e.category().name()));
        }
    }

    @Test
    void theFirstChunkOfAStreamIsMeasured() throws Exception {
        try (LlmConnection connection = connect();
                ChatStream stream = connection.stream(HELLO)) {
            stream.next();
            assertThat(of(metric("gen_ai.client.operation.time_to_first_chunk"), "gen_ai.operation.name"))
                    .containsExactly("chat");
        }
    }

    @Test
    void poolsAreMeasuredUntilTheAdapterStops() throws Exception {
        try (LlmConnection connection = connect()) {
            connection.chat(HELLO);

            Collection<MetricData> all = reader.collectAllMetrics();
            assertThat(metric(all, "genai.client.connection.count")
                            .getLongSumData()
                            .getPoints())
                    .filteredOn(point ->
                            "used".equals(point.getAttributes().get(stringKey("genai.client.connection.state"))))
                    .singleElement()
                    .extracting(LongPointData::getValue)
                    .isEqualTo(1L);
            assertThat(of(metric(all, "genai.client.connection.wait_time"), "genai.client.connection.pool.name"))
                    .containsExactly("chats");
        }
        adapter.stop();
        assertThat(reader.collectAllMetrics())
                .as("nothing of a stopped adapter is asked")
                .noneMatch(metric -> metric.getName().equals("genai.client.connection.count"));
    }
}
