package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkRejectedException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.store.TestDatabase;
import org.genaiconnector.ra.comfyui.store.TestSource;
import org.genaiconnector.ra.inflow.CapturedLog;
import org.genaiconnector.ra.llm.store.LimitStores;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Factories of several application servers that count their limits in one database. */
class SharedLimitsConnectionTest {
    private static final String KEEPER = "org.genaiconnector.ra.llm.store.LimitKeeper";
    private static final String LIMIT =
            ", \"limits\": [{\"per\": \"caller\", \"requestsPerMinute\": 3}], \"maxWaitMillis\": 0";

    private static TargetServers services;

    private final List<Server> servers = new ArrayList<>();
    private String url;

    /** An application server with the adapter. */
    private final class Server {
        private final TestSource source = new TestSource(TestDatabase.H2, url);
        private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
        private volatile boolean hasThreads = true;

        private Server() {
            adapter.setJobStore("jdbc/jobs");
            adapter.setJobStoreCreateTables(true);
            adapter.setJobStoreLeaseMillis(1_000);
            adapter.start(new TestContainer() {
                @Override
                public void scheduleWork(Work work, long timeout, ExecutionContext context, WorkListener listener)
                        throws WorkException {
                    if (!hasThreads) {
                        throw new WorkRejectedException("no thread, as tested");
                    }
                    super.scheduleWork(work, timeout, context, listener);
                }
            });
            adapter.shared(
                    LimitStores.class, LimitStores.class, () -> new LimitStores(adapter, name -> source.dataSource()));
            servers.add(this);
        }

        private LlmManagedConnectionFactory factory() throws Exception {
            LlmManagedConnectionFactory managed = services.factory("", LIMIT);
            managed.setResourceAdapter(adapter);
            return managed;
        }

        private LlmConnection connect() throws Exception {
            return SimulatedLlm.connection(factory());
        }
    }

    @BeforeAll
    static void startServices() {
        services = new TargetServers(2);
    }

    @AfterAll
    static void closeServices() {
        services.close();
    }

    @BeforeEach
    void makeDatabase() throws SQLException {
        url = TestDatabase.H2.empty();
    }

    @AfterEach
    void removeDatabase() throws SQLException {
        for (Server server : servers) {
            server.adapter.stop();
            server.source.close();
        }
        TestDatabase.H2.remove(url);
        services.forget();
    }

    private static void ask(LlmConnection connection) throws Exception {
        connection.chat(ChatRequest.builder().user("Hi").caller("alice").build());
    }

    private static void isRefused(LlmConnection connection) {
        assertThatThrownBy(() -> ask(connection))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.RATE_LIMIT));
    }

    @Test
    @Produces({OperatorMessage.LIMITS_ALONE, OperatorMessage.LIMITS_TOGETHER})
    void countTogetherAndOverAnOutageOfTheDatabase() throws Exception {
        Server server = new Server();
        try (CapturedLog log = CapturedLog.of(KEEPER);
                LlmConnection a = server.connect();
                LlmConnection b = new Server().connect()) {
            ask(b);
            ask(a); // knows of both
            server.source.down(true);
            ask(a);
            isRefused(a);
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("GENAI-1206 Limits of LLM calls cannot be");
            server.source.down(false);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> log.messages().size() == 2); // without a call
            assertThat(log.messages().get(1)).startsWith("GENAI-1207 ");
            isRefused(b);
        }
        assertThat(services.chats(0)).isEqualTo(3);
    }

    @Test
    @Produces(OperatorMessage.NO_THREAD_FOR_LIMITS)
    void workWithoutAThread() throws Exception {
        Server server = new Server();
        server.hasThreads = false;
        try (CapturedLog log = CapturedLog.of(KEEPER);
                LlmConnection a = server.connect()) {
            ask(a);
            assertThat(log.messages()).singleElement().asString().startsWith("GENAI-1208 ");
        }
    }

    @Test
    void areCountedInMemoryIfTheFactorySaysSo() throws Exception {
        Server server = new Server();
        server.source.bound(false);
        LlmManagedConnectionFactory own = server.factory();
        own.setLimitStore("none");
        try (CapturedLog log = CapturedLog.of(KEEPER);
                LlmConnection a = SimulatedLlm.connection(own)) {
            ask(a);
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void aStoreNeedsAnApplicationServerAndTargets() {
        LlmManagedConnectionFactory outside = services.factory("", LIMIT);
        outside.setLimitStore("jdbc/limits");
        assertThatThrownBy(() -> outside.createManagedConnection(null, null))
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessage(
                        "Configuration property limitStore needs an application server; outside of one set it to none");
        LlmManagedConnectionFactory without = new LlmManagedConnectionFactory();
        without.setLimitStore("jdbc/limits");
        assertThatThrownBy(() -> without.createManagedConnection(null, null))
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessage("Configuration property limitStore belongs to targets, which have the limits");
    }
}
