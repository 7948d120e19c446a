package org.genaiconnector.benchmarks.compare;

import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.glassfish.jersey.apache5.connector.Apache5ClientProperties;
import org.glassfish.jersey.apache5.connector.Apache5ConnectorProvider;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.client.ClientProperties;
import org.glassfish.jersey.client.RequestEntityProcessing;

/** What the adapter is made of, without the adapter: Jersey on Apache's HTTP client, with a JSON tree. */
final class JerseyClient implements ChatClient {
    private final Client client;
    private final WebTarget chats;

    JerseyClient(URI server) {
        client = ClientBuilder.newClient(new ClientConfig()
                .connectorProvider(new Apache5ConnectorProvider())
                .property(
                        Apache5ClientProperties.CONNECTION_MANAGER,
                        PoolingHttpClientConnectionManagerBuilder.create()
                                .setMaxConnPerRoute(Measurement.CALLERS)
                                .setMaxConnTotal(Measurement.CALLERS)
                                .build())
                .property(ClientProperties.REQUEST_ENTITY_PROCESSING, RequestEntityProcessing.BUFFERED));
        chats = client.target(server + "/chat/completions");
    }

    private Response post(JsonObjectBuilder body) {
        return chats.request().header("Authorization", "Bearer " + KEY).post(Entity.json(TreeJson.bytes(body)));
    }

    @Override
    public String chat() {
        try (Response response = post(TreeJson.request())) {
            return TreeJson.text(response.readEntity(byte[].class));
        }
    }

    @Override
    public int stream() throws IOException {
        try (Response response = post(TreeJson.request().add("stream", true))) {
            return TreeJson.pieces(response.readEntity(InputStream.class));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
