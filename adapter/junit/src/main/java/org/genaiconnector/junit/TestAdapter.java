package org.genaiconnector.junit;

import jakarta.resource.ResourceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.connection.BackendConnectionFactory;
import org.genaiconnector.ra.inflow.ComfyUiActivationSpec;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;

/**
 * The resource adapter running without an application server, for tests: the same code, the same configuration properties,
 * the same failures.
 *
 * <p>Everything that an application server adds is missing. Each {@code getConnection} makes a connection and its
 * {@code close} ends it, so calls never wait for a free one; {@code getConnection} without credentials uses those of
 * the properties; there are no JTA transactions, so {@code queuePrompt} sends at once. The adapter tracks jobs: {@code
 * awaitJob} works, and listeners receive events of jobs.
 *
 * <p>Safe for use by several threads. Adapters are independent of each other.
 */
public final class TestAdapter implements AutoCloseable {
    /** No pool keeps connections, so that every call would begin with a probe; tests need no delay between retries. */
    private static final Map<String, String> DEFAULTS = Map.of("probeOnCreate", "false", "retryDelayMillis", "10");

    private record Listening(Listeners endpoints, ComfyUiActivationSpec spec) {}

    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final List<Supplier<ConnectionStatistics>> figures = new ArrayList<>();
    private final List<Listening> listening = new ArrayList<>();
    private boolean closed;

    private TestAdapter() {
        adapter.start(new TestContext());
    }

    /** Starts one; {@link #close} ends it with everything it has made. */
    public static TestAdapter start() {
        return new TestAdapter();
    }

    /**
     * Makes a connection factory for a ComfyUI.
     *
     * @param properties configuration properties by the names of the README's table, such as {@code serverUrl}; the
     *     others have the defaults of that table, except that {@code probeOnCreate} is false and {@code
     *     retryDelayMillis} is 10
     * @return a factory without a pool
     * @throws IllegalArgumentException if there is no such property, or if a value is not of its type; {@code
     *     getConnection} refuses other wrong values
     */
    public ComfyUiConnectionFactory comfyUi(Map<String, String> properties) {
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        configure(managed, properties);
        ComfyUiConnectionFactory factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        remember(factory::statistics);
        return factory;
    }

    /**
     * Makes a connection factory for an LLM service.
     *
     * @param properties as in {@link #comfyUi}, such as {@code provider}, {@code serverUrl} and {@code model}
     * @return a factory without a pool
     * @throws IllegalArgumentException as in {@link #comfyUi}
     */
    public LlmConnectionFactory llm(Map<String, String> properties) {
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        configure(managed, properties);
        LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
        remember(factory::statistics);
        return factory;
    }

    private void configure(BackendConnectionFactory<?> managed, Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(DEFAULTS);
        all.putAll(properties);
        Properties.set(managed, all);
        managed.setResourceAdapter(adapter);
    }

    private synchronized void remember(Supplier<ConnectionStatistics> statistics) {
        requireOpen();
        figures.add(statistics);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("This test adapter is closed");
        }
    }

    /**
     * Lets a listener receive events like a message-driven bean without properties: of the ends of all jobs that are submitted
     * through this adapter.
     *
     * @param bean called by threads of the adapter, for one job by one thread at a time
     */
    public void listen(ComfyUiJobListener bean) {
        listen(bean, Map.of());
    }

    /**
     * Lets a listener receive events like a message-driven bean. Ends reach it also if the job was submitted before.
     *
     * @param bean as in {@link #listen(ComfyUiJobListener)}
     * @param properties activation properties by the names of the README's table, such as {@code events} and {@code tag}
     * @throws IllegalArgumentException if there is no such property, or if a value is wrong
     */
    public synchronized void listen(ComfyUiJobListener bean, Map<String, String> properties) {
        Objects.requireNonNull(bean, "bean");
        requireOpen();
        ComfyUiActivationSpec spec = new ComfyUiActivationSpec();
        Properties.set(spec, properties);
        Listening one = new Listening(new Listeners(bean), spec);
        try {
            adapter.endpointActivation(one.endpoints(), spec); // does not call the bean
        } catch (ResourceException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        listening.add(one);
    }

    /**
     * Stops the adapter: deliveries that have begun are finished, then every connection is destroyed. Closing twice
     * does nothing.
     *
     * @throws IllegalStateException if the application has not closed all its connections; the adapter is stopped anyway
     */
    @Override
    public void close() {
        List<Listening> beans;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            beans = List.copyOf(listening);
        }
        beans.forEach(bean -> adapter.endpointDeactivation(bean.endpoints(), bean.spec()));
        List<String> open = figures.stream()
                .map(Supplier::get)
                .filter(statistics -> statistics.connections().active() > 0)
                .map(statistics -> statistics.connections().active() + " of " + statistics.name())
                .distinct()
                .toList();
        adapter.stop();
        if (!open.isEmpty()) {
            throw new IllegalStateException("Connections were not closed: " + String.join(", ", open)
                    + ". In an application server they would be missing in the pool; use try-with-resources");
        }
    }
}
