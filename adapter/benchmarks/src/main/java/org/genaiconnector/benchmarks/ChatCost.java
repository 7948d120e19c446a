package org.genaiconnector.benchmarks;

import java.net.URI;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/**
 * What a chat costs the calling thread without an application server: one handle, one socket, one call after the other.
 * Prints a {@link CallCost} for each round.
 */
final class ChatCost {
    private static final int WARM_UP_ROUNDS = 120;
    private static final int ROUNDS = 51;
    private static final int CALLS_PER_ROUND = 500;
    private static final ChatRequest REQUEST = ChatRequest.of("One vivid sentence for a painter: a lighthouse at dusk");

    private ChatCost() {}

    /**
     * Measures.
     *
     * @param arguments base address of a backend with the OpenAI protocol
     */
    public static void main(String[] arguments) throws Exception {
        LlmConnectionFactory factory =
                (LlmConnectionFactory) Factories.llm(URI.create(arguments[0])).createConnectionFactory();
        try (LlmConnection connection = factory.getConnection()) {
            CallCost.of(CALLS_PER_ROUND * WARM_UP_ROUNDS, () -> connection.chat(REQUEST));
            for (int round = 0; round < ROUNDS; round++) {
                System.out.println(CallCost.of(CALLS_PER_ROUND, () -> connection.chat(REQUEST)));
            }
        }
    }
}
