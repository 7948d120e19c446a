package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** As {@code FleetSimulationTest} in simulated time, but with simulators that take their time. */
@DisplayName("300 jobs over 6 models on three ComfyUI that hold three each")
@EnabledIfSystemProperty(named = "slow", matches = "true", disabledReason = "takes two minutes: -Dslow=true")
@Timeout(600)
class FleetModelsIT {
    private static final int WARM_UP = 12;
    private static final int JOBS = 300 - WARM_UP;
    private static final int MODELS = 6;
    private static final int SERVERS = 3;
    private static final Duration RUN = Duration.ofMillis(250);
    private static final Duration LOAD = Duration.ofMillis(1_500);

    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
    private final List<ComfyUiSimulator> servers = new ArrayList<>();
    private ComfyUiConnectionFactory factory;

    /** How it went. */
    private record Outcome(int loads, double seconds) {}

    @AfterEach
    void stop() {
        adapter.stop();
        servers.forEach(ComfyUiSimulator::close);
    }

    private void start() {
        StringBuilder addresses = new StringBuilder();
        for (int i = 0; i < SERVERS; i++) {
            ComfyUiSimulator server = ComfyUiSimulator.builder()
                    .node("Model", Map.of("name", "STRING", "seed", "INT"), List.of(), "{\"text\": [1]}")
                    .nodeDelay(RUN)
                    .modelLoading(LOAD, MODELS / 2)
                    .start();
            servers.add(server);
            addresses
                    .append(i == 0 ? "" : ",")
                    .append(server.uri())
                    .append("|tags=n")
                    .append(i);
        }
        adapter.start(new TestContainer());
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(addresses.toString());
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory(new TestPool(20));
    }

    private static Submission job(int model, int seed) throws Exception {
        return Submission.of(Workflow.parse(
                "{\"1\": {\"class_type\": \"Model\", \"inputs\": {\"name\": \"%d.safetensors\", \"seed\": %d}}}"
                        .formatted(model, seed)));
    }

    /** Each model twice, one job after the other, so that there is experience. */
    private void warmUp() throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            try (ComfyUiConnection connection = factory.getConnection()) {
                factory.awaitJob(connection.queuePrompt(job(i / 2, -i)).id(), Duration.ofMinutes(5));
            }
        }
    }

    /** Sends all jobs at once, each where it is sent by the adapter, or at random by a tag. */
    private Outcome run(boolean random, int firstSeed) throws Exception {
        Random order = new Random(1);
        List<Integer> models = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            models.add(i % MODELS);
        }
        Collections.shuffle(models, order);
        int before = loads();
        long begun = System.nanoTime();
        List<Job> jobs = new ArrayList<>();
        try (ComfyUiConnection connection = factory.getConnection()) {
            for (int i = 0; i < JOBS; i++) {
                Submission job = job(models.get(i), firstSeed + i);
                jobs.add(connection.queuePrompt(random ? job.withRequired("n" + order.nextInt(SERVERS)) : job));
            }
        }
        for (Job job : jobs) {
            assertThat(factory.awaitJob(job.id(), Duration.ofMinutes(5)).state())
                    .isEqualTo(JobState.COMPLETED);
        }
        return new Outcome(loads() - before, (System.nanoTime() - begun) / 1e9);
    }

    private int loads() {
        return servers.stream().mapToInt(ComfyUiSimulator::coldLoads).sum();
    }

    @Test
    @DisplayName(
            "are loaded hardly more often than there are models, and take hardly longer than the ideal; at random they take far longer")
    void keepModelsInMemory() throws Exception {
        start();
        warmUp();
        int warm = loads();
        Outcome placed = run(false, 1);
        Outcome random = run(true, 1 + JOBS);
        double ideal = JOBS * RUN.toMillis() / 1e3 / SERVERS;
        System.out.printf(
                "ideal %.1f s; placed %.1f s and %d loads; at random %.1f s and %d loads%n",
                ideal, placed.seconds(), warm + placed.loads(), random.seconds(), random.loads());
        assertThat(warm + placed.loads()).isBetween(MODELS, MODELS + MODELS / 5);
        assertThat(placed.seconds()).isLessThan(1.15 * ideal);
        assertThat(random.loads()).isGreaterThan(5 * MODELS);
        assertThat(random.seconds()).isGreaterThan(1.5 * placed.seconds());
    }
}
