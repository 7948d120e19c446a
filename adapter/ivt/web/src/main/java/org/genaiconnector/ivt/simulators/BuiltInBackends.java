package org.genaiconnector.ivt.simulators;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;

/** The simulators of the test kit. Loaded by {@link SimulatorLoader} alone. */
public final class BuiltInBackends implements Backends {
    private static final Duration LONGEST_RESET = Duration.ofSeconds(5);

    /** Held here, or its level would be forgotten with it. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    private ComfyUiSimulator comfyUi;
    private LlmSimulator llm;

    /** Starts nothing. */
    public BuiltInBackends() {
        JETTY.setLevel(Level.WARNING);
    }

    @Override
    public void startComfyUi(int port) {
        inOwnContext(() -> comfyUi =
                ComfyUiSimulator.builder().port(port).stepDelay(Duration.ZERO).start());
    }

    @Override
    public void startLlm(int port) {
        inOwnContext(() -> llm = LlmSimulator.builder().port(port).start());
    }

    /** Threads that are started meanwhile keep this class loader as their context, not that of the application. */
    private static void inOwnContext(Runnable start) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(BuiltInBackends.class.getClassLoader());
        try {
            start.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void delayLlm(Duration delay) {
        llm.faults().clear();
        if (!delay.isZero()) {
            llm.faults().always(Fault.delay(delay));
        }
    }

    @Override
    public void breakLlmConnections() {
        llm.faults().killConnections();
        llm.traffic().awaitConnectionsOpen(0, LONGEST_RESET);
    }

    @Override
    public void acceptLlmConnections(boolean accepts) {
        if (accepts) {
            llm.faults().listen();
        } else {
            llm.faults().stopListening();
        }
    }

    @Override
    public Optional<String> latestKey() {
        List<RecordedRequest> requests = llm.traffic().requests();
        return requests.get(requests.size() - 1)
                .header("Authorization")
                .map(value -> value.replaceFirst("^Bearer ", ""));
    }

    @Override
    public void close() {
        if (comfyUi != null) {
            comfyUi.close();
        }
        if (llm != null) {
            llm.close();
        }
    }
}
