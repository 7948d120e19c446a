package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.comfyui.jobs.Submitter;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bean hears of a job as the caller who submitted it, where the application server runs works as callers. */
class CallerTest {
    private static final int JOBS = 60;

    private final Map<String, String> heardAs = new ConcurrentHashMap<>();
    private TestInflow inflow;

    private void start(String... users) throws Exception {
        inflow = new TestInflow(users);
        inflow.spec.setRedeliveryAttempts(0);
        inflow.bean.behave(call -> heardAs.put(
                call.jobId(), Optional.ofNullable(TestContainer.caller()).orElse("nobody")));
        inflow.with(spec -> spec.setRunAsCaller(true)).activate();
    }

    @AfterEach
    void stop() throws InterruptedException {
        inflow.close();
    }

    private void end(String job, String caller) {
        inflow.trackers()
                .tell(new JobUpdate(
                        TestInflow.SERVER,
                        Optional.empty(),
                        true,
                        TestInflow.ended(job, JobState.COMPLETED),
                        new Submitter(Optional.ofNullable(caller), Optional.empty())));
    }

    @Test
    void theBeanIsCalledAsTheCallerOfEachJob() throws Exception {
        start("alice", "bob");
        List<String> callers = new ArrayList<>(List.of("alice", "bob"));
        callers.add(null);

        for (int i = 0; i < JOBS; i++) {
            end("job" + i, callers.get(i % 3));
        }

        TestInflow.eventually(() -> heardAs.size() == JOBS);
        for (int i = 0; i < JOBS; i++) {
            String caller = callers.get(i % 3);
            assertThat(heardAs.get("job" + i)).isEqualTo(caller == null ? "nobody" : caller);
            assertThat(inflow.bean.calls("job" + i))
                    .singleElement()
                    .satisfies(call -> assertThat(call.event().caller()).isEqualTo(Optional.ofNullable(caller)));
        }
        assertThat(inflow.bean.mostAtOnce()).isLessThanOrEqualTo(5);
        TestInflow.eventually(() -> inflow.container.running() == 1);
    }

    @Test
    @Produces(OperatorMessage.LAST_DELIVERY_FAILED)
    void aCallerWhomTheApplicationServerDoesNotKnowGetsNoDelivery() throws Exception {
        try (CapturedLog log = CapturedLog.of(EventDelivery.class)) {
            start("alice");
            end("strange", "mallory");
            end("known", "alice");

            TestInflow.eventually(() -> log.messages().stream().anyMatch(entry -> entry.contains("mallory")));
            TestInflow.eventually(() -> heardAs.containsKey("known"));
            assertThat(heardAs).doesNotContainKey("strange");
            assertThat(log.messages().get(log.messages().size() - 1))
                    .contains("does not run it as caller mallory", "no user mallory");
        }
    }

    @Test
    @Produces(OperatorMessage.NO_CALLERS)
    void anApplicationServerWithoutSecurityInflowCallsTheBeanAllTheSame() throws Exception {
        try (CapturedLog log = CapturedLog.of(Activation.class)) {
            start();
            end("job", "alice");

            TestInflow.eventually(() -> heardAs.containsKey("job"));
            assertThat(heardAs).containsEntry("job", "nobody");
            assertThat(inflow.bean.calls("job").get(0).event().caller()).contains("alice");
            assertThat(log.messages()).singleElement().asString().contains("GENAI-1412", "runAsCaller");
        }
    }
}
