package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.jobs.Footprint;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ends with megabytes of text, for a bean that takes its time. */
class LargeOutputsIT {
    private static final int JOBS = 12;

    private final Faults faults = new Faults();
    private final ComfyUiSimulator server =
            ComfyUiSimulator.builder().labNodes().wrap(faults::wrap).start();
    private final TestInflow inflow = new TestInflow();

    @AfterEach
    void stop() throws InterruptedException {
        inflow.close();
        server.close();
    }

    @Test
    void outputsOfEndsThatWaitAreNotKeptButAskedForOnceMore() throws Exception {
        int length = (int) (Footprint.budget() / 4);
        CountDownLatch gate = new CountDownLatch(1);
        List<Integer> sizes = new ArrayList<>();
        inflow.with(spec -> spec.setMaxConcurrency(1)).listen();
        inflow.bean.behave(call -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            synchronized (sizes) {
                sizes.add(lengthOf(call.event().status().outputs()));
            }
        });
        runJobsWithOutputs(length);
        gate.countDown();

        TestInflow.eventually(() -> {
            synchronized (sizes) {
                return sizes.size() == JOBS + 1;
            }
        });
        assertThat(sizes).filteredOn(size -> size == length).hasSize(JOBS);
    }

    @Test
    @Produces(OperatorMessage.END_WITHOUT_OUTPUTS)
    void outputsThatAreTooManyToBeReadDoNotKeepAnEndForEver() throws Exception {
        int length = (int) (Footprint.budget() / 4);
        CountDownLatch gate = new CountDownLatch(1);
        inflow.with(spec -> spec.setMaxConcurrency(1)).listen();
        inflow.bean.behave(call -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        List<String> ids = runJobsWithOutputs(length);
        Fault.Answer tooLong = Fault.status(200);
        for (int i = 0; i < 300; i++) {
            tooLong = tooLong.header("X-" + i, "x");
        }
        faults.clear();
        for (String id : ids) {
            faults.always(Match.path("/api/jobs/" + id), tooLong.json("{}"));
        }
        try (CapturedLog log = CapturedLog.of(EventDelivery.class)) {
            gate.countDown();
            TestInflow.eventually(() -> ids.stream()
                    .allMatch(id -> inflow.bean.calls(id).stream()
                            .anyMatch(call -> call.method().equals("onCompleted"))));
            assertThat(log.messages())
                    .anyMatch(message -> message.startsWith("GENAI-1408") && message.contains("too large"));
        }
    }

    /** Their ends wait for the bean. */
    private List<String> runJobsWithOutputs(int length) throws Exception {
        List<String> ids = new ArrayList<>();
        try (ComfyUiConnection connection = inflow.factory(server).getConnection()) {
            connection.queuePrompt(slow());
            for (int i = 0; i < JOBS; i++) {
                String id = connection.queuePrompt(TestInflow.picture(i)).id();
                ids.add(id);
                faults.always(
                        Match.path("/api/jobs/" + id),
                        Fault.status(200)
                                .json("{\"id\": \"" + id
                                        + "\", \"status\": \"completed\", \"outputs\": {\"1\": {\"text\": [\""
                                        + "x".repeat(length) + "\"]}}}"));
            }
        }
        TestInflow.eventually(() -> inflow.factory(server).statistics().jobs().completed() == JOBS + 1);
        return ids;
    }

    /** The others end while it runs, or later. */
    private static Workflow slow() throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "LabSteps", "inputs": {"steps": 10, "seconds": 1, "color": 1}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
    }

    private static int lengthOf(List<Output> outputs) {
        return outputs.stream()
                .mapToInt(output ->
                        output instanceof OutputText text ? text.text().length() : 0)
                .sum();
    }

    @Test
    void anOutboxKnowsHowMuchItsEndsTake() throws Exception {
        Outbox outbox = new Outbox(inflow.spec.policy());
        Notice.End end =
                (Notice.End) Notice.of(TestInflow.update(TestInflow.ended("j", JobState.COMPLETED)), Optional.empty());
        outbox.put(end);
        outbox.put(end);
        assertThat(outbox.endBytes()).isEqualTo(end.bytes()).isPositive();
        outbox.addWorker();
        Notice taken = outbox.take().orElseThrow();
        assertThat(outbox.endBytes()).isPositive();
        outbox.done(taken);
        assertThat(outbox.endBytes()).isZero();
    }
}
