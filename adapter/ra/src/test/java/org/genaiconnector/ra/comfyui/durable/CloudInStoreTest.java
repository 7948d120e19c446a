package org.genaiconnector.ra.comfyui.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.cloud.CloudSimulator;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A job store in front of Comfy Cloud, which gives jobs ids of its own. */
@Timeout(60)
class CloudInStoreTest extends DurableTest {
    private static final Match SUBMIT = Match.path("/api/v2/jobs").and(Match.method("POST"));

    private final CloudSimulator cloud = CloudSimulator.start(ComfyUiSimulator.Builder::labNodes);

    @AfterEach
    void stopCloud() {
        cloud.close();
    }

    private Instance cloudInstance() {
        return instance(made -> {
            made.managed.setServerUrl(cloud.uri().toString());
            made.managed.setDialect("CLOUD");
            made.managed.setApiKey(CloudSimulator.KEY);
        });
    }

    @Test
    void bringsAJobToItsEndUnderItsOwnId() throws Exception {
        Instance server = cloudInstance();
        server.transactions.begin();
        Job job = server.queue(picture(1));
        assertThat(cloud.jobs()).isZero();
        server.transactions.end();

        JobStatus end = server.await(job);

        assertThat(end.id()).isEqualTo(job.id());
        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(server.find(job)).contains(end);
        try (ComfyUiConnection connection = server.factory.getConnection();
                Download download = connection.download(end.files().get(0))) {
            assertThat(download.content().readAllBytes()).startsWith(0x89, 'P', 'N', 'G');
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "slow", matches = "true", disabledReason = "waits for a lease: -Dslow=true")
    void goesOnWithTheJobsOfAnInstanceThatDied() throws Exception {
        Instance dying = cloudInstance();
        Job job = dying.queue(steps(Duration.ofSeconds(2), 2));
        Eventually.holds("the job runs", () -> dying.find(job).orElseThrow().state() == JobState.RUNNING);
        dying.killLongAgo();

        Instance next = cloudInstance();

        JobStatus end = next.await(job);
        assertThat(end.id()).isEqualTo(job.id());
        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(cloud.jobs()).isEqualTo(1);
    }

    @Test
    void neverSendsAJobTwiceThatMayRun() throws Exception {
        cloud.faults().next(SUBMIT, Fault.loseAnswer());
        Instance server = cloudInstance();

        Job job = server.queue(picture(3));

        assertThat(server.await(job).state()).isEqualTo(JobState.LOST);
        assertThat(cloud.jobs()).isEqualTo(1);
    }
}
