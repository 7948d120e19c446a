package org.genaiconnector.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.genaiconnector.ra.statistics.DeliveryFigures;
import org.genaiconnector.ra.statistics.StatisticsRecorder;
import org.genaiconnector.ra.statistics.StatisticsRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reading the adapter's own MXBeans. */
class PoolTest {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final StatisticsRegistry adapter = new StatisticsRegistry();
    private final List<StatisticsRecorder> held = new ArrayList<>();

    @AfterEach
    void close() {
        adapter.close();
    }

    private Pool pool(String name) throws Exception {
        held.add(adapter.recorder(name));
        return new Pool(
                server, new ObjectName("org.genaiconnector:type=ConnectionFactory,name=" + ObjectName.quote(name)));
    }

    @Test
    void readsAPoolThatDidNothingYet() throws Exception {
        Pool pool = pool("genai/llm");

        assertThat(pool.name()).isEqualTo("genai/llm");
        assertThat(pool.value(Figure.REQUESTS)).isZero();
        assertThat(pool.failures("RATE_LIMIT")).isZero();
        assertThat(pool.circuit()).isZero();
    }

    @Test
    void readsNothingOfAPoolThatIsGone() throws Exception {
        Pool pool = pool("genai/llm");
        adapter.close();

        assertThat(pool.value(Figure.REQUESTS)).isNaN();
        assertThat(pool.failures("RATE_LIMIT")).isNaN();
        assertThat(pool.circuit()).isNaN();
    }

    @Test
    void showsNamesAsTheyAreWritten() throws Exception {
        assertThat(pool("http://gpu-box:8188").name()).isEqualTo("http://gpu-box:8188");
        assertThat(new Pool(server, new ObjectName("org.genaiconnector:type=ConnectionFactory,name=a,instance=2"))
                        .name())
                .isEqualTo("a#2");
    }

    @Test
    void tellsTimesInSeconds() {
        assertThat(Figure.P95.inBaseUnit(1500)).isEqualTo(1.5);
    }

    @Test
    void readsHistograms() throws Exception {
        Pool pool = pool("genai/llm");
        adapter.recorder("genai/llm").succeeded(Duration.ofMillis(300).toNanos());
        adapter.recorder("genai/llm").succeeded(Duration.ofMillis(3).toNanos());
        adapter.recorder("genai/llm").began(Duration.ofHours(1).toNanos());

        assertThat(Times.BOUNDS.stream().map(bound -> (int) pool.within(Times.LATENCY, bound)))
                .containsExactly(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2);
        assertThat(Times.BOUNDS.stream().map(bound -> (int) pool.within(Times.FIRST_TOKEN, bound)))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        assertThat(pool.value(Figure.LATENCY_SUM)).isCloseTo(0.303, within(1e-9));
        assertThat(pool.tracking()).isEqualTo(1);
    }

    @Test
    void readsDeliveries() throws Exception {
        try (DeliveryFigures figures = new DeliveryFigures()) {
            figures.delivered();
            figures.gaveUp();
            Pool deliveries = new Pool(server, new ObjectName("org.genaiconnector:type=Deliveries"));

            assertThat(deliveries.value(Delivery.DELIVERED)).isEqualTo(1);
            assertThat(deliveries.value(Delivery.FAILED)).isZero();
            assertThat(deliveries.value(Delivery.GIVEN_UP)).isEqualTo(1);
            assertThat(deliveries.adapter()).isEqualTo("1");
        }
    }
}
