package org.genaiconnector.ra.http;

import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.WebTarget;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHost;
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
    private final HttpSettings settings;
    private final FailureReader failures;
    private final HttpObserver observer;
    private final Circuit circuit;
    private final Client client;
    private final WebTarget base;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Makes the client; opens nothing.
     *
     * @param settings not null
     * @param failures reads what the server says in answers of status 300 and above
     * @param observer is told of retries and of the circuit
     */
    public HttpBackend(HttpSettings settings, FailureReader failures, HttpObserver observer) {
        this.settings = settings;
        this.failures = failures;
        this.observer = observer;
        this.circuit = new Circuit(settings.name(), settings.circuit(), observer);
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
        this.base = client.target(settings.server());
    }

    /** What HttpClient would do by itself is repeated, followed, unpacked or remembered by nobody but us. */
    private HttpClientBuilder configure(HttpClientBuilder builder) {
        settings.transport().proxy().ifPresent(proxy -> useProxy(builder, proxy));
        return builder.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableAuthCaching();
    }

    /** Plain requests tell the proxy their password at once; tunnels when asked for it. */
    private static void useProxy(HttpClientBuilder builder, Transport.Proxy proxy) {
        builder.setProxy(new HttpHost(proxy.host(), proxy.port()));
        if (!proxy.user().isEmpty()) {
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            credentials.setCredentials(
                    new AuthScope(proxy.host(), proxy.port()),
                    new UsernamePasswordCredentials(
                            proxy.user(), proxy.password().toCharArray()));
            builder.setDefaultCredentialsProvider(credentials);
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
     * @param headers sent with every call, in particular the credentials
     * @return not null
     */
    public HttpConnection connect(Map<String, String> headers) {
        if (closed) {
            throw new IllegalStateException("The resource adapter has been stopped");
        }
        Map<String, String> all = new HashMap<>(settings.transport().headers());
        all.putAll(headers);
        HttpConnection connection = new HttpConnection(this, all);
        connections.add(connection);
        return connection;
    }

    FailureReader failures() {
        return failures;
    }

    HttpObserver observer() {
        return observer;
    }

    Circuit circuit() {
        return circuit;
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
        return closed;
    }

    /** Aborts every connection and gives the client up. Doing so twice is nothing. */
    @Override
    public void close() {
        closed = true;
        connections.forEach(HttpConnection::close);
        client.close();
    }
}
