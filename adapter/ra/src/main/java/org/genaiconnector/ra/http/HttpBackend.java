package org.genaiconnector.ra.http;

import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.WebTarget;
import java.lang.System.Logger;
import java.net.URI;
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
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.apache5.connector.Apache5ClientProperties;
import org.glassfish.jersey.apache5.connector.Apache5ConnectorProvider;
import org.glassfish.jersey.apache5.connector.Apache5HttpClientBuilderConfigurator;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.client.ClientProperties;
import org.glassfish.jersey.client.JerseyClientBuilder;

/**
 * One server as one factory is configured: settings, the Jersey client, and the connections made through it. Safe for all
 * threads.
 */
public final class HttpBackend implements AutoCloseable {
    /** An aborted call ends within milliseconds, unless it hangs where nothing can abort it, such as in a name service. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Logger LOG = System.getLogger(HttpBackend.class.getName());

    private final HttpSettings settings;
    private final FailureReader failures;
    private final HttpObserver observer;
    private final SendWatch sendWatch;
    private final Circuits circuits;
    private final RateLimitWalls rateLimits;
    private final Client client;
    private final WebTarget base;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger users = new AtomicInteger(1);
    private final CountDownLatch empty = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();

    /** A backend outside an application server; the parameters are those of the other constructor. */
    public HttpBackend(HttpSettings settings, FailureReader failures, HttpObserver observer) {
        this(settings, failures, observer, SendWatch.unmanaged());
    }

    /**
     * Makes the client; opens nothing.
     *
     * @param settings not null
     * @param failures reads what the server says in answers of status 300 and above
     * @param observer is told of retries and of the circuit
     * @param sendWatch ends the sending of large bodies; perhaps shared with others, so it is not closed here
     */
    public HttpBackend(HttpSettings settings, FailureReader failures, HttpObserver observer, SendWatch sendWatch) {
        this.settings = settings;
        this.sendWatch = sendWatch;
        this.failures = failures;
        this.observer = observer;
        this.circuits = new Circuits(settings.name(), settings.circuit(), observer);
        this.rateLimits = new RateLimitWalls(settings.name());
        ClientConfig config = new ClientConfig()
                .connectorProvider(new Apache5ConnectorProvider())
                .property(Apache5ClientProperties.CONNECTION_MANAGER, new ConnectionRouter(settings.transport()))
                .property(Apache5ClientProperties.CONNECTION_MANAGER_SHARED, true)
                .property(Apache5ClientProperties.DISABLE_COOKIES, true)
                .property(ClientProperties.FOLLOW_REDIRECTS, false)
                // neither the server's nor an application's providers shall touch our bodies
                .property(CommonProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true)
                .property(CommonProperties.METAINF_SERVICES_LOOKUP_DISABLE, true)
                .register((Apache5HttpClientBuilderConfigurator) this::configure);
        // not JerseyClientBuilder.newBuilder(): that returns whatever JAX-RS implementation the server prefers
        this.client = new JerseyClientBuilder().withConfig(config).build();
        String query = settings.transport().query();
        this.base = client.target(query.isEmpty() ? settings.server() : URI.create(settings.server() + "?" + query));
    }

    /** What HttpClient would do by itself is repeated, followed, unpacked or remembered by nobody but us. */
    private HttpClientBuilder configure(HttpClientBuilder builder) {
        settings.transport().proxy().ifPresent(proxy -> useProxy(builder, proxy));
        // of the request that opens a tunnel; all others carry ours among their headers
        builder.setUserAgent(settings.transport().headers().get("User-Agent"));
        builder.addExecInterceptorFirst("markable body", (request, scope, chain) -> {
            ClassicHttpResponse answer = chain.proceed(request, scope);
            if (answer.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
                answer.removeHeaders(HttpHeaders.CONTENT_LENGTH); // which does not count beside it, whatever it says
            }
            if (answer.getEntity() != null) {
                PackedBody.unpack(answer);
                answer.setEntity(MarkableBody.of(answer.getEntity()));
            }
            return answer;
        });
        return builder.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableAuthCaching();
    }

    private void useProxy(HttpClientBuilder builder, Transport.Proxy proxy) {
        builder.setProxy(new HttpHost(proxy.host(), proxy.port()));
        if (isSecure() && !proxy.user().isEmpty()) {
            builder.addExecInterceptorBefore(
                    ChainElement.CONNECT.name(), "password of the proxy", new TunnelPassword(proxy));
        }
    }

    /**
     * How the server is reached.
     *
     * @return not null
     */
    public HttpSettings settings() {
        return settings;
    }

    /**
     * Something on the server.
     *
     * @param path below the base address, already encoded
     * @return not null
     */
    public HttpResource resource(String path) {
        return new HttpResource(base.path(path));
    }

    /**
     * Makes a connection; its socket is opened by the first call.
     *
     * @param headers sent with every call, in particular those made of the credentials
     * @param credentials keys and passwords, which no message shall show
     * @return not null
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
        if (isClosed()) { // meanwhile: nobody else would close this one
            connection.close();
        }
        return connection;
    }

    /**
     * Plain requests tell the proxy the password at once, since a streamed body cannot be sent again after a refusal. Through
     * a tunnel the header would reach the server.
     */
    private Optional<String> proxyAuthorization() {
        return settings.transport()
                .proxy()
                .filter(proxy -> !isSecure() && !proxy.user().isEmpty())
                .map(Transport.Proxy::authorization);
    }

    private boolean isSecure() {
        return "https".equals(settings.server().getScheme());
    }

    FailureReader failures() {
        return failures;
    }

    HttpObserver observer() {
        return observer;
    }

    SendWatch sendWatch() {
        return sendWatch;
    }

    Circuits circuits() {
        return circuits;
    }

    RateLimitWalls rateLimits() {
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

    /** A call has ended. The last one after {@link #close()} gives the client up, which must not vanish under a call. */
    void leave() {
        if (users.decrementAndGet() == 0) {
            try {
                client.close();
            } finally {
                empty.countDown();
            }
        }
    }

    /**
     * Aborts every connection and gives the client up, once no call is inside it any more: waits for that, but not for long.
     * Doing so twice is nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            connections.forEach(HttpConnection::close);
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
            Thread.currentThread().interrupt(); // whoever is last closes the client
        }
    }
}
