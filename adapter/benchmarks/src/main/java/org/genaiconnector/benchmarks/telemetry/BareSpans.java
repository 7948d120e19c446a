package org.genaiconnector.benchmarks.telemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.genaiconnector.benchmarks.CallCost;

/**
 * What OpenTelemetry itself costs: the two spans and three measurements of a chat, with attributes as the adapter sets them, by an
 * application that does nothing else. Prints as {@link PlainChats}.
 */
final class BareSpans {
    private static final Attributes DURATION = Attributes.builder()
            .put("gen_ai.operation.name", "chat")
            .put("gen_ai.provider.name", "openai")
            .put("gen_ai.request.model", "gpt-test")
            .put("gen_ai.response.model", "gpt-4o-2024-08-06")
            .put("server.address", "127.0.0.1")
            .put("server.port", 8000L)
            .build();
    private static final Attributes INPUT =
            DURATION.toBuilder().put("gen_ai.token.type", "input").build();
    private static final Attributes OUTPUT =
            DURATION.toBuilder().put("gen_ai.token.type", "output").build();
    private static final AttributeKey<List<String>> FINISH_REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

    private final Tracer tracer = GlobalOpenTelemetry.getTracer("bare");
    private final DoubleHistogram duration;
    private final DoubleHistogram tokens;

    private BareSpans() {
        Meter meter = GlobalOpenTelemetry.getMeter("bare");
        duration = meter.histogramBuilder("gen_ai.client.operation.duration").build();
        tokens = meter.histogramBuilder("gen_ai.client.token.usage").build();
    }

    /** Measures, in a trace. */
    static void run() throws Exception {
        BareSpans spans = new BareSpans();
        CallCost.of(PlainChats.WARM_UP, spans::chat);
        for (int round = 0; round < PlainChats.ROUNDS; round++) {
            System.out.println(CallCost.of(PlainChats.CALLS_PER_ROUND, spans::chat));
        }
    }

    @SuppressWarnings("try") // the scope is only to be closed
    private Map<String, String> chat() {
        Span chat =
                tracer.spanBuilder("chat gpt-test").setSpanKind(SpanKind.CLIENT).startSpan();
        try (Scope scope = chat.makeCurrent()) {
            chat.setAttribute("gen_ai.operation.name", "chat")
                    .setAttribute("gen_ai.provider.name", "openai")
                    .setAttribute("gen_ai.request.model", "gpt-test")
                    .setAttribute("server.address", "127.0.0.1")
                    .setAttribute("server.port", 8000L);
            Map<String, String> headers = post();
            chat.setAttribute(FINISH_REASONS, List.of("stop"))
                    .setAttribute("gen_ai.response.id", "chatcmpl-BzxY4nWc2vTq0")
                    .setAttribute("gen_ai.response.model", "gpt-4o-2024-08-06")
                    .setAttribute("gen_ai.usage.input_tokens", 19L)
                    .setAttribute("gen_ai.usage.output_tokens", 27L);
            tokens.record(19, INPUT);
            tokens.record(27, OUTPUT);
            duration.record(0.001, DURATION);
            return headers;
        } finally {
            chat.end();
        }
    }

    @SuppressWarnings("try") // the scope is only to be closed
    private Map<String, String> post() {
        Map<String, String> headers = new HashMap<>();
        Span post = tracer.spanBuilder("POST").setSpanKind(SpanKind.CLIENT).startSpan();
        try (Scope scope = post.makeCurrent()) {
            post.setAttribute("http.request.method", "POST")
                    .setAttribute("server.address", "127.0.0.1")
                    .setAttribute("server.port", 8000L)
                    .setAttribute("url.full", "http://127.0.0.1:8000/v1/chat/completions");
            GlobalOpenTelemetry.get()
                    .getPropagators()
                    .getTextMapPropagator()
                    .inject(Context.current(), headers, Map::put);
            post.setAttribute("http.response.status_code", 200L);
            return headers;
        } finally {
            post.end();
        }
    }
}
