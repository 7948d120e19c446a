package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.ManagedConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.ConnectionStatistics.Jobs;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.connection.TestConnections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The factory's statistics of the jobs that were submitted through it. */
@Timeout(60)
class JobFiguresTest {
    private TrackingSetup tracking;

    @BeforeEach
    void start() {
        tracking = TrackingSetup.with(
                TrackingSetup.QUICK, builder -> builder.labNodes().stepDelay(Duration.ZERO));
    }

    @AfterEach
    void stop() {
        tracking.close();
    }

    private Jobs jobs() {
        return tracking.factory.statistics().jobs();
    }

    private static Workflow refused() throws Exception {
        return TrackingSetup.picture(1).with("1.width", 0);
    }

    private static Workflow failing() throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "LabOom", "inputs": {"seed": 1}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
    }

    private Job begun() throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(600, 60, 1));
        tracking.heard.await(() -> jobs().running() == 1, "that it runs");
        return job;
    }

    @Test
    void countsEachJobByItsEnd() throws Exception {
        tracking.heard.awaitEnd(tracking.queue(TrackingSetup.picture(1)).id());
        tracking.heard.awaitEnd(tracking.queue(TrackingSetup.picture(2)).id());
        tracking.heard.awaitEnd(tracking.queue(failing()).id());
        assertThatThrownBy(() -> tracking.queue(refused())).isInstanceOf(WorkflowRejectedException.class);
        Job running = begun();
        Job pending = tracking.queue(TrackingSetup.picture(3));
        assertThat(jobs()).isEqualTo(new Jobs(6, 1, 1, 2, 1, 0, 1, 0));
        tracking.cancel(pending);
        tracking.heard.awaitEnd(pending.id());
        tracking.cancel(running);
        tracking.heard.awaitEnd(running.id());
        assertThat(jobs()).isEqualTo(new Jobs(6, 0, 0, 2, 1, 2, 1, 0));
    }

    @Test
    void countsWhatARestartedServerHasForgottenAsLost() throws Exception {
        begun();
        tracking.queue(TrackingSetup.picture(2));
        tracking.server.restart();
        tracking.heard.awaitEnds(2);
        assertThat(jobs()).isEqualTo(new Jobs(2, 0, 0, 0, 0, 0, 0, 2));
    }

    @Test
    void aResetLeavesWhatIsUnderWayWhichCountsWithItsEnd() throws Exception {
        tracking.heard.awaitEnd(tracking.queue(TrackingSetup.picture(1)).id());
        Job running = begun();
        tracking.queue(TrackingSetup.picture(2));
        tracking.factory.resetStatistics();
        assertThat(jobs()).isEqualTo(new Jobs(0, 1, 1, 0, 0, 0, 0, 0));
        tracking.cancel(running);
        tracking.heard.awaitEnds(3);
        assertThat(jobs()).isEqualTo(new Jobs(0, 0, 0, 1, 0, 1, 0, 0));
    }

    @Test
    void countsTheJobsOfATransactionWhenItIsCommitted() throws Exception {
        ManagedConnection physical = tracking.managed.createManagedConnection(null, null);
        ComfyUiConnection connection = (ComfyUiConnection) physical.getConnection(null, null);
        LocalTransaction transaction = physical.getLocalTransaction();
        transaction.begin();
        connection.queuePrompt(TrackingSetup.picture(1));
        assertThat(jobs().submitted()).as("before the commit").isZero();
        transaction.rollback();
        assertThat(jobs().submitted()).as("rolled back").isZero();
        transaction.begin();
        Job sent = connection.queuePrompt(TrackingSetup.picture(2));
        transaction.commit();
        tracking.heard.awaitEnd(sent.id());
        assertThat(jobs()).isEqualTo(new Jobs(1, 0, 0, 1, 0, 0, 0, 0));
        transaction.begin();
        connection.queuePrompt(refused());
        connection.queuePrompt(TrackingSetup.picture(3));
        assertThatThrownBy(transaction::commit).isInstanceOf(LocalTransactionException.class);
        assertThat(jobs()).as("the second one is never sent").isEqualTo(new Jobs(3, 0, 0, 1, 0, 0, 2, 0));
        physical.destroy();
    }

    @Test
    void everyOneOfManyIsCountedOnceAndEverySnapshotAddsUp() throws Exception {
        AtomicInteger color = new AtomicInteger();
        TestConnections.inThreads(8, () -> {
            for (int i = 0; i < 10; i++) {
                tracking.queue(TrackingSetup.picture(color.incrementAndGet()));
                assertThat(jobs())
                        .satisfies(now -> assertThat(now.submitted())
                                .isPositive()
                                .isEqualTo(now.pending() + now.running() + now.completed()));
            }
            return null;
        });
        tracking.heard.awaitEnds(80);
        assertThat(tracking.heard.outcome()).containsOnlyKeys(JobState.COMPLETED);
        assertThat(jobs()).isEqualTo(new Jobs(80, 0, 0, 80, 0, 0, 0, 0));
    }

    @Test
    void doesNotCountTheJobsOfOthers() throws Exception {
        ComfyUiManagedConnectionFactory other = new ComfyUiManagedConnectionFactory();
        other.setServerUrl(tracking.server.uri().toString());
        other.setPoolName("elsewhere");
        ManagedConnection physical = other.createManagedConnection(null, null);
        Job job = ((ComfyUiConnection) physical.getConnection(null, null)).queuePrompt(TrackingSetup.picture(1));
        assertThat(tracking.factory.awaitJob(job.id(), Duration.ofSeconds(20)).state())
                .isEqualTo(JobState.COMPLETED);
        assertThat(jobs()).isEqualTo(new Jobs(0, 0, 0, 0, 0, 0, 0, 0));
        assertThat(other.statistics().jobs())
                .as("tracked by nobody outside a server")
                .isEqualTo(new Jobs(1, 0, 0, 0, 0, 0, 0, 0));
        physical.destroy();
    }
}
