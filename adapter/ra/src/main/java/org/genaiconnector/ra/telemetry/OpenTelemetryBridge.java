package org.genaiconnector.ra.telemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongUpDownCounter;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.lang.System.Logger;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.genaiconnector.ForeignText;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Telemetry of the application server's or the agent's OpenTelemetry, the one that {@link GlobalOpenTelemetry} has. That is never
 * asked before somebody has set it, because it would refuse to be set after that.
 */
final class OpenTelemetryBridge implements Telemetry {
    private static final Logger LOG = System.getLogger(Telemetry.class.getName());
    private static final AtomicBoolean FAILED = new AtomicBoolean();
    private static final AtomicBoolean MALFORMED = new AtomicBoolean();
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final Context ROOT = Context.root();

    /** More than an application server with many factories, models and failures has. */
    private static final int MOST_KNOWN = 2_000;

    private volatile Instruments instruments;

    /** The attributes of measurements by their names and values, of which there are few: they are made once, not with each call. */
    private final Map<List<Object>, Attributes> known = new ConcurrentHashMap<>();

    private OpenTelemetryBridge() {}

    /** Uses all that it will need once, so that a missing class shows now. */
    static OpenTelemetryBridge tried() {
        OpenTelemetryBridge bridge = new OpenTelemetryBridge();
        bridge.isOn();
        OpenTelemetry none = OpenTelemetry.noop();
        Instruments tried = new Instruments(none);
        OpenSpan.of(tried.span(Kind.INTERNAL, "try").setParent(ROOT).startSpan(), true)
                .set("string", "")
                .set("number", 1L)
                .close();
        tried.of(Measure.TOKEN_USAGE).record(1, attributes("try", ""), ROOT);
        return bridge;
    }

    @Override
    public boolean isOn() {
        return GlobalOpenTelemetry.isSet();
    }

    @Override
    public boolean inTrace() {
        return io.opentelemetry.api.trace.Span.current().getSpanContext().isValid();
    }

    private SpanBuilder span(Kind kind, String name) {
        return instruments().span(kind, name);
    }

    @Override
    public Span start(Kind kind, String name) {
        return attempt(() -> OpenSpan.of(span(kind, name).startSpan(), true), Span.NONE);
    }

    @Override
    public Span start(Kind kind, String name, String parent) {
        return attempt(
                () -> OpenSpan.of(span(kind, name).setParent(context(parent)).startSpan(), true), Span.NONE);
    }

    @Override
    public Span past(Kind kind, String name, String parent, long nanos) {
        long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        return attempt(
                () -> OpenSpan.of(
                        span(kind, name)
                                .setParent(context(parent))
                                .setStartTimestamp(now - nanos, TimeUnit.NANOSECONDS)
                                .startSpan(),
                        false),
                Span.NONE);
    }

    private static Context context(String traceparent) {
        Context context = W3C.extract(ROOT, traceparent, Header.ONLY);
        if (!io.opentelemetry.api.trace.Span.fromContext(context)
                        .getSpanContext()
                        .isValid()
                && MALFORMED.compareAndSet(false, true)) {
            OperatorMessage.TRACE_MALFORMED.log(LOG, ForeignText.line(traceparent, 100));
        }
        return context;
    }

    @Override
    public Optional<String> traceparent() {
        return attempt(
                () -> {
                    Map<String, String> headers = new HashMap<>();
                    W3C.inject(Context.current(), headers, Map::put);
                    return Optional.ofNullable(headers.get(TRACEPARENT));
                },
                Optional.empty());
    }

    @Override
    public void inject(Map<String, String> headers) {
        attempt(
                () -> {
                    GlobalOpenTelemetry.get()
                            .getPropagators()
                            .getTextMapPropagator()
                            .inject(Context.current(), headers, Map::put);
                    return headers;
                },
                headers);
    }

    @Override
    public void record(Measure measure, double value, Object... attributes) {
        attempt(
                () -> {
                    instruments().of(measure).record(value, known(attributes));
                    return measure;
                },
                measure);
    }

    @Override
    public Runnable showConnections(String pool, LongSupplier used, LongSupplier idle) {
        return attempt(
                () -> {
                    ObservableLongUpDownCounter counter = GlobalOpenTelemetry.get()
                            .getMeterProvider()
                            .meterBuilder(SCOPE)
                            .setSchemaUrl(SCHEMA)
                            .build()
                            .upDownCounterBuilder("genai.client.connection.count")
                            .setUnit("{connection}")
                            .setDescription("Connections of a pool, by their state")
                            .buildWithCallback(now -> {
                                now.record(used.getAsLong(), state(pool, "used"));
                                now.record(idle.getAsLong(), state(pool, "idle"));
                            });
                    return () -> attempt(
                            () -> {
                                counter.close();
                                return counter;
                            },
                            counter);
                },
                () -> {});
    }

    private static Attributes state(String pool, String state) {
        return attributes(POOL_NAME, pool, "genai.client.connection.state", state);
    }

    private Instruments instruments() {
        OpenTelemetry now = GlobalOpenTelemetry.get();
        Instruments latest = instruments;
        if (latest == null || latest.source != now) {
            latest = new Instruments(now);
            instruments = latest;
        }
        return latest;
    }

    /** The tracer and the histograms of one OpenTelemetry. */
    private static final class Instruments {
        private final OpenTelemetry source;
        private final Tracer tracer;
        private final Map<Measure, DoubleHistogram> histograms = new EnumMap<>(Measure.class);

        Instruments(OpenTelemetry source) {
            this.source = source;
            tracer = source.getTracerProvider()
                    .tracerBuilder(SCOPE)
                    .setSchemaUrl(SCHEMA)
                    .build();
            Meter meter = source.getMeterProvider()
                    .meterBuilder(SCOPE)
                    .setSchemaUrl(SCHEMA)
                    .build();
            for (Measure measure : Measure.values()) {
                histograms.put(
                        measure,
                        meter.histogramBuilder(measure.metric())
                                .setUnit(measure.unit())
                                .setDescription(measure.description())
                                .setExplicitBucketBoundariesAdvice(measure.boundaries())
                                .build());
            }
        }

        SpanBuilder span(Kind kind, String name) {
            return tracer.spanBuilder(name)
                    .setSpanKind(
                            switch (kind) {
                                case INTERNAL -> SpanKind.INTERNAL;
                                case CLIENT -> SpanKind.CLIENT;
                                case PRODUCER -> SpanKind.PRODUCER;
                                case CONSUMER -> SpanKind.CONSUMER;
                            });
        }

        DoubleHistogram of(Measure measure) {
            return histograms.get(measure);
        }
    }

    private Attributes known(Object... namesAndValues) {
        List<Object> key = Arrays.asList(namesAndValues);
        Attributes made = known.get(key);
        if (made == null) {
            made = attributes(namesAndValues);
            if (known.size() < MOST_KNOWN) { // applications may name models without end
                known.put(key, made);
            }
        }
        return made;
    }

    private static Attributes attributes(Object... namesAndValues) {
        AttributesBuilder builder = Attributes.builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = (String) namesAndValues[i];
            Object value = namesAndValues[i + 1];
            if (value instanceof Number number) {
                builder.put(AttributeKey.longKey(name), number.longValue());
            } else if (value != null) {
                builder.put(AttributeKey.stringKey(name), value.toString());
            }
        }
        return builder.build();
    }

    /**
     * Does something with OpenTelemetry, in which exporters and processors of others may throw.
     *
     * @param otherwise the result after that
     */
    static <T> T attempt(Supplier<T> what, T otherwise) {
        try {
            return what.get();
        } catch (RuntimeException | LinkageError e) {
            if (FAILED.compareAndSet(false, true)) {
                OperatorMessage.TELEMETRY_FAILED.logFailure(LOG, e);
            }
            return otherwise;
        }
    }

    /** The one header that a job keeps. */
    private enum Header implements TextMapGetter<String> {
        ONLY;

        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(TRACEPARENT);
        }

        @Override
        public String get(String carrier, String key) {
            return TRACEPARENT.equals(key) ? carrier : null;
        }
    }
}
