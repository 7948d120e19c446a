package org.genaiconnector.benchmarks.telemetry;

import java.net.URI;
import org.genaiconnector.benchmarks.CallCost;
import org.genaiconnector.benchmarks.Factories;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Chats on one handle, one after the other; prints a {@link CallCost} for each round. */
final class PlainChats {
    static final int WARM_UP = 40_000;
    static final int ROUNDS = 31;
    static final int CALLS_PER_ROUND = 500;
    private static final ChatRequest REQUEST = ChatRequest.of("One vivid sentence for a painter: a lighthouse at dusk");

    private PlainChats() {}

    /**
     * Measures.
     *
     * @param arguments base address of a backend with the OpenAI protocol
     */
    public static void main(String[] arguments) throws Exception {
        LlmConnectionFactory factory =
                (LlmConnectionFactory) Factories.llm(URI.create(arguments[0])).createConnectionFactory();
        try (LlmConnection connection = factory.getConnection()) {
            CallCost.of(WARM_UP, () -> connection.chat(REQUEST));
            for (int round = 0; round < ROUNDS; round++) {
                System.out.println(CallCost.of(CALLS_PER_ROUND, () -> connection.chat(REQUEST)));
            }
        }
    }
}
