package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.genaiconnector.ra.comfyui.durable.JobStoreMXBean;
import org.genaiconnector.ra.comfyui.durable.JobStores;
import org.genaiconnector.ra.comfyui.store.StoredState;
import org.genaiconnector.ra.comfyui.store.TestDatabase;
import org.genaiconnector.ra.comfyui.store.TestSource;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.ra.statistics.JobStoreFigures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an administrator sees and does by JMX. */
class JobStoreMXBeanTest {
    private final StoredEnds ends = new StoredEnds(TestDatabase.H2);
    private final TestSource source = ends.connect();
    private final TestInflow inflow = new TestInflow(source);
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private ObjectName name;
    private JobStoreMXBean store;

    JobStoreMXBeanTest() throws SQLException, StoreException {}

    @BeforeEach
    void open() throws Exception {
        ends.subscribe();
        JobStores.of(inflow.adapter).session(TestInflow.STORE, true);
        name = new ObjectName("org.genaiconnector:type=JobStore,name=\"" + TestInflow.STORE + "\"");
        store = JMX.newMXBeanProxy(server, name, JobStoreMXBean.class);
    }

    @AfterEach
    void close() throws Exception {
        inflow.close();
        source.close();
        ends.close();
        assertThat(server.isRegistered(name)).isFalse();
    }

    private String dead() throws Exception {
        String job = ends.end(1).get(0);
        ends.execute("UPDATE genai_delivery SET state = 'DEAD', attempts = 6, reason = 'no room', changed = 1000"
                + " WHERE job_id = '" + job + "'");
        return job;
    }

    @Test
    void showsTheStore() throws Exception {
        dead();
        ends.end(2);
        ends.queue();
        TestInflow.eventually(() -> ends.instances() == 2);

        assertThat(table("Jobs")).isEqualTo(Map.of("COMPLETED", 3L, "QUEUED", 1L));
        assertThat(server.getAttribute(name, "WaitingDeliveries")).isEqualTo(2L);
        assertThat(table("WaitingBySubscription")).isEqualTo(Map.of(TestInflow.SUBSCRIPTION, 2L));
        assertThat(server.getAttribute(name, "DeadDeliveries")).isEqualTo(1L);
        assertThat(table("DeadBySubscription")).isEqualTo(Map.of(TestInflow.SUBSCRIPTION, 1L));
        assertThat(server.getAttribute(name, "InFlight")).isEqualTo(0L);
        assertThat(table("InFlightByBackend")).isEmpty();
        assertThat((double) server.getAttribute(name, "OldestWaitingMillis")).isNotNegative();
        assertThat(server.getAttribute(name, "Instances")).isEqualTo(2L);
        assertThat(server.getAttribute(name, "TakeOvers")).isEqualTo(0L);
        assertThat(JobStoreFigures.STATES)
                .containsExactlyElementsOf(
                        Stream.of(StoredState.values()).map(Enum::name).toList());
    }

    private Map<String, Long> table(String attribute) throws Exception {
        TabularData rows = (TabularData) server.getAttribute(name, attribute);
        return rows.values().stream()
                .map(CompositeData.class::cast)
                .collect(Collectors.toMap(row -> (String) row.get("key"), row -> (Long) row.get("value")));
    }

    @Test
    void deadDeliveriesAreListedRedeliveredAndDiscarded() throws Exception {
        String first = dead();
        String second = dead();

        assertThat(store.dead(1)).hasSize(1);
        assertThat(store.dead(9)).hasSize(2).first().satisfies(delivery -> {
            assertThat(delivery.getSubscription()).isEqualTo(TestInflow.SUBSCRIPTION);
            assertThat(List.of(first, second)).contains(delivery.getJob());
            assertThat(delivery.getAttempts()).isEqualTo(6);
            assertThat(delivery.getReason()).isEqualTo("no room");
            assertThat(delivery.getSince()).isEqualTo("1970-01-01T00:00:01Z");
        });
        assertThat(store.discard(TestInflow.SUBSCRIPTION, second)).isTrue();
        assertThat(store.discard(TestInflow.SUBSCRIPTION, second)).isFalse();
        assertThat(store.redeliver("other", first)).isFalse();
        inflow.activate();
        assertThat(store.redeliver(TestInflow.SUBSCRIPTION, first)).isTrue();
        TestInflow.eventually(() -> ends.left() == 0);
        assertThat(inflow.bean.calls(first)).hasSize(1);
    }

    @Test
    void aSubscriptionIsDeletedWithWhatWaitsInIt() throws Exception {
        ends.end(2);

        assertThat(store.unsubscribe(TestInflow.SUBSCRIPTION)).isTrue();

        assertThat(store.unsubscribe(TestInflow.SUBSCRIPTION)).isFalse();
        assertThat(ends.left()).isZero();
    }

    @Test
    void jobsAreCancelledQueuedAgainAndPurged() throws Exception {
        inflow.activate();
        String job = ends.queue();

        assertThat(store.cancel(job)).isTrue();
        TestInflow.eventually(() -> inflow.bean.calls(job).size() == 1);
        assertThat(inflow.bean.calls(job).get(0).method()).isEqualTo("onCancelled");
        assertThat(store.cancel(job)).isFalse();
        assertThat(store.requeue(job)).isTrue();
        assertThat(store.requeue(job)).isFalse();
        ends.endQueued();
        TestInflow.eventually(() -> inflow.bean.calls(job).size() == 2 && ends.left() == 0);
        ends.execute("UPDATE genai_job SET ended = 1");
        assertThat(store.purge()).isBetween(0, 1); // the adapter purges, too, some time after its start
        assertThat(ends.store().jobs().find(job)).isEmpty();
    }

    @Test
    void saysWhatTheDatabaseSaysIfThatFails() {
        source.down(true);

        assertThatThrownBy(() -> store.dead(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Job store jdbc/jobs, ")
                .hasMessageEndingWith("connection refused");
        assertThatThrownBy(() -> server.getAttribute(name, "Jobs"))
                .isInstanceOf(RuntimeMBeanException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasStackTraceContaining("connection refused");
    }
}
