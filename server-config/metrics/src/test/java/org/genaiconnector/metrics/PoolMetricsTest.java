package org.genaiconnector.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.management.StandardMBean;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.genaiconnector.ra.statistics.StatisticsRecorder;
import org.genaiconnector.ra.statistics.StatisticsRegistry;
import org.genaiconnector.ra.statistics.TargetFigures;
import org.junit.jupiter.api.Test;

/** Metrics come and go with the MXBeans of the adapter. */
class PoolMetricsTest {
    private final Set<MetricID> known = new TreeSet<>();

    private MetricRegistry registry() {
        return (MetricRegistry) Proxy.newProxyInstance(
                PoolMetricsTest.class.getClassLoader(),
                new Class<?>[] {MetricRegistry.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "gauge" -> {
                        String name = ((Metadata) arguments[0]).getName();
                        known.add(new MetricID(name, (Tag[]) arguments[2]));
                        yield null;
                    }
                    case "remove" -> known.remove((MetricID) arguments[0]);
                    default -> throw new UnsupportedOperationException(method + " " + Arrays.toString(arguments));
                });
    }

    private List<String> names() {
        return known.stream().map(MetricID::getName).distinct().toList();
    }

    /** Has no operations. */
    public interface NothingMXBean {}

    @Test
    void targetsThatGoLeaveTheMetricsOfTheirPool() throws Exception {
        PoolMetrics metrics = new PoolMetrics(registry());
        StatisticsRegistry adapter = new StatisticsRegistry();
        StatisticsRecorder pool = adapter.recorder("genai/llm");
        metrics.start(null);
        try {
            Set<MetricID> ofPool = new TreeSet<>(known);
            assertThat(names()).contains("genai_requests_total");
            TargetFigures targets = new TargetFigures();
            targets.show(
                    "genai/llm",
                    List.of("openai"),
                    List.of(),
                    () -> new TargetFigures.Now(
                            Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of()),
                    new StandardMBean(new NothingMXBean() {}, NothingMXBean.class, true));
            assertThat(names()).contains("genai_target_calls_total");
            targets.close();
            assertThat(known).isEqualTo(ofPool);
            adapter.close();
            assertThat(known).isEmpty();
            assertThat(pool).isNotNull();
        } finally {
            metrics.stop(null);
        }
    }
}
