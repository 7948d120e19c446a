package org.genaiconnector.benchmarks.limits;

import java.net.URI;
import org.genaiconnector.benchmarks.CallCost;
import org.genaiconnector.benchmarks.Factories;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;

/** Chats on one handle, one after the other; prints a {@link CallCost} for each round. */
final class LimitedChats {
    private static final int WARM_UP = 25_000;
    private static final int ROUNDS = 31;
    private static final int CALLS_PER_ROUND = 500;
    private static final ChatRequest REQUEST = ChatRequest.builder()
            .user("One vivid sentence for a painter: a lighthouse at dusk")
            .caller("alice")
            .build();
    private static final String LIMITS = ", \"limits\": [{\"per\": \"caller\", \"requestsPerMinute\": 1000000000,"
            + " \"tokensPerMinute\": 1000000000000}, {\"per\": \"model\", \"tokensPerDay\": 1000000000000}]";

    /** What the chats have. */
    enum Kind {
        SERVER("a server"),
        TARGET("one target"),
        LIMITED("one target and three limits");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        private LlmManagedConnectionFactory factory(URI server) {
            return switch (this) {
                case SERVER -> Factories.llm(server);
                case TARGET -> targets(server, "");
                case LIMITED -> targets(server, LIMITS);
            };
        }
    }

    private LimitedChats() {}

    private static LlmManagedConnectionFactory targets(URI server, String limits) {
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        factory.setTargets("{\"targets\": {\"one\": {\"provider\": \"OPENAI\", \"address\": \"" + server
                + "\", \"credentials\": \"ONE\", \"models\": [\"gpt-test\"]}}, \"defaultModel\": \"gpt-test\"" + limits
                + "}");
        factory.setServerCredentials("ONE=sk-0123456789abcdef");
        factory.setProbeOnCreate(false);
        return factory;
    }

    /**
     * Measures.
     *
     * @param arguments base address of a backend with the OpenAI protocol, and a {@link Kind}
     */
    public static void main(String[] arguments) throws Exception {
        LlmManagedConnectionFactory factory = Kind.valueOf(arguments[1]).factory(URI.create(arguments[0]));
        try (LlmConnection connection = ((LlmConnectionFactory) factory.createConnectionFactory()).getConnection()) {
            CallCost.of(WARM_UP, () -> connection.chat(REQUEST));
            for (int round = 0; round < ROUNDS; round++) {
                System.out.println(CallCost.of(CALLS_PER_ROUND, () -> connection.chat(REQUEST)));
            }
        }
    }
}
