package org.genaiconnector.ra.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.connection.TestConnections;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The figures as management tools read them, through the platform's MBean server. */
class ManagementTest {
    private final MBeanServer jmx = ManagementFactory.getPlatformMBeanServer();
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final List<LlmConnectionFactory> held = new ArrayList<>();
    private LlmSimulator server;

    @BeforeEach
    void start() {
        server = LlmSimulator.start();
        adapter.start(new TestContainer());
    }

    @AfterEach
    void stop() {
        adapter.stop();
        server.close();
    }

    private LlmConnectionFactory factory(GenAiResourceAdapter owner, String poolName) {
        LlmManagedConnectionFactory managed = TestConnections.llm(server);
        managed.setResourceAdapter(owner);
        managed.setPoolName(poolName);
        held.add(TestConnections.factory(managed, new TestPool(4)));
        return held.get(held.size() - 1);
    }

    /** One success and one failure, and one connection left in the pool. */
    private void use(LlmConnectionFactory factory) throws Exception {
        try (LlmConnection connection = factory.getConnection()) {
            connection.chat(ChatRequest.of("Hi"));
            server.faults().next(Fault.status(429));
            assertThat(TestConnections.chat(connection)).isEqualTo(FailureCategory.RATE_LIMIT);
        }
    }

    private static ObjectName name(String poolName) throws Exception {
        return new ObjectName("org.genaiconnector:type=ConnectionFactory,name=" + ObjectName.quote(poolName));
    }

    private static ObjectName total() throws Exception {
        return new ObjectName("org.genaiconnector:type=Total");
    }

    private Set<ObjectName> names() throws Exception {
        return jmx.queryNames(new ObjectName("org.genaiconnector:*"), null);
    }

    private long figure(ObjectName bean, String attribute) throws Exception {
        return ((Number) jmx.getAttribute(bean, attribute)).longValue();
    }

    @Test
    void describesEveryAttributeAndOperation() throws Exception {
        use(factory(adapter, "described"));
        for (ObjectName bean : List.of(name("described"), total())) {
            MBeanInfo info = jmx.getMBeanInfo(bean);
            assertThat(info.getDescription()).isNotBlank();
            assertThat(info.getAttributes()).hasSizeGreaterThan(20).allSatisfy(attribute -> {
                assertThat(attribute.getDescription()).as(attribute.getName()).contains(" ");
                assertThat(attribute.isWritable()).isFalse();
                assertThat(jmx.getAttribute(bean, attribute.getName()))
                        .as(attribute.getName())
                        .isNotNull();
            });
            assertThat(info.getOperations()).singleElement().satisfies(operation -> {
                assertThat(operation.getName()).isEqualTo("reset");
                assertThat(operation.getDescription()).contains(" ");
            });
        }
    }

    @Test
    void showsWhatTheClientApiShows() throws Exception {
        LlmConnectionFactory factory = factory(adapter, "same");
        use(factory);
        ConnectionStatistics figures = factory.statistics();
        ObjectName bean = name("same");
        assertThat(jmx.getAttribute(bean, "Name")).isEqualTo("same").isEqualTo(figures.name());
        assertThat(figure(bean, "TotalConnections"))
                .isEqualTo(1)
                .isEqualTo(figures.connections().total());
        assertThat(figure(bean, "ActiveConnections")).isZero();
        assertThat(figure(bean, "IdleConnections")).isEqualTo(1);
        assertThat(figure(bean, "PeakConnections")).isEqualTo(1);
        assertThat(figure(bean, "CreatedConnections")).isEqualTo(1);
        assertThat(figure(bean, "DestroyedConnections")).isZero();
        assertThat(figure(bean, "BorrowedConnections")).isEqualTo(1);
        assertThat(figure(bean, "RefusedConnections")).isZero();
        assertThat(figure(bean, "TotalRequests")).isEqualTo(2);
        assertThat(figure(bean, "SuccessfulRequests")).isEqualTo(1);
        assertThat(figure(bean, "FailedRequests")).isEqualTo(1);
        assertThat((Double) jmx.getAttribute(bean, "SuccessRate")).isEqualTo(0.5);
        assertThat(figure(bean, "InputTokens"))
                .isPositive()
                .isEqualTo(figures.tokens().input());
        assertThat(figure(bean, "OutputTokens"))
                .isPositive()
                .isEqualTo(figures.tokens().output());
        assertThat((Double) jmx.getAttribute(bean, "LongestLatencyMillis"))
                .isPositive()
                .isEqualTo(figures.requests().latency().longest().toNanos() / 1e6);
        TabularData failures = (TabularData) jmx.getAttribute(bean, "FailuresByCategory");
        assertThat(failures.get(new Object[] {"RATE_LIMIT"}).get("value")).isEqualTo(1L);
        assertThat(jmx.getAttribute(bean, "Circuit")).isEqualTo("CLOSED");
    }

    @Test
    void totalsAreTheSumsOfAllFactories() throws Exception {
        List<ObjectName> beans = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            LlmConnectionFactory factory = factory(adapter, "part " + i);
            for (int times = 0; times <= i; times++) {
                use(factory);
            }
            beans.add(name("part " + i));
        }
        List<String> sums = Arrays.stream(jmx.getMBeanInfo(total()).getAttributes())
                .filter(attribute -> attribute.getType().equals("long"))
                .map(MBeanAttributeInfo::getName)
                .toList();
        assertThat(sums).contains("TotalRequests", "InputTokens", "IdleConnections");
        for (String attribute : sums) {
            long sum = 0;
            for (ObjectName bean : beans) {
                sum += figure(bean, attribute);
            }
            assertThat(figure(total(), attribute)).as(attribute).isEqualTo(sum);
        }
        assertThat(figure(total(), "TotalRequests")).isEqualTo(12);
        assertThat((Double) jmx.getAttribute(total(), "SuccessRate")).isEqualTo(0.5);
        TabularData failures = (TabularData) jmx.getAttribute(total(), "FailuresByCategory");
        assertThat(failures.get(new Object[] {"RATE_LIMIT"}).get("value")).isEqualTo(6L);
        TabularData latency = (TabularData) jmx.getAttribute(total(), "LatencyBuckets");
        assertThat(latency.get(new Object[] {"+Inf"}).get("value")).isEqualTo(12L);
        assertThat((Double) jmx.getAttribute(total(), "LatencySumMillis")).isPositive();
    }

    @Test
    void resetsOneFactoryOrAll() throws Exception {
        LlmConnectionFactory one = factory(adapter, "one");
        LlmConnectionFactory other = factory(adapter, "other");
        use(one);
        use(other);
        jmx.invoke(name("one"), "reset", null, null);
        assertThat(one.statistics().requests().total()).isZero();
        assertThat(other.statistics().requests().total()).isEqualTo(2);
        assertThat(figure(total(), "TotalRequests")).isEqualTo(2);
        jmx.invoke(total(), "reset", null, null);
        assertThat(other.statistics().requests().total()).isZero();
        assertThat(figure(total(), "TotalRequests")).isZero();
        assertThat(figure(total(), "IdleConnections")).as("what is stays").isEqualTo(2);
    }

    @Test
    void namesAFactoryByItsBackendIfNoPoolNameIsConfigured() throws Exception {
        use(factory(adapter, null));
        assertThat(jmx.isRegistered(name("LLM service (OPENAI) at " + server.openAiUri())))
                .isTrue();
    }

    @Test
    void takesAnyPoolName() throws Exception {
        for (String poolName : List.of("a,b=c", "quote\" and \\ backslash", "wild * card ?", "new\nline", "ä 猫")) {
            use(factory(adapter, poolName));
            assertThat(jmx.getAttribute(name(poolName), "Name")).isEqualTo(poolName);
        }
    }

    @Test
    void aReconfiguredFactoryContinuesWithTheFiguresOfItsName() throws Exception {
        LlmConnectionFactory before = factory(adapter, "reconfigured");
        use(before);
        LlmConnectionFactory after = factory(adapter, "reconfigured");
        use(after);
        assertThat(figure(name("reconfigured"), "TotalRequests")).isEqualTo(4);
        assertThat(after.statistics()).isEqualTo(before.statistics());
    }

    @Test
    void figuresEndWithTheFactoriesOfAnUndeployedApplication() throws Exception {
        use(factory(adapter, "staying"));
        use(factory(adapter, "undeployed"));
        assertThat(jmx.isRegistered(name("undeployed"))).isTrue();

        held.remove(1);

        Eventually.holds("the figures are gone", () -> {
            System.gc();
            figure(name("staying"), "TotalRequests");
            return !jmx.isRegistered(name("undeployed"));
        });
        assertThat(figure(name("staying"), "TotalRequests")).isEqualTo(2);
        assertThat(figure(total(), "TotalRequests")).isEqualTo(2);
    }

    @Test
    void twoAdaptersInOneApplicationServerHaveNamesOfTheirOwn() throws Exception {
        GenAiResourceAdapter second = new GenAiResourceAdapter();
        second.start(new TestContainer());
        try {
            use(factory(adapter, "twice"));
            LlmConnectionFactory ofSecond = factory(second, "twice");
            use(ofSecond);
            use(ofSecond);
            assertThat(names()).hasSize(4);
            ObjectName other = new ObjectName(name("twice") + ",instance=2");
            assertThat(figure(name("twice"), "TotalRequests")).isEqualTo(2);
            assertThat(figure(other, "TotalRequests")).isEqualTo(4);
            assertThat(figure(new ObjectName(total() + ",instance=2"), "TotalRequests"))
                    .isEqualTo(4);
            adapter.stop();
            assertThat(names()).containsExactlyInAnyOrder(other, new ObjectName(total() + ",instance=2"));
        } finally {
            second.stop();
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void figuresOutsideAnApplicationServerHaveNoMXBean() throws Exception {
        LlmConnectionFactory factory = factory(null, "unmanaged");
        use(factory);
        assertThat(factory.statistics().requests().total()).isEqualTo(2);
        assertThat(factory.statistics().requests().failuresByCategory())
                .isEqualTo(Map.of(FailureCategory.RATE_LIMIT, 1L));
        assertThat(names()).isEmpty();
    }
}
