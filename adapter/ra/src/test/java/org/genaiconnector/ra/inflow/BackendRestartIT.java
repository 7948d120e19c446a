package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.inflow.TestBean.Call;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ComfyUI crashes in the middle of hundreds of jobs and restarts without its history. */
class BackendRestartIT {
    private static final int JOBS = 500;
    private static final int BEFORE_THE_KILL = 200;

    private final TestInflow inflow = new TestInflow();
    private ComfyUiSimulator server;

    @BeforeEach
    void start() {
        server = ComfyUiSimulator.builder().nodeDelay(Duration.ofMillis(5)).start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        inflow.close();
        server.close();
    }

    @Test
    void fiveHundredJobsHaveFiveHundredEnds() throws Exception {
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        List<String> jobs = new ArrayList<>();
        inflow.bean.behave(call -> {
            boolean first = call.event().delivery() == 1;
            int kind = Math.floorMod(call.jobId().hashCode(), 10);
            if (first && kind == 0) {
                throw new IllegalStateException("The bean fails");
            }
            if (first && kind == 1) {
                inflow.transactions.setRollbackOnly();
            } else {
                accepted.add(call.jobId());
            }
        });
        inflow.activate();

        try (ComfyUiConnection connection = inflow.factory(server).getConnection()) {
            for (int i = 0; i < JOBS; i++) {
                jobs.add(connection.queuePrompt(TestInflow.picture(i)).id());
            }
        }
        TestInflow.eventually(() -> accepted.size() >= BEFORE_THE_KILL);
        server.kill();
        server.restart();
        TestInflow.eventually(() -> accepted.size() == JOBS);

        inflow.deactivate();
        System.out.println(table(jobs));
        assertThat(inflow.bean.calls()).extracting(Call::jobId).hasSameElementsAs(jobs);
        for (String job : jobs) {
            List<Call> calls = inflow.bean.calls(job);
            assertThat(calls).extracting(call -> call.event().delivery()).isEqualTo(counting(calls.size()));
            assertThat(calls).extracting(call -> call.event().id()).containsOnly(job + ":end");
        }
        assertThat(with(JobState.COMPLETED, jobs)).isGreaterThanOrEqualTo(BEFORE_THE_KILL);
        assertThat(with(JobState.LOST, jobs)).isPositive();
        assertThat(with(JobState.COMPLETED, jobs) + with(JobState.LOST, jobs)).isEqualTo(JOBS);
        assertThat(inflow.bean.overlaps()).isZero();
    }

    private static List<Integer> counting(int count) {
        return IntStream.rangeClosed(1, count).boxed().toList();
    }

    /** How many of the jobs have ended in a state, according to the bean's events. */
    private long with(JobState state, List<String> jobs) {
        return jobs.stream()
                .filter(job -> has(job, call -> call.event().status().state() == state))
                .count();
    }

    private boolean has(String job, Predicate<Call> what) {
        return inflow.bean.calls(job).stream().anyMatch(what);
    }

    private String table(List<String> jobs) {
        long missing = jobs.stream().filter(job -> !has(job, call -> true)).count();
        long unflagged = jobs.stream()
                .mapToLong(job -> inflow.bean.calls(job).stream()
                                .filter(call -> !call.event().isRedelivered())
                                .count()
                        - 1)
                .filter(more -> more > 0)
                .count();
        return String.join(
                "\n",
                "| 500 jobs, server killed and restarted in the middle | |",
                "|---|---:|",
                "| ended COMPLETED | " + with(JobState.COMPLETED, jobs) + " |",
                "| ended LOST | " + with(JobState.LOST, jobs) + " |",
                "| calls of the bean | " + inflow.bean.calls().size() + " |",
                "| jobs with a redelivered event | "
                        + jobs.stream()
                                .filter(job -> has(job, call -> call.event().isRedelivered()))
                                .count() + " |",
                "| jobs with two events that are not flagged as redelivered | " + unflagged + " |",
                "| jobs without an end | " + missing + " |");
    }
}
