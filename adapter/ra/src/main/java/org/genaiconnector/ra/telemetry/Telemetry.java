package org.genaiconnector.ra.telemetry;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Where spans and measurements go: to OpenTelemetry or, if the application server has none, nowhere. Its methods never throw. All
 * threads may use it.
 */
public interface Telemetry {
    /** The name of the instrumentation scope of all spans and metrics. */
    String SCOPE = "org.genaiconnector";

    /** The conventions that names and attributes follow. */
    String SCHEMA = "https://opentelemetry.io/schemas/1.41.0";

    /** The member of {@code extra_data} and the header that carry the context of a trace (W3C Trace Context). */
    String TRACEPARENT = "traceparent";

    /** Names a pool, as {@code db.client.connection.pool.name} does in the conventions for database clients. */
    String POOL_NAME = "genai.client.connection.pool.name";

    /** What a span is to the one that it belongs to. */
    enum Kind {
        /** A part of it, within the application server. */
        INTERNAL,
        /** A request to another server. */
        CLIENT,
        /** The beginning of something that ends later. */
        PRODUCER,
        /** The handling of what a producer has begun. */
        CONSUMER
    }

    /**
     * Value of the attribute {@code server.port}.
     *
     * @param server address of a backend
     * @return that of the scheme if it names none
     */
    static int port(URI server) {
        return server.getPort() >= 0 ? server.getPort() : "https".equals(server.getScheme()) ? 443 : 80;
    }

    /**
     * The way there is at this moment.
     *
     * @return one that is not {@link #isOn} if OpenTelemetry is absent, or nobody has set it up yet
     */
    static Telemetry get() {
        return Found.TELEMETRY.isOn() ? Found.TELEMETRY : Nowhere.ONLY;
    }

    /**
     * Whether spans and measurements have any effect; if not, callers need not gather anything for them.
     *
     * @return false costs one volatile read at most
     */
    boolean isOn();

    /**
     * Whether the calling thread is in a trace.
     *
     * @return true within a span, also of others
     */
    boolean inTrace();

    /**
     * Starts a span within that of the calling thread, or a new trace. It is the span of this thread until it is closed.
     *
     * @param name of few different values
     * @return to be closed on this thread, or to be detached on it
     */
    Span start(Kind kind, String name);

    /**
     * Starts a span within another one, perhaps of another application server or of long ago.
     *
     * @param name of few different values
     * @param parent as from {@link #traceparent}; one that is malformed is logged once, and a new trace begins
     * @return as {@link #start(Kind, String)}
     */
    Span start(Kind kind, String name, String parent);

    /**
     * Records a span that has ended now, within another one.
     *
     * @param name of few different values
     * @param parent as from {@link #traceparent}
     * @param nanos how long ago it began
     * @return to be closed, on any thread; it is not the span of this thread
     */
    Span past(Kind kind, String name, String parent, long nanos);

    /**
     * The context of the calling thread's span.
     *
     * @return value of the header {@code traceparent}; empty outside traces
     */
    Optional<String> traceparent();

    /**
     * Adds the headers by which a server goes on with the trace of the calling thread.
     *
     * @param headers of a request
     */
    void inject(Map<String, String> headers);

    /**
     * Records a measurement.
     *
     * @param attributes names and values in turn; null values are left out
     */
    void record(Measure measure, double value, Object... attributes);

    /**
     * Shows how many connections a pool has, as {@code genai.client.connection.count}.
     *
     * @param pool its name
     * @param used asked by any thread, whenever measurements are collected
     * @param idle likewise
     * @return ends that; nothing of the adapter is known to OpenTelemetry after it
     */
    Runnable showConnections(String pool, LongSupplier used, LongSupplier idle);
}
