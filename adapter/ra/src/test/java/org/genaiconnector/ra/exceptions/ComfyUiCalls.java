package org.genaiconnector.ra.exceptions;

import jakarta.resource.spi.ManagedConnection;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;

/** Calls of a simulated ComfyUI, each with a pool of its own. */
final class ComfyUiCalls {
    /** The backend in messages. */
    static final String COMFY_UI = "ComfyUI at ...";

    static final String NOT_COMFY_UI =
            "Look whether `serverUrl` leads to ComfyUI itself: another service or a gateway answers.";

    private ComfyUiCalls() {}

    @FunctionalInterface
    interface Settings {
        void of(ComfyUiManagedConnectionFactory pool) throws Exception;
    }

    @FunctionalInterface
    interface Use {
        void of(ComfyUiConnectionFactory factory, ManagedConnection managed, ComfyUiConnection connection)
                throws Exception;
    }

    static ThrowingCallable use(Use use) {
        return use(server -> server.nodeDelay(Duration.ofMillis(300)), use);
    }

    /** The next matching request meets a fault. */
    static ThrowingCallable faulty(Match match, Fault fault, Use use) {
        Faults faults = new Faults().next(match, fault);
        return use(server -> server.wrap(faults::wrap), use);
    }

    static ThrowingCallable use(UnaryOperator<ComfyUiSimulator.Builder> settings, Use use) {
        return use(settings, pool -> {}, use);
    }

    static ThrowingCallable use(UnaryOperator<ComfyUiSimulator.Builder> settings, Settings configure, Use use) {
        return () -> {
            try (ComfyUiSimulator server =
                    settings.apply(ComfyUiSimulator.builder()).start()) {
                ComfyUiManagedConnectionFactory pool = new ComfyUiManagedConnectionFactory();
                pool.setServerUrl(server.uri().toString());
                pool.setProbeOnCreate(false);
                configure.of(pool);
                ManagedConnection managed = pool.createManagedConnection(null, null);
                use.of((ComfyUiConnectionFactory) pool.createConnectionFactory(), managed, (ComfyUiConnection)
                        managed.getConnection(null, null));
            }
        };
    }

    static Workflow picture() throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
    }
}
