package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.ra.connection.TestConnections.chat;

import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Large bodies are watched over by a work of the Work Manager while they are sent, which ends with the adapter. */
class SendThreadTest {
    private static final String LONG = "word ".repeat(10_000);

    private final TestContainer container = new TestContainer();
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private LlmSimulator server;

    @BeforeEach
    void start() {
        server = LlmSimulator.start();
        adapter.start(container);
    }

    @AfterEach
    void stop() {
        adapter.stop();
        server.close();
    }

    private LlmConnectionFactory factory() throws Exception {
        LlmManagedConnectionFactory managed = TestConnections.llm(server);
        managed.setResourceAdapter(adapter);
        return TestConnections.factory(managed, new TestPool(8));
    }

    @Test
    void allFactoriesShareTheWorkAndTheStopEndsIt() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (LlmConnection connection = factory().getConnection()) {
                assertThat(chat(connection, LONG)).isNull();
            }
        }
        assertThat(container.works()).isEqualTo(1);
        assertThat(container.running()).isEqualTo(1);
        adapter.stop();
        assertThat(container.running()).isZero();
    }

    @Test
    void usualChatsNeedNoWork() throws Exception {
        try (LlmConnection connection = factory().getConnection()) {
            chat(connection);
        }
        assertThat(container.works()).isZero();
    }
}
