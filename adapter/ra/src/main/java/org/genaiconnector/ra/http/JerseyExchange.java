package org.genaiconnector.ra.http;

import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.apache5.connector.Apache5ClientProperties;
import org.glassfish.jersey.apache5.connector.Apache5ConnectorProvider;
import org.glassfish.jersey.apache5.connector.Apache5HttpClientBuilderConfigurator;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.client.ClientProperties;
import org.glassfish.jersey.client.JerseyClientBuilder;
import org.glassfish.jersey.client.RequestEntityProcessing;

/**
 * The exchange of one request for the head of its answer, by Jersey on Apache HttpClient: the only class that knows JAX-RS.
 * It adds nothing of its own; other classes handle sockets, proxies, timeouts, retries and failures. Safe for all
 * threads.
 */
final class JerseyExchange implements AutoCloseable {
    private final Client client;

    /**
     * Makes the client, which is costly and holds no socket.
     *
     * @param router gives each call its socket
     * @param settings of the backend
     */
    JerseyExchange(ConnectionRouter router, HttpSettings settings) {
        ClientConfig config = new ClientConfig()
                .connectorProvider(new Apache5ConnectorProvider())
                .property(Apache5ClientProperties.CONNECTION_MANAGER, router)
                .property(Apache5ClientProperties.CONNECTION_MANAGER_SHARED, true)
                .property(Apache5ClientProperties.DISABLE_COOKIES, true)
                .property(ClientProperties.FOLLOW_REDIRECTS, false)
                // providers of the application server or of an application must not touch our bodies
                .property(CommonProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true)
                .property(CommonProperties.METAINF_SERVICES_LOOKUP_DISABLE, true)
                .register((Apache5HttpClientBuilderConfigurator)
                        builder -> ConnectionRouter.configure(builder, settings.transport(), settings.isSecure()));
        // not JerseyClientBuilder.newBuilder(): that returns the JAX-RS implementation that the application server
        // prefers
        client = new JerseyClientBuilder().withConfig(config).build();
    }

    /**
     * Sends a request over the socket of the calling thread, and reads the head of the answer.
     *
     * @param headers of the connection
     * @param connectMillis limit for connecting, at least 1
     * @param readMillis limit for the silence before and within the answer, at least 1
     * @throws RuntimeException with the cause of the failure
     */
    RawAnswer send(HttpCall call, Map<String, String> headers, int connectMillis, int readMillis) {
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

    /** Calls must have ended. */
    @Override
    public void close() {
        client.close();
    }
}
