package org.genaiconnector.benchmarks.compare;

import java.net.URI;
import org.genaiconnector.benchmarks.Factories;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;

/** This adapter, from borrowing a connection to its release. */
final class AdapterClient implements ChatClient {
    private final Pool pool;
    private final LlmConnectionFactory factory;

    AdapterClient(String provider, String transport, URI server) {
        LlmManagedConnectionFactory managed = Factories.llm(server);
        managed.setProvider(provider);
        managed.setTransport(transport);
        pool = new Pool(managed);
        factory = (LlmConnectionFactory) managed.createConnectionFactory(pool);
    }

    @Override
    public String chat() throws Exception {
        try (LlmConnection connection = factory.getConnection()) {
            return connection.chat(ChatRequest.of(PROMPT)).text();
        }
    }

    @Override
    public int stream() throws Exception {
        int pieces = 0;
        try (LlmConnection connection = factory.getConnection();
                ChatStream stream = connection.stream(ChatRequest.of(PROMPT))) {
            while (stream.hasNext()) {
                if (stream.next() instanceof StreamEvent.Text) {
                    pieces++;
                }
            }
        }
        return pieces;
    }

    @Override
    public void close() {
        pool.close();
    }
}
