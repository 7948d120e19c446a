package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.testkit.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What administrators see of targets, and switch. */
class TargetsBeanTest {
    private static final MBeanServer JMX_SERVER = ManagementFactory.getPlatformMBeanServer();

    private final TargetServers servers = new TargetServers(2);
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private ObjectName name;
    private TargetsMXBean bean;
    private LlmConnection connection;

    @BeforeEach
    void start() throws Exception {
        name = new ObjectName("org.genaiconnector:type=Targets,name=\"writers\"");
        adapter.start(new TestContainer());
        connection = SimulatedLlm.connection(factory());
        bean = JMX.newMXBeanProxy(JMX_SERVER, name, TargetsMXBean.class);
    }

    private LlmManagedConnectionFactory factory() {
        LlmManagedConnectionFactory managed = servers.factory(
                "",
                ", \"prices\": {\"date\": \"2026-11-30\", \"source\": \"a test\", \"models\": {"
                        + "\"a/tiny\": {\"input\": 1000, \"output\": 1000}, \"b/tiny\": {\"input\": 0, \"output\": 0}}},"
                        + " \"limits\": [{\"per\": \"caller\", \"requestsPerMinute\": 4}], \"maxWaitMillis\": 0");
        managed.setResourceAdapter(adapter);
        managed.setPoolName("writers");
        return managed;
    }

    @AfterEach
    void stop() {
        connection.close();
        adapter.stop();
        servers.close();
    }

    private long figure(String attribute, String key) throws Exception {
        CompositeData row = ((TabularData) JMX_SERVER.getAttribute(name, attribute)).get(new Object[] {key});
        return (Long) row.get("value");
    }

    private void chat(String caller) throws GenAiException {
        connection.chat(ChatRequest.builder().user("Hi").caller(caller).build());
    }

    @Test
    void showsWhoHasUsedWhat() throws Exception {
        chat("alice");
        chat("alice");
        servers.server(0).faults().always(Fault.status(503));
        chat("bob");

        assertThat(bean.usage())
                .extracting(UsageRow::getCaller, UsageRow::getTarget, UsageRow::getCalls, UsageRow::getFailures)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("alice", "a", 2L, 0L),
                        org.assertj.core.groups.Tuple.tuple("bob", "a", 0L, 1L),
                        org.assertj.core.groups.Tuple.tuple("bob", "b", 1L, 0L));
        UsageRow alice = bean.usage().stream()
                .filter(row -> row.getCaller().equals("alice"))
                .findFirst()
                .orElseThrow();
        long tokens = alice.getInputTokens() + alice.getOutputTokens();
        assertThat(Double.parseDouble(alice.getCost().replace(" USD", ""))).isEqualTo(tokens / 1000.0);
        assertThat(figure("TargetCostMicros", "a")).isEqualTo(tokens * 1000);
        assertThat(figure("TargetCalls", "b")).isEqualTo(1);
        assertThat(figure("TargetFailures", "a")).isEqualTo(1);

        bean.resetUsage();
        assertThat(bean.usage()).isEmpty();
    }

    @Test
    void showsWhatLimitsHaveCounted() throws Exception {
        for (int i = 0; i < 3; i++) {
            chat("alice");
        }
        chat("bob");
        assertThat(bean.limits())
                .extracting(LimitRow::getScope, LimitRow::getName, LimitRow::getMeasure, LimitRow::getUsed)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("caller", "alice", "requestsPerMinute", "3"),
                        org.assertj.core.groups.Tuple.tuple("caller", "bob", "requestsPerMinute", "1"));
        assertThat(figure("LimitUsedPercent", "caller requestsPerMinute")).isEqualTo(75);
        chat("alice");
        assertThatThrownBy(() -> chat("alice"))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.RATE_LIMIT));
        assertThat(figure("LimitRefused", "caller requestsPerMinute")).isEqualTo(1);
    }

    /** Two pools with the same targets have one limit together. */
    @Test
    void factoriesWithTheSameTargetsShareTheirLimits() throws Exception {
        for (int i = 0; i < 4; i++) {
            chat("alice");
        }
        LlmManagedConnectionFactory other = factory();
        other.setPoolName("painters");
        try (LlmConnection second = SimulatedLlm.connection(other)) {
            assertThatThrownBy(() -> second.chat(
                            ChatRequest.builder().user("Hi").caller("alice").build()))
                    .hasMessageContaining("requestsPerMinute for caller alice is used up");
        }
    }

    @Test
    void switchesTargetsOffAndOn() throws Exception {
        bean.switchOff("a");
        assertThat(states()).containsExactly("a OFF", "b ON");
        assertThat(figure("TargetOn", "a")).isZero();
        assertThat(connection.chat("Hi").routing().orElseThrow().target()).isEqualTo("b");
        assertThat(servers.chats(0)).isZero();

        bean.switchOn("a");
        assertThat(connection.chat("Hi").routing().orElseThrow().target()).isEqualTo("a");
        assertThatThrownBy(() -> bean.switchOff("c")).hasMessageContaining("There is no target c; there are a, b");
    }

    private List<String> states() {
        return bean.targets().stream()
                .map(row -> row.getName() + " " + row.getState())
                .toList();
    }

    @Test
    void goesWithTheAdapter() {
        adapter.stop();
        assertThat(JMX_SERVER.isRegistered(name)).isFalse();
    }
}
