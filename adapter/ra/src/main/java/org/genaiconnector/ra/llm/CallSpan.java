package org.genaiconnector.ra.llm;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.ra.telemetry.Measure;
import org.genaiconnector.ra.telemetry.Span;
import org.genaiconnector.ra.telemetry.Telemetry;

/** The span of one operation, and what is measured of it. The thread that reads a stream may end it. */
final class CallSpan {
    /** Of operations of which telemetry is told nothing. */
    static final CallSpan NONE = new CallSpan(null, null, null, null, Span.NONE);

    private final Telemetry telemetry;
    private final LlmTelemetry service;
    private final String operation;
    private final String model;
    private final Span span;
    private final long began = System.nanoTime();
    private String responseModel;
    private String error;
    private boolean ended;

    private CallSpan(Telemetry telemetry, LlmTelemetry service, String operation, String model, Span span) {
        this.telemetry = telemetry;
        this.service = service;
        this.operation = operation;
        this.model = model;
        this.span = span;
    }

    static CallSpan begin(Telemetry telemetry, LlmTelemetry service, String operation, String model) {
        Span span = telemetry.start(Telemetry.Kind.CLIENT, model == null ? operation : operation + " " + model);
        if (span.isRecording()) {
            span.set("gen_ai.operation.name", operation)
                    .set("gen_ai.provider.name", service.provider())
                    .set("gen_ai.request.model", model)
                    .set("server.address", service.host())
                    .set("server.port", service.port());
        }
        return new CallSpan(telemetry, service, operation, model, span);
    }

    boolean isNone() {
        return this == NONE;
    }

    CallSpan asks(ChatRequest request) {
        asks(request.options());
        if (service.content() && span.isRecording()) {
            span.set("gen_ai.input.messages", SpanContent.of(request.messages()));
        }
        return this;
    }

    CallSpan asks(GenerationOptions options) {
        if (span.isRecording()) {
            options.maxOutputTokens().ifPresent(most -> span.set("gen_ai.request.max_tokens", most));
            options.temperature().ifPresent(value -> span.set("gen_ai.request.temperature", value));
            options.topP().ifPresent(value -> span.set("gen_ai.request.top_p", value));
            options.topK().ifPresent(value -> span.set("gen_ai.request.top_k", (double) value));
            options.seed().ifPresent(value -> span.set("gen_ai.request.seed", value));
            options.frequencyPenalty().ifPresent(value -> span.set("gen_ai.request.frequency_penalty", value));
            options.presencePenalty().ifPresent(value -> span.set("gen_ai.request.presence_penalty", value));
        }
        return this;
    }

    /** The first event of a stream has arrived. */
    void firstChunk() {
        double seconds = seconds();
        span.set("gen_ai.response.time_to_first_chunk", seconds);
        span.event("first chunk");
        telemetry.record(Measure.FIRST_CHUNK, seconds, attributes());
    }

    /** Returns the answer. */
    ChatResponse answered(ChatResponse response) {
        span.set("gen_ai.response.finish_reasons", List.of(response.rawFinishReason()))
                .set("gen_ai.response.id", response.id().orElse(null));
        answered(response.model(), response.usage());
        if (service.content() && span.isRecording()) {
            ChatMessage message = response.message();
            span.set("gen_ai.output.messages", SpanContent.of(message, response.rawFinishReason()));
        }
        return response;
    }

    void answered(String by, TokenUsage usage) {
        responseModel = by;
        span.set("gen_ai.response.model", by);
        tokens("input", usage.inputTokens());
        tokens("output", usage.outputTokens());
    }

    private void tokens(String type, OptionalLong count) {
        if (count.isPresent()) {
            span.set(
                    "input".equals(type) ? "gen_ai.usage.input_tokens" : "gen_ai.usage.output_tokens",
                    count.getAsLong());
            telemetry.record(Measure.TOKEN_USAGE, count.getAsLong(), attributes("gen_ai.token.type", type));
        }
    }

    private Object[] attributes(Object... more) {
        Object[] own = {
            "gen_ai.operation.name", operation,
            "gen_ai.provider.name", service.provider(),
            "gen_ai.request.model", model,
            "gen_ai.response.model", responseModel,
            "server.address", service.host(),
            "server.port", service.port(),
            "error.type", error
        };
        Object[] all = Arrays.copyOf(own, own.length + more.length);
        System.arraycopy(more, 0, all, own.length, more.length);
        return all;
    }

    private double seconds() {
        return (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** Its result is a stream, which ends it. */
    void goesOn() {
        span.detach();
    }

    void failed(Throwable failure) {
        error = Span.typeOf(failure);
        span.fail(failure);
        end();
    }

    /** The end of a stream: with a failure, or read to its end or closed before. */
    void ended(Optional<? extends Throwable> failure) {
        failure.ifPresentOrElse(this::failed, this::end);
    }

    void end() {
        if (!ended && !isNone()) {
            ended = true;
            telemetry.record(Measure.OPERATION_DURATION, seconds(), attributes());
            span.close();
        }
    }
}
