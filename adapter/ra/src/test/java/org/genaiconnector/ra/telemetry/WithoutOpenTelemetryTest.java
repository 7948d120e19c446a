package org.genaiconnector.ra.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.concurrent.Callable;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.http.IsolatedAdapter;
import org.genaiconnector.ra.inflow.CapturedLog;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An application server without OpenTelemetry, or with one that fails")
class WithoutOpenTelemetryTest {
    private static final String BRIDGE = "org.genaiconnector.ra.telemetry.OpenTelemetryBridge";

    @Test
    void nothingOfItIsLoaded() throws Exception {
        try (IsolatedAdapter adapter = IsolatedAdapter.without("io.opentelemetry");
                CapturedLog log = CapturedLog.of(Telemetry.class)) {
            assertThat(adapter.run(Chat.class)).isEqualTo("off");
            assertThat(adapter.hasLoaded(Telemetry.class.getName())).isTrue();
            assertThat(adapter.hasLoaded(BRIDGE)).isFalse();
            assertThat(log.messages()).isEmpty();
        }
    }

    /** Asking it would make it refuse the one that an application sets later. */
    @Test
    void oneThatNobodyHasSetUpIsNotAsked() throws Exception {
        try (IsolatedAdapter adapter = IsolatedAdapter.without("none");
                CapturedLog log = CapturedLog.of(Telemetry.class)) {
            assertThat(adapter.run(Chat.class)).isEqualTo("off");
            assertThat(log.messages()).isEmpty();
            assertThat(adapter.run(ThrowingProcessor.class)).isEqualTo("on");
        }
    }

    @Test
    @Produces(OperatorMessage.TELEMETRY_UNUSABLE)
    void halfOfItIsSaidOnceAndNotUsed() throws Exception {
        try (IsolatedAdapter adapter = IsolatedAdapter.without("io.opentelemetry.context");
                CapturedLog log = CapturedLog.of(Telemetry.class)) {
            assertThat(adapter.run(Chat.class)).isEqualTo("off");
            assertThat(adapter.run(Chat.class)).isEqualTo("off");
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith(OperatorMessage.TELEMETRY_UNUSABLE.id())
                    .contains("io/opentelemetry/context");
        }
    }

    @Test
    @Produces(OperatorMessage.TELEMETRY_FAILED)
    void aSpanProcessorThatThrowsCostsNoCallAnything() throws Exception {
        try (IsolatedAdapter adapter = IsolatedAdapter.without("none");
                CapturedLog log = CapturedLog.of(Telemetry.class)) {
            assertThat(adapter.run(ThrowingProcessor.class)).isEqualTo("on");
            assertThat(log.messages()).singleElement().asString().startsWith(OperatorMessage.TELEMETRY_FAILED.id());
        }
    }

    /** Returns whether telemetry is on after two calls. */
    public static class Chat implements Callable<String> {
        @Override
        public String call() throws Exception {
            try (LlmSimulator service = LlmSimulator.start()) {
                LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
                pool.setServerUrl(service.openAiUri().toString());
                pool.setProbeOnCreate(false);
                pool.setModel("tiny");
                LlmConnectionFactory factory = (LlmConnectionFactory) pool.createConnectionFactory();
                try (LlmConnection connection = factory.getConnection()) {
                    assertThat(connection.chat(ChatRequest.of("Hello")).text()).isNotBlank();
                    assertThat(connection.chat(ChatRequest.of("Again")).text()).isNotBlank();
                }
            }
            return Telemetry.get().isOn() ? "on" : "off";
        }
    }

    /** As {@link Chat}, in a trace with a processor that always throws. */
    public static final class ThrowingProcessor extends Chat {
        @Override
        public String call() throws Exception {
            GlobalOpenTelemetry.set(OpenTelemetrySdk.builder()
                    .setTracerProvider(SdkTracerProvider.builder()
                            .addSpanProcessor(new Throwing())
                            .build())
                    .build());
            return super.call();
        }
    }

    private static final class Throwing implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            // its end is worse
        }

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            throw new IllegalStateException("no disk");
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
