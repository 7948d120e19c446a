package org.genaiconnector.benchmarks;

import jakarta.resource.spi.ManagedConnection;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;

/**
 * Heap that a managed connection keeps: as it comes from its factory, and after a chat, with its socket open. Prints the
 * bytes of both, one line for each round.
 */
final class Footprint {
    private static final int ROUNDS = 7;
    private static final int FRESH = 2_000;
    private static final int CONNECTED = 200;

    private Footprint() {}

    /**
     * Measures.
     *
     * @param arguments base address of a backend with the OpenAI protocol
     */
    public static void main(String[] arguments) throws Exception {
        LlmManagedConnectionFactory factory = Factories.llm(URI.create(arguments[0]));
        bytes(factory, CONNECTED, Footprint::chat); // loads all classes
        for (int round = 0; round < ROUNDS; round++) {
            System.out.println(
                    bytes(factory, FRESH, connection -> {}) + " " + bytes(factory, CONNECTED, Footprint::chat));
        }
    }

    @FunctionalInterface
    private interface Use {
        void of(ManagedConnection connection) throws Exception;
    }

    private static void chat(ManagedConnection connection) throws Exception {
        try (LlmConnection handle = (LlmConnection) connection.getConnection(null, null)) {
            handle.chat(ChatRequest.of("Hello"));
        }
    }

    private static double bytes(LlmManagedConnectionFactory factory, int count, Use use) throws Exception {
        List<ManagedConnection> connections = new ArrayList<>(count);
        long before = usedHeap();
        for (int i = 0; i < count; i++) {
            ManagedConnection connection = factory.createManagedConnection(null, null);
            use.of(connection);
            connections.add(connection);
        }
        double bytes = (usedHeap() - before) / (double) count;
        for (ManagedConnection connection : connections) {
            connection.destroy();
        }
        return bytes;
    }

    /** After collections until some more make no difference: what sockets hold is freed by other threads, a little later. */
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int inVain = 0; inVain < 5; inVain++) {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (used < least) {
                least = used;
                inVain = -1;
            }
        }
        return least;
    }
}
