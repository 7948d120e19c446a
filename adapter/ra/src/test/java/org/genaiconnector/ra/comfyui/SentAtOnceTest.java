package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prompts that are queued in a JTA transaction, on a pool with transactions and on one without. */
class SentAtOnceTest {
    private final List<LogRecord> warnings = new CopyOnWriteArrayList<>();
    private final Handler log = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            warnings.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final Logger logger = Logger.getLogger(ComfyUiManagedConnectionFactory.class.getName());
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
    private final ComfyUiSimulator server = ComfyUiSimulator.start();
    private int status = Status.STATUS_ACTIVE;
    private ManagedConnection physical;

    @BeforeEach
    void start() throws Exception {
        logger.setUseParentHandlers(false);
        logger.addHandler(log);
        adapter.start(new TestContainer((TransactionSynchronizationRegistry) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TransactionSynchronizationRegistry.class},
                (proxy, method, arguments) -> method.getName().equals("getTransactionStatus") ? status : null)));
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(server.uri().toString());
        physical = managed.createManagedConnection(null, null);
    }

    @AfterEach
    void stop() throws Exception {
        physical.destroy();
        adapter.stop();
        server.close();
        logger.removeHandler(log);
        logger.setUseParentHandlers(true);
    }

    private void queue() throws Exception {
        try (ComfyUiConnection connection = (ComfyUiConnection) physical.getConnection(null, null)) {
            connection.queuePrompt(Tracking.picture(1));
        }
    }

    @Test
    void isSaidOnceWhereTheContainerHasATransactionAndThePoolHasNone() throws Exception {
        queue();
        queue();

        assertThat(warnings)
                .singleElement()
                .satisfies(entry -> assertThat(entry.getMessage())
                        .contains("GENAI-1312", "LocalTransaction", server.uri().toString()));
    }

    @Test
    void isNotSaidOutsideOfTransactions() throws Exception {
        status = Status.STATUS_NO_TRANSACTION;
        queue();

        assertThat(warnings).isEmpty();
    }

    @Test
    void isNotSaidWhereThePoolHasTransactions() throws Exception {
        LocalTransaction transaction = physical.getLocalTransaction();
        transaction.begin();
        queue();
        transaction.rollback();

        assertThat(warnings).isEmpty();
    }
}
