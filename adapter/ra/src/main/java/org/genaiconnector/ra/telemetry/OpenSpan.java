package org.genaiconnector.ra.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import java.util.List;

/** A span of OpenTelemetry. */
final class OpenSpan implements Span {
    private final io.opentelemetry.api.trace.Span span;

    /** Null if no thread is in it. */
    private Scope scope;

    private OpenSpan(io.opentelemetry.api.trace.Span span, Scope scope) {
        this.span = span;
        this.scope = scope;
    }

    /** @param current whether it is that of the calling thread from now on */
    static Span of(io.opentelemetry.api.trace.Span span, boolean current) {
        return new OpenSpan(span, current ? span.makeCurrent() : null);
    }

    @Override
    public boolean isRecording() {
        return span.isRecording();
    }

    @Override
    public Span set(String name, Object value) {
        return OpenTelemetryBridge.attempt(
                () -> {
                    put(name, value);
                    return this;
                },
                this);
    }

    private void put(String name, Object value) {
        if (value instanceof String text) {
            span.setAttribute(name, text);
        } else if (value instanceof Long || value instanceof Integer) {
            span.setAttribute(name, ((Number) value).longValue());
        } else if (value instanceof Number number) {
            span.setAttribute(name, number.doubleValue());
        } else if (value instanceof List<?> list) {
            span.setAttribute(
                    AttributeKey.stringArrayKey(name),
                    list.stream().map(String::valueOf).toList());
        }
    }

    @Override
    public void event(String event) {
        OpenTelemetryBridge.attempt(() -> span.addEvent(event), span);
    }

    @Override
    public void fail(String type, String words) {
        OpenTelemetryBridge.attempt(
                () -> span.setAttribute("error.type", type).setStatus(StatusCode.ERROR, words == null ? "" : words),
                span);
    }

    @Override
    public void detach() {
        Scope left = scope;
        scope = null;
        if (left != null) {
            OpenTelemetryBridge.attempt(
                    () -> {
                        left.close();
                        return this;
                    },
                    this);
        }
    }

    @Override
    public void close() {
        detach();
        OpenTelemetryBridge.attempt(
                () -> {
                    span.end();
                    return this;
                },
                this);
    }
}
