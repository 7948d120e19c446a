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
class HeavyEndsTest {
    private static final int JOBS = 12;

    private final Faults faults = new Faults();
    private final ComfyUiSimulator server =
            ComfyUiSimulator.builder().labNodes().wrap(faults::wrap).start();
    private final Bed bed = new Bed();

    @AfterEach
    void stop() throws InterruptedException {
        bed.close();
        server.close();
    }

    @Test
    void outputsOfEndsThatWaitAreNotKeptButAskedForOnceMore() throws Exception {
        int length = (int) (Footprint.budget() / 4);
        CountDownLatch gate = new CountDownLatch(1);
        List<Integer> told = new ArrayList<>();
        bed.with(spec -> spec.setMaxConcurrency(1)).listen();
        bed.bean.behave(call -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            synchronized (told) {
                told.add(lengthOf(call.event().status().outputs()));
            }
        });
        try (ComfyUiConnection connection = bed.factory(server).getConnection()) {
            connection.queuePrompt(slow());
            for (int i = 0; i < JOBS; i++) {
                String id = connection.queuePrompt(Bed.picture(i)).id();
                faults.always(
                        Match.path("/api/jobs/" + id),
                        Fault.status(200)
                                .json("{\"id\": \"" + id
                                        + "\", \"status\": \"completed\", \"outputs\": {\"1\": {\"text\": [\""
                                        + "x".repeat(length) + "\"]}}}"));
            }
        }
        Bed.eventually(() -> bed.factory(server).statistics().jobs().completed() == JOBS + 1);
        gate.countDown();

        Bed.eventually(() -> {
            synchronized (told) {
                return told.size() == JOBS + 1;
            }
        });
        assertThat(told).filteredOn(size -> size == length).hasSize(JOBS);
    }

    @Test
    @Produces(OperatorMessage.END_WITHOUT_OUTPUTS)
    void outputsThatAreTooManyToBeReadDoNotKeepAnEndForEver() throws Exception {
        int length = (int) (Footprint.budget() / 4);
        CountDownLatch gate = new CountDownLatch(1);
        List<String> ids = new ArrayList<>();
        bed.with(spec -> spec.setMaxConcurrency(1)).listen();
        bed.bean.behave(call -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (ComfyUiConnection connection = bed.factory(server).getConnection()) {
            connection.queuePrompt(slow());
            for (int i = 0; i < JOBS; i++) {
                String id = connection.queuePrompt(Bed.picture(i)).id();
                ids.add(id);
                faults.always(
                        Match.path("/api/jobs/" + id),
                        Fault.status(200)
                                .json("{\"id\": \"" + id
                                        + "\", \"status\": \"completed\", \"outputs\": {\"1\": {\"text\": [\""
                                        + "x".repeat(length) + "\"]}}}"));
            }
        }
        Bed.eventually(() -> bed.factory(server).statistics().jobs().completed() == JOBS + 1);
        Fault.Answer tooLong = Fault.status(200);
        for (int i = 0; i < 300; i++) {
            tooLong = tooLong.header("X-" + i, "x");
        }
        faults.clear();
        for (String id : ids) {
            faults.always(Match.path("/api/jobs/" + id), tooLong.json("{}"));
        }
        try (LogBook log = LogBook.of(Activation.class)) {
            gate.countDown();
            Bed.eventually(() -> ids.stream()
                    .allMatch(id -> bed.bean.calls(id).stream()
                            .anyMatch(call -> call.method().equals("onCompleted"))));
            assertThat(log.messages())
                    .anyMatch(message -> message.startsWith("GENAI-1408") && message.contains("too large"));
        }
    }

    /** The others end while it runs, or later. */
    private static Workflow slow() throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "LabSteps", "inputs": {"steps": 10, "seconds": 3, "color": 1}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
    }

    private static int lengthOf(List<Output> outputs) {
        return outputs.stream()
                .mapToInt(output ->
                        output instanceof OutputText text ? text.text().length() : 0)
                .sum();
    }

    @Test
    void anInboxKnowsHowMuchItsEndsTake() throws Exception {
        Inbox inbox = new Inbox(bed.spec.policy());
        Notice.End end = (Notice.End) Notice.of(Bed.news(Bed.ended("j", JobState.COMPLETED)), Optional.empty());
        inbox.put(end);
        inbox.put(end);
        assertThat(inbox.endBytes()).isEqualTo(end.bytes()).isPositive();
        inbox.hire();
        Notice taken = inbox.take().orElseThrow();
        assertThat(inbox.endBytes()).isPositive();
        inbox.done(taken);
        assertThat(inbox.endBytes()).isZero();
    }
}
