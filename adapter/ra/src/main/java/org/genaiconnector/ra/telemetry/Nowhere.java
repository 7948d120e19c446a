package org.genaiconnector.ra.telemetry;

import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** No telemetry: does nothing. */
enum Nowhere implements Telemetry {
    ONLY;

    @Override
    public boolean isOn() {
        return false;
    }

    @Override
    public boolean inTrace() {
        return false;
    }

    @Override
    public Span start(Kind kind, String name) {
        return Span.NONE;
    }

    @Override
    public Span start(Kind kind, String name, String parent) {
        return Span.NONE;
    }

    @Override
    public Span past(Kind kind, String name, String parent, long nanos) {
        return Span.NONE;
    }

    @Override
    public Optional<String> traceparent() {
        return Optional.empty();
    }

    @Override
    public void inject(Map<String, String> headers) {
        // there is no trace
    }

    @Override
    public void record(Measure measure, double value, Object... attributes) {
        // nobody wants it
    }

    @Override
    public Runnable showConnections(String pool, LongSupplier used, LongSupplier idle) {
        return () -> {};
    }
}
