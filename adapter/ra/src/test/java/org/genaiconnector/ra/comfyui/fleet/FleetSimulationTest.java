package org.genaiconnector.ra.comfyui.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.genaiconnector.CircuitState;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.statistics.FleetFigures;
import org.genaiconnector.ra.statistics.JobStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("300 jobs over 6 models on 3 backends, in simulated time")
class FleetSimulationTest {
    private static final int MODELS = 6;
    private static final int JOBS = 300;
    private static final long RUN = Duration.ofSeconds(2).toNanos();
    private static final long LOAD = Duration.ofSeconds(40).toNanos();

    private long now = 1;
    private final Map<URI, Machine> machines = new LinkedHashMap<>();
    private Fleet fleet;

    /** One backend: a queue, and a memory that holds three models. */
    private final class Machine {
        private final Deque<PlacedJob> queue = new ArrayDeque<>();
        private final Set<String> memory = new LinkedHashSet<>();
        private int loads;
        private long free = Long.MAX_VALUE;

        void add(PlacedJob job) {
            queue.add(job);
            job.is(JobStage.PENDING);
            if (queue.size() == 1) {
                begin();
            }
        }

        private void begin() {
            PlacedJob job = queue.element();
            job.is(JobStage.RUNNING);
            free = now + RUN;
            for (String model : job.needs().files()) {
                if (!memory.remove(model)) {
                    loads++;
                    free += LOAD;
                }
                memory.add(model);
            }
            while (memory.size() > 3) {
                memory.remove(memory.iterator().next());
            }
        }

        void end() {
            queue.remove().is(JobStage.COMPLETED);
            free = Long.MAX_VALUE;
            if (!queue.isEmpty()) {
                begin();
            }
        }
    }

    private void start() {
        machines.clear();
        List<Fleet.Member> members = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            URI server = URI.create("http://gpu" + i);
            members.add(new Fleet.Member("gpu" + i, server, 1, Set.of(), () -> true));
            machines.put(server, new Machine());
        }
        fleet = new Fleet(members, () -> now);
    }

    private static JobNeeds job(int model) {
        String file = model + ".safetensors";
        return new JobNeeds(
                "shape" + file,
                Set.of("Loader"),
                Set.of(new JobNeeds.ModelUse("Loader", "name", file)),
                Set.of(file),
                List.of(),
                List.of());
    }

    private void place(int model) throws GenAiException {
        PlacedJob placed = fleet.place(job(model), new Fleet.Known(Map.of(), Set.of()));
        machines.get(placed.server()).add(placed);
    }

    private void placeAnywhere(int model, Random random) {
        List<URI> servers = List.copyOf(machines.keySet());
        PlacedJob placed = new PlacedJob(fleet, servers.get(random.nextInt(servers.size())), job(model), false, 0);
        machines.get(placed.server()).add(placed);
    }

    private void runAll() {
        while (true) {
            Machine next = machines.values().stream()
                    .min(Comparator.comparingLong(machine -> machine.free))
                    .orElseThrow();
            if (next.free == Long.MAX_VALUE) {
                return;
            }
            now = next.free;
            next.end();
        }
    }

    private int loads() {
        return machines.values().stream().mapToInt(machine -> machine.loads).sum();
    }

    private static List<Integer> models(int jobs, long seed) {
        List<Integer> models = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            models.add(i % MODELS);
        }
        Collections.shuffle(models, new Random(seed));
        return models;
    }

    /** Each model twice, one job after the other, so that there is experience. */
    private void warmUp() throws GenAiException {
        for (int i = 0; i < 2 * MODELS; i++) {
            place(i / 2);
            runAll();
        }
    }

    @Test
    void loadsHardlyAnyModelTwiceAndKeepsAllBusy() throws Exception {
        for (long seed = 1; seed <= 20; seed++) {
            List<Integer> models = models(JOBS - 2 * MODELS, seed);
            start();
            warmUp();
            long begin = now;
            for (int model : models) {
                place(model);
            }
            runAll();
            double makespan = now - begin;
            double ideal = models.size() * (double) RUN / machines.size();
            assertThat(loads()).as("cold loads, seed " + seed).isLessThanOrEqualTo(MODELS + MODELS / 5);
            assertThat(makespan / ideal).as("of the ideal, seed " + seed).isLessThanOrEqualTo(1.15);

            start();
            Random random = new Random(seed);
            begin = now;
            models.forEach(model -> placeAnywhere(model, random));
            runAll();
            assertThat(loads()).as("cold loads by chance").isGreaterThan(10 * MODELS);
            assertThat((now - begin) / ideal).as("of the ideal by chance").isGreaterThan(2);
        }
    }

    @Test
    @DisplayName("a burst of one model spreads over all backends, although only one has it loaded")
    void spreadsABurst() throws Exception {
        start();
        place(0);
        runAll();
        long begin = now;
        for (int i = 0; i < 90; i++) {
            place(0);
        }
        runAll();
        assertThat(loads()).isEqualTo(3);
        assertThat(now - begin).isLessThan(90 * RUN * 2 / 3);
    }

    @Test
    @DisplayName("a backend that holds fewer models than thought is noticed")
    void learnsHowManyModelsFitIn() throws Exception {
        start();
        fleet.drain("gpu2", true);
        fleet.drain("gpu3", true);
        for (int round = 0; round < 4; round++) {
            for (int model = 0; model < MODELS; model++) {
                place(model);
                runAll();
                place(model);
                runAll();
            }
        }
        assertThat(fleet.loaded(URI.create("http://gpu1"))).hasSizeLessThan(MODELS);
    }

    @Test
    @DisplayName("jobs of other clients count, until the queue is seen without them")
    void countsJobsOfOthers() throws Exception {
        start();
        place(0);
        runAll();
        URI first = URI.create("http://gpu1");
        fleet.queue(first, 200, 1);
        place(0);
        assertThat(fleet.jobs(first)).as("200 others are ahead there").isZero();
        runAll();
        fleet.queue(first, 200, 0); // seen before that
        fleet.queue(first, 0, 2);
        place(0);
        assertThat(fleet.jobs(first)).isOne();
        fleet.queue(first, 1, 3);
        assertThat(fleet.figures("gpu1", CircuitState.CLOSED, new FleetFigures.Calls(0, 0, 0))
                        .jobs()
                        .other())
                .as("that one is ours")
                .isZero();
    }

    @Test
    void drainedBackendsGetNothing() throws Exception {
        start();
        fleet.drain("gpu1", true);
        for (int i = 0; i < 12; i++) {
            place(i % MODELS);
        }
        assertThat(fleet.jobs(URI.create("http://gpu1"))).isZero();
        runAll();
        fleet.drain("gpu1", false);
        place(7);
        assertThat(fleet.jobs(URI.create("http://gpu1"))).isOne();
    }
}
