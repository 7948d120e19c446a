package org.genaiconnector.ra.exceptions;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.llm.LlmSimulator;

/** Calls of a simulated LLM service, each with a pool of its own. */
final class LlmCalls {
    /** The service in messages. */
    static final String SERVICE = "LLM service (OPENAI) at ...";

    private LlmCalls() {}

    @FunctionalInterface
    interface Use<T> {
        void of(T subject) throws Exception;
    }

    @FunctionalInterface
    interface LlmUse {
        void of(LlmSimulator server, LlmConnection connection) throws Exception;
    }

    /** Uses a connection of the usual pool. */
    static ThrowingCallable llm(LlmUse use) {
        return llm(pool -> {}, use);
    }

    /** Uses a connection of a pool with other settings. */
    static ThrowingCallable llm(Use<LlmManagedConnectionFactory> settings, LlmUse use) {
        return llm(LlmSimulator::close, settings, use);
    }

    static ThrowingCallable llm(Use<LlmSimulator> end, Use<LlmManagedConnectionFactory> settings, LlmUse use) {
        return () -> {
            LlmSimulator server = LlmSimulator.start();
            try {
                LlmManagedConnectionFactory pool = pool(server);
                settings.of(pool);
                use.of(server, handle(pool));
            } finally {
                end.of(server);
            }
        };
    }

    /** Never repeats a call and asks the service nothing by itself. */
    static LlmManagedConnectionFactory pool(LlmSimulator server) {
        LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
        pool.setServerUrl(server.openAiUri().toString());
        pool.setModel("tiny");
        pool.setMaxRetries(0);
        pool.setCircuitFailures(0);
        pool.setProbeOnCreate(false);
        return pool;
    }

    static LlmConnection handle(LlmManagedConnectionFactory pool) throws Exception {
        return (LlmConnection) pool.createManagedConnection(null, null).getConnection(null, null);
    }

    /** Reads a stream to its end. */
    static void drain(ChatStream stream) throws Exception {
        try (stream) {
            while (stream.hasNext()) {
                stream.next();
            }
        }
    }
}
