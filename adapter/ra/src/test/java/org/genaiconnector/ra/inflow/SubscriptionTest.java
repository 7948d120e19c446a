package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.comfyui.store.TestDatabase;
import org.genaiconnector.ra.comfyui.store.TestSource;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Durable subscriptions of beans, on one or more application servers. */
class SubscriptionTest {
    private final StoredEnds ends = new StoredEnds(TestDatabase.H2);
    private final List<TestInflow> servers = new ArrayList<>();
    private final List<TestSource> sources = new ArrayList<>();
    private final CapturedLog log = CapturedLog.of(Subscription.class);

    SubscriptionTest() throws SQLException, StoreException {}

    @AfterEach
    void close() throws Exception {
        log.close();
        for (TestInflow server : servers) {
            server.close();
        }
        for (TestSource source : sources) {
            source.close();
        }
        ends.close();
    }

    /** Another application server, whose bean writes what it takes. */
    private TestInflow server() {
        TestSource source = ends.connect();
        sources.add(source);
        TestInflow server = new TestInflow(source);
        servers.add(server);
        server.bean.behave(call -> StoredEnds.write(source, call));
        return server;
    }

    private TestSource sourceOf(TestInflow server) {
        return sources.get(servers.indexOf(server));
    }

    private void awaitAllTaken() throws Exception {
        TestInflow.eventually(() -> ends.left() == 0);
    }

    private void awaitDeliveries(String... expected) throws Exception {
        TestInflow.eventually(() -> ends.deliveries().equals(List.of(expected)));
    }

    private void assertTakenOnce(List<String> jobs) throws SQLException {
        assertThat(ends.written()).containsExactlyInAnyOrderElementsOf(jobs);
    }

    @Test
    void anEndIsAcknowledgedInTheTransactionOfTheBean() throws Exception {
        ends.subscribe();
        TestInflow server = server();
        List<Integer> leftAtCommit = new ArrayList<>();
        server.transactions.afterCommit(() -> leftAtCommit.add(left()));
        server.activate();

        List<String> jobs = ends.end(1);

        awaitAllTaken();
        assertTakenOnce(jobs);
        assertThat(leftAtCommit).containsExactly(0);
        TestBean.Call call = server.bean.calls().get(0);
        assertThat(call.method()).isEqualTo("onCompleted");
        assertThat(call.event().id()).isEqualTo(jobs.get(0) + ":end");
        assertThat(call.event().server()).isEqualTo(TestInflow.SERVER);
        assertThat(call.event().isRedelivered()).isFalse();
    }

    private int left() {
        try {
            return ends.left();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void endsOfTheTimeWithoutABeanWaitForTheNextOneAnywhere() throws Exception {
        TestInflow first = server();
        first.activate();
        TestInflow.eventually(() -> !ends.subscriptions().isEmpty());
        List<String> jobs = new ArrayList<>(ends.end(1));
        TestInflow.eventually(() -> ends.left() == 0 && !ends.written().isEmpty());
        first.deactivate();

        jobs.addAll(ends.end(3));
        server().activate();

        awaitAllTaken();
        assertTakenOnce(jobs);
        assertThat(servers.get(1).bean.calls())
                .hasSize(3)
                .noneMatch(call -> call.event().isRedelivered());
    }

    @Test
    void aRollbackIsRedeliveredAndNothingOfItIsLeft() throws Exception {
        ends.subscribe();
        TestInflow server = server();
        server.bean.behave(call -> {
            StoredEnds.write(sourceOf(server), call);
            if (call.event().delivery() == 1) {
                server.transactions.setRollbackOnly();
            } else if (call.event().delivery() == 2) {
                throw new IllegalStateException("not yet");
            }
        });
        server.activate();

        List<String> jobs = ends.end(1);

        awaitAllTaken();
        assertTakenOnce(jobs);
        assertThat(server.bean.calls())
                .extracting(call -> call.event().delivery())
                .containsExactly(1, 2, 3);
        assertThat(server.bean.calls()).extracting(call -> call.event().id()).containsOnly(jobs.get(0) + ":end");
    }

    @Test
    void aRedeliveryWaitsForItsDelay() throws Exception {
        ends.subscribe();
        TestInflow server = server().with(spec -> spec.setRedeliveryDelayMillis(3_600_000));
        server.bean.behave(call -> {
            throw new IllegalStateException("always");
        });
        server.activate();
        ends.end(1);

        awaitDeliveries("WAITING 1");
        List<String> other = ends.end(1);
        awaitDeliveries("WAITING 1", "WAITING 1");
        assertThat(server.bean.calls()).hasSize(2);
        assertThat(server.bean.calls().get(1).jobId()).isEqualTo(other.get(0));
        server.bean.behave(call -> StoredEnds.write(sourceOf(server), call));
        ends.execute("UPDATE genai_delivery SET due = 0");
        awaitAllTaken();
    }

    @Test
    @Produces(OperatorMessage.DELIVERY_DEAD)
    void anEndThatNoBeanTakesIsKeptAsDeadUntilSomebodyWantsItAgain() throws Exception {
        ends.subscribe();
        TestInflow server = server().with(spec -> spec.setRedeliveryAttempts(1));
        List<String> bad = ends.end(1);
        server.bean.behave(call -> {
            if (call.jobId().equals(bad.get(0))) {
                throw new IllegalStateException("always\u0000");
            }
        });
        server.activate();
        ends.end(1);

        awaitDeliveries("DEAD 2");
        TestInflow.eventually(() -> !log.records().isEmpty());
        assertThat(log.messages().get(0)).contains(bad.get(0), TestInflow.SUBSCRIPTION, TestInflow.STORE, "always");
        server.bean.behave(call -> StoredEnds.write(sourceOf(server), call));
        assertThat(ends.store().upkeep().redeliver(TestInflow.SUBSCRIPTION, bad.get(0)))
                .isTrue();
        awaitAllTaken();
        assertTakenOnce(bad);
        assertThat(server.bean.calls(bad.get(0)))
                .extracting(call -> call.event().delivery())
                .containsExactly(1, 2, 1);
    }

    @Test
    void anUnavailableBeanLosesNoAttempt() throws Exception {
        ends.subscribe();
        TestInflow server = server();
        server.endpoints.refuse(3);
        server.activate();

        List<String> jobs = ends.end(1);

        awaitAllTaken();
        assertTakenOnce(jobs);
        assertThat(server.bean.calls())
                .extracting(call -> call.event().delivery())
                .containsExactly(1);
    }

    @Test
    void whatAnUnavailableBeanCannotTakeGoesToAnother() throws Exception {
        ends.subscribe();
        TestInflow unavailable = server();
        unavailable.endpoints.refuse(Integer.MAX_VALUE);
        unavailable.activate();
        List<String> jobs = ends.end(10);
        TestInflow.eventually(() -> !unavailable.endpoints.steps().isEmpty());

        server().activate();

        awaitAllTaken();
        assertTakenOnce(jobs);
    }

    @Test
    @Produces({OperatorMessage.JOB_STORE_FAILED, OperatorMessage.JOB_STORE_WORKS})
    void aStoreThatFailsOnlyDelaysDeliveries() throws Exception {
        ends.subscribe();
        TestInflow server = server();
        server.activate();
        List<String> jobs = new ArrayList<>(ends.end(1));
        awaitAllTaken();
        String health = "org.genaiconnector.ra.comfyui.durable.StoreHealth";
        try (CapturedLog failures = CapturedLog.of(health)) {
            sourceOf(server).down(true);
            jobs.addAll(ends.end(2));
            TestInflow.eventually(() -> !failures.records().isEmpty());
            sourceOf(server).down(false);
            awaitAllTaken();
            TestInflow.eventually(() -> failures.records().size() >= 2);
            assertThat(failures.messages())
                    .extracting(message -> message.substring(0, 10))
                    .startsWith("GENAI-1601", "GENAI-1602");
        }
        assertTakenOnce(jobs);
    }

    @Test
    void aStoreThatIsNotThereYetIsFoundLater() throws Exception {
        ends.subscribe();
        List<String> jobs = ends.end(1);
        TestInflow server = server();
        sourceOf(server).bound(false);
        server.activate();
        TestInflow.eventually(() -> server.container.works() >= 3);

        sourceOf(server).bound(true);

        awaitAllTaken();
        assertTakenOnce(jobs);
    }

    @Test
    void whatBecameOfAnEndIsWrittenWhenTheStoreIsBack() throws Exception {
        ends.subscribe();
        TestInflow server = server();
        server.bean.behave(call -> {
            if (call.event().delivery() == 1) {
                sourceOf(server).down(true);
                throw new IllegalStateException("with the database");
            }
            StoredEnds.write(sourceOf(server), call);
        });
        server.activate();
        List<String> jobs = ends.end(1);
        TestInflow.eventually(() -> server.endpoints.steps().contains("release"));

        sourceOf(server).down(false);

        awaitAllTaken();
        assertTakenOnce(jobs);
        assertThat(server.bean.calls())
                .extracting(call -> call.event().delivery())
                .containsExactly(1, 2);
    }

    @Test
    void severalServersShareASubscription() throws Exception {
        ends.subscribe();
        for (int i = 0; i < 3; i++) {
            server().with(spec -> spec.setMaxConcurrency(2)).activate();
        }

        List<String> jobs = ends.end(60);

        awaitAllTaken();
        assertTakenOnce(jobs);
        assertThat(servers).allSatisfy(each -> assertThat(each.bean.calls()).isNotEmpty());
        assertThat(servers)
                .allSatisfy(each -> assertThat(each.bean.mostAtOnce()).isLessThanOrEqualTo(2));
    }

    @Test
    void twoBeansOfOneServerShareASubscription() throws Exception {
        ends.subscribe();
        TestInflow server = server();
        TestBean other = new TestBean();
        other.behave(call -> StoredEnds.write(sourceOf(server), call));
        ComfyUiActivationSpec spec = new ComfyUiActivationSpec();
        spec.setSubscription(TestInflow.SUBSCRIPTION);
        TestEndpoints endpoints = new TestEndpoints(other, server.transactions);
        server.activate();
        server.adapter.endpointActivation(endpoints, spec);

        List<String> jobs = ends.end(40);

        awaitAllTaken();
        assertTakenOnce(jobs);
        assertThat(server.bean.calls()).isNotEmpty();
        assertThat(other.calls()).isNotEmpty();
        server.adapter.endpointDeactivation(endpoints, spec);
        assertThat(endpoints.violations()).isEmpty();
    }

    @Test
    @Produces(OperatorMessage.SUBSCRIPTION_AMBIGUOUS)
    void beansThatShareASubscriptionAndSelectDifferentJobsAreReported() throws Exception {
        TestInflow server = server();
        server.activate();
        ComfyUiActivationSpec spec = new ComfyUiActivationSpec();
        spec.setSubscription(TestInflow.SUBSCRIPTION);
        spec.setTag("other");

        server.adapter.endpointActivation(new TestEndpoints(server.bean, server.transactions), spec);

        TestInflow.eventually(() -> !ends.subscriptions().isEmpty());
    }

    @Test
    void noMoreThanMaxConcurrencyAtATime() throws Exception {
        ends.subscribe();
        List<String> jobs = ends.end(9);
        TestInflow server = server().with(spec -> spec.setMaxConcurrency(3));
        server.bean.hold(jobs.toArray(String[]::new));
        server.activate();

        TestInflow.eventually(() -> server.bean.calls().size() == 3);
        assertThat(ends.deliveries()).filteredOn("WAITING 0"::equals).hasSize(6);
        server.bean.letGo();
        awaitAllTaken();
        assertTakenOnce(jobs);
        assertThat(server.bean.mostAtOnce()).isEqualTo(3);
    }

    @Test
    @Produces(OperatorMessage.SUBSCRIPTION_NOT_IN_TRANSACTION)
    void withoutItsDataSourceInTheTransactionAnEndIsAcknowledgedAfterwards() throws Exception {
        ends.subscribe();
        TestInflow server = server();
        sourceOf(server).enlists(false);
        List<Integer> leftAtCommit = new ArrayList<>();
        server.transactions.afterCommit(() -> leftAtCommit.add(left()));
        server.bean.behave(call -> {});
        ends.end(2);

        server.with(spec -> spec.setMaxConcurrency(1)).activate();

        awaitAllTaken();
        assertThat(leftAtCommit).containsExactly(2, 1);
        assertThat(log.records()).hasSize(1);
    }

    @Test
    void withoutATransactionAnEndIsAcknowledgedAfterTheBean() throws Exception {
        ends.subscribe();
        TestInflow server = server();
        TestEndpoints plain = new TestEndpoints(server.bean, null);
        server.adapter.endpointActivation(plain, server.spec);

        List<String> jobs = ends.end(3);

        awaitAllTaken();
        assertTakenOnce(jobs);
        assertThat(log.records()).isEmpty();
        server.adapter.endpointDeactivation(plain, server.spec);
    }

    @Test
    void aServerThatHasLostItsLeaseDoesNothingTwice() throws Exception {
        ends.subscribe();
        TestInflow slow = server();
        List<String> jobs = ends.end(1);
        slow.bean.hold(jobs.get(0));
        slow.activate();
        TestInflow.eventually(() -> slow.bean.calls().size() == 1);
        sourceOf(slow).down(true); // it can do nothing meanwhile, as if it were suspended
        ends.expireLeases();
        server().activate();
        awaitAllTaken();
        assertTakenOnce(jobs);

        sourceOf(slow).down(false);
        slow.bean.letGo();

        TestInflow.eventually(() -> slow.endpoints.steps().contains("release"));
        assertTakenOnce(jobs);
        assertThat(servers.get(1).bean.calls())
                .extracting(call -> call.event().delivery())
                .containsExactly(2);
    }

    @Test
    void aServerThatRegainsItsLeaseDeliversAgainAfterTheVoidAttempt() throws Exception {
        ends.subscribe();
        List<String> jobs = ends.end(1);
        TestInflow server = server();
        server.bean.hold(jobs.get(0));
        server.activate();
        TestInflow.eventually(() -> server.bean.calls().size() == 1);

        ends.expireLeases();
        awaitDeliveries("DELIVERING 2");
        server.bean.letGo();

        awaitAllTaken();
        assertTakenOnce(jobs);
        assertThat(server.bean.calls())
                .extracting(call -> call.event().delivery())
                .containsExactly(1, 2);
        assertThat(server.bean.overlaps()).isZero();
    }

    @Test
    void undeploymentReleasesWhatWasNotAttempted() throws Exception {
        ends.subscribe();
        TestInflow server = server();
        server.endpoints.refuse(Integer.MAX_VALUE);
        server.activate();
        ends.end(3);
        TestInflow.eventually(() -> server.endpoints.steps().size() > 3);

        server.deactivate();

        awaitDeliveries("WAITING 0", "WAITING 0", "WAITING 0");
    }

    @Test
    void aBeanThatIsBusyWhileItIsUndeployedStillCounts() throws Exception {
        ends.subscribe();
        List<String> jobs = ends.end(2);
        TestInflow server = server().with(spec -> spec.setMaxConcurrency(2));
        server.bean.hold(jobs.toArray(String[]::new));
        server.activate();
        TestInflow.eventually(() -> server.bean.calls().size() == 2);

        Thread undeployment = new Thread(server::deactivate);
        undeployment.start();
        TestInflow.eventually(() -> undeployment.getState() == Thread.State.TIMED_WAITING);
        server.bean.letGo();
        undeployment.join();

        awaitAllTaken();
        assertTakenOnce(jobs);
    }

    @Test
    void anAdapterThatStopsLeavesItsEndsToOthersAtOnce() throws Exception {
        ends.subscribe();
        List<String> jobs = ends.end(6);
        TestInflow stopping = server().with(spec -> spec.setMaxConcurrency(4));
        stopping.bean.hold(jobs.toArray(String[]::new));
        stopping.activate();
        TestInflow.eventually(() -> stopping.bean.calls().size() == 4);
        server().activate();

        Thread stop = new Thread(stopping.adapter::stop);
        stop.start(); // which waits a while for works
        TestInflow.eventually(() -> new HashSet<>(ends.written()).equals(Set.copyOf(jobs)));
        stopping.bean.letGo();

        stop.join();
        assertThat(stopping.container.awaitIdle(60_000)).isTrue();
        assertTakenOnce(jobs);
    }

    @Test
    void aChangedTagCountsFromTheNextActivationOn() throws Exception {
        TestInflow server = server().with(spec -> spec.setTag("red"));
        server.activate();
        TestInflow.eventually(() -> ends.subscriptions().equals(List.of(TestInflow.SUBSCRIPTION + " red")));
        List<String> taken = new ArrayList<>();
        taken.add(ends.end(Optional.of("red")));
        ends.end(Optional.of("blue"));
        TestInflow.eventually(() -> ends.written().equals(taken));
        server.deactivate();
        taken.add(ends.end(Optional.of("red")));

        server.with(spec -> spec.setTag("blue")).activate();
        TestInflow.eventually(() -> ends.subscriptions().equals(List.of(TestInflow.SUBSCRIPTION + " blue")));
        ends.end(Optional.of("red"));
        taken.add(ends.end(Optional.of("blue")));

        TestInflow.eventually(() -> ends.left() == 0 && ends.written().size() == 3);
        assertTakenOnce(taken);
    }

    @Test
    void progressComesFromThisServerAndEndsFromTheStoreOnly() throws Exception {
        ends.subscribe();
        TestInflow server = server().with(spec -> spec.setEvents("ENDS,PROGRESS"));
        server.bean.behave(call -> {});
        server.activate();
        TestInflow.eventually(() -> {
            server.progress("elsewhere", 1);
            return !server.bean.calls("elsewhere").isEmpty();
        });

        server.end("elsewhere", JobState.COMPLETED);
        List<String> jobs = ends.end(1);

        awaitAllTaken();
        assertThat(server.bean.calls("elsewhere"))
                .extracting(TestBean.Call::method)
                .containsOnly("onProgress");
        assertThat(server.bean.calls(jobs.get(0))).hasSize(1);
    }

    @Test
    void anEndThatKillsItsServerEachTimeIsGivenUpWithoutAnotherAttempt() throws Exception {
        ends.subscribe();
        ends.end(1);
        ends.execute("UPDATE genai_delivery SET attempts = 6");
        TestInflow server = server();

        server.activate();

        awaitDeliveries("DEAD 7");
        TestInflow.eventually(() -> !log.records().isEmpty());
        assertThat(server.bean.calls()).isEmpty();
        assertThat(log.messages().get(0)).contains("application server ended");
    }

    @Test
    void anEndOfAJobThatWasQueuedAgainIsDeliveredAgain() throws Exception {
        ends.subscribe();
        TestInflow server = server();
        server.activate();
        String job = ends.end(1).get(0);
        awaitAllTaken();

        ends.execute("INSERT INTO genai_delivery (subscription, job_id, state, attempts, due, fence, changed)"
                + " VALUES ('mail', '" + job + "', 'WAITING', 0, 0, 0, 0)");

        TestInflow.eventually(() -> ends.written().equals(List.of(job, job)));
    }
}
