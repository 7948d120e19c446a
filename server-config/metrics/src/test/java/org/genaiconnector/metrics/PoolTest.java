package org.genaiconnector.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.genaiconnector.ra.statistics.StatisticsRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reading the adapter's own MXBeans. */
class PoolTest {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final StatisticsRegistry adapter = new StatisticsRegistry();

    @AfterEach
    void close() {
        adapter.close();
    }

    private Pool pool(String name) throws Exception {
        adapter.recorder(name);
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
}
