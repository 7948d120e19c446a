package org.genaiconnector.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.genaiconnector.CircuitState;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ra.statistics.DeliveryFigures;
import org.genaiconnector.ra.statistics.FleetFigures;
import org.genaiconnector.ra.statistics.JobStoreFigures;
import org.genaiconnector.ra.statistics.StatisticsRecorder;
import org.genaiconnector.ra.statistics.StatisticsRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads the adapter's own MXBeans as metrics. */
class AdapterBeanTest {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final StatisticsRegistry adapter = new StatisticsRegistry();
    private final List<StatisticsRecorder> held = new ArrayList<>();

    @AfterEach
    void close() {
        adapter.close();
    }

    private AdapterBean pool(String name) throws Exception {
        held.add(adapter.recorder(name));
        return bean("type=ConnectionFactory,name=" + ObjectName.quote(name));
    }

    private AdapterBean bean(String keys) throws Exception {
        return new AdapterBean(server, new ObjectName("org.genaiconnector:" + keys));
    }

    /** The value of one series, which is read each time. */
    private static Supplier<Double> series(AdapterBean bean, String metric, Map<String, String> labels) {
        List<Metric> found = bean.metrics().stream()
                .filter(one -> one.name().equals(metric) && one.labels().equals(labels))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0).value();
    }

    private static double value(AdapterBean bean, String metric) {
        return series(bean, metric, Map.of()).get();
    }

    @Test
    void readsAPoolThatDidNothingYet() throws Exception {
        AdapterBean pool = pool("genai/llm");

        assertThat(pool.label()).isEqualTo(Map.of("pool", "genai/llm"));
        assertThat(value(pool, "genai_requests_total")).isZero();
        assertThat(value(pool, "genai_circuit_state")).isZero();
        assertThat(value(pool, "genai_jobs_tracking")).isEqualTo(1);
        for (FailureCategory category : FailureCategory.values()) {
            assertThat(series(pool, "genai_failures_total", Map.of("category", category.name()))
                            .get())
                    .isZero();
        }
    }

    @Test
    void readsNothingOfAPoolThatIsGone() throws Exception {
        AdapterBean pool = pool("genai/llm");
        List<Metric> metrics = pool.metrics();
        adapter.close();

        assertThat(metrics)
                .isNotEmpty()
                .allSatisfy(metric ->
                        assertThat(metric.value().get()).as(metric.name()).isNaN());
        assertThat(pool.metrics()).isEmpty();
    }

    @Test
    void givesEveryMetricADescription() throws Exception {
        assertThat(pool("genai/llm").metrics())
                .allSatisfy(metric ->
                        assertThat(metric.description()).as(metric.name()).contains(" "));
    }

    @Test
    void namesPoolsAsTheyAreConfigured() throws Exception {
        assertThat(pool("http://gpu-box:8188").label()).isEqualTo(Map.of("pool", "http://gpu-box:8188"));
        assertThat(bean("type=ConnectionFactory,name=a,instance=2").label()).isEqualTo(Map.of("pool", "a#2"));
        assertThat(bean("type=Total").label()).isEmpty();
    }

    @Test
    void readsTimesInSecondsAndStatesAsNumbers() throws Exception {
        AdapterBean pool = pool("genai/llm");
        held.get(0).succeeded(Duration.ofMillis(1_500).toNanos());
        AtomicReference<CircuitState> state = new AtomicReference<>(CircuitState.OPEN);
        Supplier<CircuitState> circuit = state::get;
        held.get(0).circuit(circuit);
        held.get(0).tracking(() -> false);

        assertThat(value(pool, "genai_latency_longest_seconds")).isCloseTo(1.5, within(1e-9));
        assertThat(value(pool, "genai_circuit_state")).isEqualTo(2);
        state.set(CircuitState.HALF_OPEN);
        assertThat(value(pool, "genai_circuit_state")).isEqualTo(1);
        assertThat(value(pool, "genai_jobs_tracking")).isZero();
        assertThat(circuit.get()).isEqualTo(CircuitState.HALF_OPEN); // the pool has only a weak reference to it
    }

    @Test
    void readsHistograms() throws Exception {
        AdapterBean pool = pool("genai/llm");
        held.get(0).succeeded(Duration.ofMillis(300).toNanos());
        held.get(0).succeeded(Duration.ofMillis(3).toNanos());
        held.get(0).began(Duration.ofHours(1).toNanos());

        assertThat(buckets(pool, "genai_latency_seconds_bucket"))
                .containsExactly(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2);
        assertThat(buckets(pool, "genai_first_token_seconds_bucket"))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        assertThat(value(pool, "genai_latency_seconds_sum")).isCloseTo(0.303, within(1e-9));
        assertThat(value(pool, "genai_latency_seconds_count")).isEqualTo(2);
        assertThat(value(pool, "genai_first_token_seconds_count")).isEqualTo(1);
    }

    private static List<Integer> buckets(AdapterBean pool, String metric) {
        String[] bounds = {
            "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30", "60", "120", "300",
            "600", "+Inf"
        };
        return Arrays.stream(bounds)
                .map(bound -> series(pool, metric, Map.of("le", bound)).get().intValue())
                .toList();
    }

    @Test
    void readsDeliveries() throws Exception {
        try (DeliveryFigures figures = new DeliveryFigures()) {
            figures.delivered();
            figures.gaveUp();
            AdapterBean deliveries = bean("type=Deliveries");

            assertThat(deliveries.label()).isEqualTo(Map.of("adapter", "1"));
            assertThat(value(deliveries, "genai_deliveries_total")).isEqualTo(1);
            assertThat(value(deliveries, "genai_deliveries_failed_total")).isZero();
            assertThat(value(deliveries, "genai_deliveries_given_up_total")).isEqualTo(1);
        }
    }

    @Test
    void readsTheBackendsOfAFactory() throws Exception {
        NothingMXBean nothing = new NothingMXBean() {};
        try (FleetFigures figures = new FleetFigures()) {
            figures.show(
                    "genai/comfyui",
                    List.of("gpu1", "gpu2"),
                    name -> new FleetFigures.Now(
                            name,
                            "http://" + name,
                            name.equals("gpu1") ? "DRAINED" : "DOWN",
                            1,
                            "",
                            "",
                            CircuitState.OPEN,
                            new FleetFigures.Jobs(3, 1, 7, 2, 4, 5),
                            new FleetFigures.Calls(5, 9, 6)),
                    name -> new StandardMBean(nothing, NothingMXBean.class, true));
            AdapterBean first = bean("type=Backend,factory=\"genai/comfyui\",name=\"gpu1\"");
            AdapterBean second = bean("type=Backend,factory=\"genai/comfyui\",name=\"gpu2\"");

            assertThat(first.label()).isEqualTo(Map.of("pool", "genai/comfyui", "backend", "gpu1"));
            assertThat(value(first, "genai_backend_drained")).isEqualTo(1);
            assertThat(value(first, "genai_backend_up")).isEqualTo(1);
            assertThat(value(second, "genai_backend_up")).isZero();
            assertThat(value(second, "genai_backend_circuit_state")).isEqualTo(2);
            assertThat(value(second, "genai_backend_jobs")).isEqualTo(3);
            assertThat(value(second, "genai_backend_jobs_other")).isEqualTo(5);
            assertThat(value(second, "genai_backend_jobs_lost_total")).isEqualTo(4);
            assertThat(value(second, "genai_backend_requests_failed_total")).isEqualTo(6);
        }
    }

    /** Has no operations. */
    public interface NothingMXBean {}

    @Test
    void readsAJobStoreAndNothingWhileItFails() throws Exception {
        AtomicReference<JobStoreFigures.Now> now = new AtomicReference<>(new JobStoreFigures.Now(
                Map.of("QUEUED", 7L),
                Duration.ofSeconds(90),
                Map.of("http://a", 1L, "http://b", 2L),
                Map.of("mail", 4L),
                Map.of(),
                3,
                1));
        Supplier<JobStoreFigures.Now> source = () -> {
            if (now.get() == null) {
                throw new IllegalStateException("no database");
            }
            return now.get();
        };
        NothingMXBean nothing = new NothingMXBean() {};
        JobStoreFigures figures =
                new JobStoreFigures("jdbc/jobs", source, new StandardMBean(nothing, NothingMXBean.class, true));
        try {
            AdapterBean store = bean("type=JobStore,name=\"jdbc/jobs\"");

            assertThat(store.label()).isEqualTo(Map.of("store", "jdbc/jobs"));
            assertThat(series(store, "genai_store_jobs", Map.of("state", "QUEUED"))
                            .get())
                    .isEqualTo(7);
            assertThat(series(store, "genai_store_jobs", Map.of("state", "LOST"))
                            .get())
                    .isZero();
            assertThat(value(store, "genai_store_oldest_waiting_seconds")).isEqualTo(90);
            assertThat(value(store, "genai_store_in_flight")).isEqualTo(3);
            assertThat(value(store, "genai_store_deliveries_waiting")).isEqualTo(4);
            assertThat(value(store, "genai_store_deliveries_dead")).isZero();
            assertThat(value(store, "genai_store_instances")).isEqualTo(3);
            now.set(null);
            assertThat(value(store, "genai_store_instances")).isNaN();
        } finally {
            figures.close();
        }
    }
}
