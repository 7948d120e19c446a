package org.genaiconnector.benchmarks.compare;

import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.net.URI;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** Apache's HTTP client with a JSON tree. */
final class ApacheClient implements ChatClient {
    private final CloseableHttpClient client;
    private final URI chats;

    ApacheClient(URI server) {
        PoolingHttpClientConnectionManager pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(Measurement.CALLERS)
                .setMaxConnTotal(Measurement.CALLERS)
                .build();
        client = HttpClients.custom().setConnectionManager(pool).build();
        chats = URI.create(server + "/chat/completions");
    }

    private HttpPost post(JsonObjectBuilder body) {
        HttpPost post = new HttpPost(chats);
        post.setHeader("Authorization", "Bearer " + KEY);
        post.setEntity(new ByteArrayEntity(TreeJson.bytes(body), ContentType.APPLICATION_JSON));
        return post;
    }

    @Override
    public String chat() throws IOException {
        return client.execute(
                post(TreeJson.request()), answer -> TreeJson.text(EntityUtils.toByteArray(answer.getEntity())));
    }

    @Override
    public int stream() throws IOException {
        return client.execute(
                post(TreeJson.request().add("stream", true)),
                answer -> TreeJson.pieces(answer.getEntity().getContent()));
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
