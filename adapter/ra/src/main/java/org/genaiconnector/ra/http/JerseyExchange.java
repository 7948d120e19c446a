package org.genaiconnector.ra.http;

import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.apache5.connector.Apache5ClientProperties;
import org.glassfish.jersey.apache5.connector.Apache5ConnectorProvider;
import org.glassfish.jersey.apache5.connector.Apache5HttpClientBuilderConfigurator;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.client.ClientProperties;
import org.glassfish.jersey.client.JerseyClient;
import org.glassfish.jersey.client.JerseyClientBuilder;
import org.glassfish.jersey.client.RequestEntityProcessing;
import org.glassfish.jersey.internal.Version;

/**
 * The exchange by the Jersey Client of the application server on Apache HttpClient: the only class that knows JAX-RS. {@link
 * Exchanges} says whether it can be used.
 */
final class JerseyExchange implements Exchange {
    private final JerseyClient client;

    /**
     * Makes the client, which is costly and holds no socket.
     *
     * @param router gives each call its socket
     * @param transport the way to the backend
     * @param secure whether the backend is reached by TLS
     */
    JerseyExchange(ConnectionRouter router, Transport transport, boolean secure) {
        ClientConfig config = new ClientConfig()
                .connectorProvider(new Apache5ConnectorProvider())
                .property(Apache5ClientProperties.CONNECTION_MANAGER, router)
                .property(Apache5ClientProperties.CONNECTION_MANAGER_SHARED, true)
                .property(Apache5ClientProperties.DISABLE_COOKIES, true)
                // otherwise questions to a proxy offer it to continue in TLS
                .property(
                        Apache5ClientProperties.REQUEST_CONFIG,
                        RequestConfig.custom().setProtocolUpgradeEnabled(false).build())
                .property(ClientProperties.FOLLOW_REDIRECTS, false)
                // providers of the application server or of an application must not touch our bodies
                .property(CommonProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true)
                .property(CommonProperties.METAINF_SERVICES_LOOKUP_DISABLE, true)
                .register((Apache5HttpClientBuilderConfigurator) builder -> configure(builder, transport, secure));
        // not JerseyClientBuilder.newBuilder(): that returns the JAX-RS implementation that the application server
        // prefers
        client = new JerseyClientBuilder().withConfig(config).build();
    }

    /** Such as {@code 3.1.11}; null if Jersey does not know. */
    static String version() {
        return Version.getVersion();
    }

    /**
     * Builds a client and uses nothing of it.
     *
     * @throws RuntimeException if that fails, or a {@link LinkageError}
     */
    static void tryOut() {
        try (JerseyExchange trial =
                new JerseyExchange(new ConnectionRouter(Transport.DEFAULT), Transport.DEFAULT, false)) {
            trial.client.preInitialize(); // with the connector, which is otherwise made by the first call
        }
    }

    /** Sets up an HttpClient without retries, redirects, decompression and cookies. */
    private static HttpClientBuilder configure(HttpClientBuilder builder, Transport transport, boolean secure) {
        transport.proxy().ifPresent(proxy -> useProxy(builder, proxy, secure));
        // of the request that opens a tunnel; all others carry ours among their headers
        builder.setUserAgent(transport.headers().get(HttpHeaders.USER_AGENT));
        builder.addExecInterceptorFirst("readable body", (request, scope, chain) -> {
            ClassicHttpResponse answer = chain.proceed(request, scope);
            PackedBody.unpack(answer);
            if (answer.getEntity() != null) {
                answer.setEntity(MarkableBody.of(answer.getEntity()));
            }
            return answer;
        });
        return builder.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableAuthCaching();
    }

    private static void useProxy(HttpClientBuilder builder, Transport.Proxy proxy, boolean secure) {
        builder.setProxy(proxy.address());
        if (secure && !proxy.user().isEmpty()) {
            builder.addExecInterceptorBefore(
                    ChainElement.CONNECT.name(), "password of the proxy", new TunnelPassword(proxy));
        }
    }

    @Override
    public RawAnswer send(HttpCall call, Map<String, String> headers, int connectMillis, int readMillis) {
        boolean streamed = call.body() instanceof HttpCall.Streamed;
        Invocation.Builder request = call.resource()
                .prepared(WebTarget.class, client::target)
                .request()
                .property(ClientProperties.CONNECT_TIMEOUT, connectMillis)
                .property(ClientProperties.READ_TIMEOUT, readMillis)
                .property(
                        ClientProperties.REQUEST_ENTITY_PROCESSING,
                        streamed ? RequestEntityProcessing.CHUNKED : RequestEntityProcessing.BUFFERED);
        headers.forEach(request::header);
        call.headers().forEach(request::header);
        return new Answer(
                call.body() == null
                        ? request.method(call.method())
                        : request.method(call.method(), entity(call.body())));
    }

    private static Entity<?> entity(HttpCall.Body body) {
        if (body instanceof HttpCall.Streamed streamed) {
            StreamingOutput output = new StreamedBody(streamed)::write;
            return Entity.entity(output, body.mediaType());
        }
        return Entity.entity(((HttpCall.Bytes) body).content(), body.mediaType());
    }

    private record Answer(Response response) implements RawAnswer {
        @Override
        public int status() {
            return response.getStatus();
        }

        @Override
        public String header(String name) {
            return response.getHeaderString(name);
        }

        @Override
        public Map<String, List<String>> headers() {
            return response.getStringHeaders();
        }

        @Override
        public InputStream body() {
            return response.readEntity(InputStream.class);
        }

        @Override
        public void close() {
            response.close();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
