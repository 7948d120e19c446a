package org.genaiconnector.storyboard.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reading a server's own figures, from MBeans as Payara Server has them. */
class ContainerFiguresTest {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private ObjectName registered;

    /** A figure with its extremes. */
    public record Range(long current, long highWaterMark, long lowWatermark, String unit) {}

    /** A figure. */
    public record Count(long count, String unit) {}

    /** A pool of Payara, as far as it matters here; attributes are in lower case there. */
    public interface PoolMXBean {
        Range getnumconnused();

        Count getnumconntimedout();
    }

    @AfterEach
    void unregister() throws Exception {
        if (registered != null) {
            server.unregisterMBean(registered);
        }
    }

    private void register(String name) throws Exception {
        PoolMXBean pool = new PoolMXBean() {
            @Override
            public Range getnumconnused() {
                return new Range(3, 5, 1, "count");
            }

            @Override
            public Count getnumconntimedout() {
                return new Count(2, "count");
            }
        };
        registered = new ObjectName("amx:pp=/mon/server-mon[server],type=connector-connection-pool-mon,name=" + name);
        server.registerMBean(new javax.management.StandardMBean(pool, PoolMXBean.class, true), registered);
    }

    @Test
    void readsWhatTheServerShowsOfThePool() throws Exception {
        register("resources/genai/llm");

        assertThat(ContainerFigures.of("genai/llm")).hasValueSatisfying(figures -> {
            assertThat(figures.getInt("activeConnections")).isEqualTo(3);
            assertThat(figures.getInt("peakConnections")).isEqualTo(5);
            assertThat(figures.getInt("timedOutCallers")).isEqualTo(2);
            assertThat(figures).as("what the server does not have").doesNotContainKey("suspectedLeaks");
        });
    }

    @Test
    void readsNamesThatJmxQuotes() throws Exception {
        register(ObjectName.quote("resources/a=b,c"));

        assertThat(ContainerFigures.of("a=b,c")).isPresent();
    }

    @Test
    void hasNothingOfOtherPoolsOrWithoutMonitoring() throws Exception {
        assertThat(ContainerFigures.of("genai/llm")).isEmpty();

        register("connector-service/genai-connector/genai/llm");

        assertThat(ContainerFigures.of("genai/llm")).isEmpty();
    }
}
