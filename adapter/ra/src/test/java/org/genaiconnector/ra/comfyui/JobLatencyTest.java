package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.Test;

/** Prints how long it takes from the end of a job to the call of its observer; measures, and asserts no time. */
class JobLatencyTest {
    private static final int JOBS = 60;

    @Test
    void printsTheLatencyWithAndWithoutTheWebSocket() throws Exception {
        print("with the WebSocket", JOBS, latencies(Pace.USUAL, JOBS, ComfyUiSimulator::resumeEvents));
        print("without", 8, latencies(Pace.USUAL, 8, ComfyUiSimulator::stallEvents));
    }

    private interface Mood {
        void of(ComfyUiSimulator server);
    }

    /** From the moment at which the simulated server writes its history, as a sharp look at it shows. */
    private static List<Long> latencies(Pace pace, int jobs, Mood mood) throws Exception {
        List<Long> micros = new ArrayList<>();
        try (Tracking tracking = Tracking.with(pace, server -> server.labNodes())) {
            mood.of(tracking.server);
            for (int i = 0; i < jobs; i++) {
                Job job = tracking.queue(Tracking.steps(2, 0.05, i));
                long ended = awaitHistory(tracking, job);
                tracking.heard.awaitEnd(job.id());
                micros.add(Math.max(0, TimeUnit.NANOSECONDS.toMicros(tracking.heard.lastEnd() - ended)));
            }
        }
        return micros;
    }

    private static long awaitHistory(Tracking tracking, Job job) throws Exception {
        try (var connection = tracking.factory.getConnection()) {
            while (true) {
                long asked = System.nanoTime();
                if (connection.getHistory(job.id()).isPresent()) {
                    return asked;
                }
            }
        }
    }

    private static void print(String how, int jobs, List<Long> micros) {
        assertThat(micros).hasSize(jobs);
        Collections.sort(micros);
        System.out.printf(
                "End of a job to its observer %s: median %.1f ms, 90th percentile %.1f ms, longest %.1f ms (%d jobs)%n",
                how, micros.get(jobs / 2) / 1e3, micros.get(jobs * 9 / 10) / 1e3, micros.get(jobs - 1) / 1e3, jobs);
    }
}
