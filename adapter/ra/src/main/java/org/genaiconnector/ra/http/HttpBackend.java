package org.genaiconnector.ra.http;

import java.lang.System.Logger;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.CircuitState;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * One backend as one factory is configured: settings, the exchange, and the connections made through it. Safe for all
 * threads.
 */
public final class HttpBackend implements AutoCloseable {
    /**
     * An aborted call ends within milliseconds, unless it hangs in code that cannot be aborted, such as a name service.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Logger LOG = System.getLogger(HttpBackend.class.getName());

    static {
        // loads what judges calls that the stop of the adapter ends: Open Liberty has closed the adapter's archive
        // before
        FailureTrait.SICK.of(new GenAiException(FailureCategory.CANCELLED, "rehearsed"));
    }

    private final HttpSettings settings;
    private final FailureReader failures;
    private final SendWatch sendWatch;
    private final Circuits circuits;
    private final RateLimitGate rateLimits;
    private final TransportKind transport;
    private final Redirects redirects;
    private final Exchange exchange;
    private final HttpResource root;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger users = new AtomicInteger(1);
    private final CountDownLatch empty = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();

    /** A backend outside an application server; the parameters are those of the other constructor. */
    public HttpBackend(HttpSettings settings, FailureReader failures, HttpObserver observer) {
        this(settings, failures, observer, SendWatch.unmanaged());
    }

    /**
     * Makes the HTTP client; opens nothing.
     *
     * @param settings how the backend is reached
     * @param failures reads what the backend says in answers of status 300 and above
     * @param observer learns of retries and of the circuit
     * @param sendWatch ends the sending of large bodies; perhaps shared with others, so it is not closed here
     */
    public HttpBackend(HttpSettings settings, FailureReader failures, HttpObserver observer, SendWatch sendWatch) {
        this.settings = settings;
        this.sendWatch = sendWatch;
        this.failures = failures;
        this.circuits = new Circuits(settings.name(), settings.circuit(), observer, System::nanoTime);
        observer.circuit(circuits);
        this.rateLimits = new RateLimitGate(settings.name());
        this.transport = Exchanges.effective(settings.transport().kind());
        observer.transport(transport);
        this.exchange = Exchanges.make(transport, settings);
        this.redirects = new Redirects(settings);
        this.root = HttpResource.root(settings.server(), settings.transport().query());
    }

    /**
     * How the backend is reached.
     *
     * @return the settings that this was made with
     */
    public HttpSettings settings() {
        return settings;
    }

    /**
     * The HTTP client that makes the calls.
     *
     * @return {@link TransportKind#JERSEY} or {@link TransportKind#DIRECT}
     */
    public TransportKind transport() {
        return transport;
    }

    /**
     * Something on the backend.
     *
     * @param path below the base address, already encoded
     * @return its address
     */
    public HttpResource resource(String path) {
        return root.at(path);
    }

    /**
     * Makes a connection; its socket is opened by the first call.
     *
     * @param headers sent with every call, in particular those made of the credentials
     * @param credentials keys and passwords, which no message may show
     * @return a new connection
     */
    public HttpConnection connect(Map<String, String> headers, Collection<String> credentials) {
        if (isClosed()) {
            throw new IllegalStateException("The resource adapter has been stopped");
        }
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(settings.transport().headers());
        proxyAuthorization().ifPresent(value -> all.put("Proxy-Authorization", value));
        all.putAll(headers);
        HttpConnection connection = new HttpConnection(
                this, all, Secrets.of(credentials, headers, settings.server(), settings.transport()));
        connections.add(connection);
        if (isClosed()) { // meanwhile: no other thread would close this one
            connection.close();
        }
        return connection;
    }

    /**
     * Plain requests carry the proxy's password from the beginning, because a streamed body cannot be sent again after
     * a refusal. Through a tunnel the header would reach the backend.
     */
    private Optional<String> proxyAuthorization() {
        return settings.transport()
                .proxy()
                .filter(proxy -> !settings.isSecure() && !proxy.user().isEmpty())
                .map(Transport.Proxy::authorization);
    }

    /**
     * The worst state of its circuits.
     *
     * @return {@code CLOSED} while calls succeed
     */
    public CircuitState circuit() {
        return circuits.get();
    }

    /**
     * Whether calls of any kind fail at once because they keep failing.
     *
     * @return false as soon as a call is due that finds out whether the backend is well again
     */
    public boolean isOpen() {
        return circuits.isOpen();
    }

    /**
     * How long calls about a part of the backend fail at once because they keep failing.
     *
     * @param subject as {@link HttpCall#about}
     * @return empty if they are let through
     */
    public Optional<Duration> open(String subject) {
        return circuits.open(new HttpCall.Lane(false, subject));
    }

    Exchange exchange() {
        return exchange;
    }

    Redirects redirects() {
        return redirects;
    }

    FailureReader failures() {
        return failures;
    }

    SendWatch sendWatch() {
        return sendWatch;
    }

    Circuits circuits() {
        return circuits;
    }

    RateLimitGate rateLimits() {
        return rateLimits;
    }

    void forget(HttpConnection connection) {
        connections.remove(connection);
    }

    /**
     * Tells whether the adapter has stopped.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return closed.get();
    }

    /** A call begins to use the client; tells whether it may. */
    boolean enter() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /** A call has ended. The last one after {@link #close()} closes the client, which must not happen under a call. */
    void leave() {
        if (users.decrementAndGet() == 0) {
            try {
                exchange.close();
            } finally {
                empty.countDown();
            }
        }
    }

    /**
     * Aborts every connection and closes the client as soon as no call is inside it: waits for that, but not for long.
     * A second call does nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            connections.forEach(HttpConnection::close);
            circuits.clear();
            leave();
            awaitLast();
        }
    }

    private void awaitLast() {
        try {
            if (!empty.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                OperatorMessage.CALLS_OUTLIVE_CLIENT.log(LOG, settings.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the last call closes the client
        }
    }
}
