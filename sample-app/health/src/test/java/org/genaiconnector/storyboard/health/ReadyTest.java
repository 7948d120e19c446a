package org.genaiconnector.storyboard.health;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ejb.EJBException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.genaiconnector.storyboard.BackendProbes;
import org.genaiconnector.storyboard.Probe;
import org.junit.jupiter.api.Test;

class ReadyTest {
    private static final Probe UP = new Probe("comfyui", true, "");
    private static final Probe DOWN = new Probe("llm", false, "Connection refused");

    private final Ready ready = new Ready();

    /** The answer when the bean does this. */
    private HealthCheckResponse answer(Supplier<List<Probe>> bean) {
        ready.probes = new BackendProbes() {
            @Override
            public List<Probe> probe() {
                return bean.get();
            }
        };
        return ready.call();
    }

    private static List<Probe> notCallable() {
        throw new EJBException("Attempt to invoke when container is in Initializing");
    }

    @Test
    void isReadyWhileAllBackendsAnswer() {
        HealthCheckResponse answer = answer(() -> List.of(UP));

        assertThat(answer.getStatus()).isEqualTo(Status.UP);
        assertThat(answer.getName()).isEqualTo("backends");
        assertThat(answer.getData()).contains(Map.of("comfyui", "UP"));
    }

    @Test
    void saysWhatIsWrongWithABackend() {
        HealthCheckResponse answer = answer(() -> List.of(UP, DOWN));

        assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
        assertThat(answer.getData()).contains(Map.of("comfyui", "UP", "llm", "Connection refused"));
    }

    @Test
    void isNotReadyWhileTheApplicationStarts() {
        HealthCheckResponse answer = answer(ReadyTest::notCallable);

        assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
        assertThat(answer.getData())
                .contains(Map.of(
                        "application",
                        "the application is starting: Attempt to invoke when container is in Initializing"));
    }

    @Test
    void tellsTheEndOfTheApplicationFromItsStart() {
        answer(() -> List.of(UP));

        HealthCheckResponse answer = answer(ReadyTest::notCallable);

        assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
        assertThat(answer.getData().orElseThrow().get("application"))
                .asString()
                .startsWith("the application is stopping, or its bean fails: ");
    }
}
