package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import jakarta.resource.spi.ManagedConnection;
import java.lang.management.ManagementFactory;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.junit.jupiter.api.Test;

/** The garbage of the adapter's part of a borrow; benchmarks measure its time. */
class BorrowCostTest {
    private static final int BORROWS = 1_000;

    /** A handle and an event; an exception, even a swallowed one, takes more. */
    private static final long MOST_BYTES = 700;

    @Test
    void aBorrowAndItsReleaseMakeNextToNoGarbage() throws Exception {
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        factory.setServerUrl("http://127.0.0.1:1/v1");
        factory.setProbeOnCreate(false);
        ManagedConnection connection = factory.createManagedConnection(null, null);
        borrow(connection); // loads classes
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        borrow(connection);
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / BORROWS;
        connection.destroy();
        assertThat(bytes).isLessThan(MOST_BYTES);
    }

    private static void borrow(ManagedConnection connection) throws Exception {
        for (int i = 0; i < BORROWS; i++) {
            ((LlmConnection) connection.getConnection(null, null)).close();
            connection.cleanup();
        }
    }
}
