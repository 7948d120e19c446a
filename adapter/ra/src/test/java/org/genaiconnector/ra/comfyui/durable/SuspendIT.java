package org.genaiconnector.ra.comfyui.durable;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.Fault;
import org.junit.jupiter.api.Test;

/** An application server is suspended, loses its jobs to another one, and wakes up: it does nothing with them any more. */
class SuspendIT extends DurableTest {

    @Test
    @Produces(OperatorMessage.STRAY_PROMPT)
    void aPromptThatArrivesLateIsCancelled() throws Exception {
        Instance first = instance();
        faults.next(
                request -> {
                    boolean now = PROMPT.test(request);
                    if (now) {
                        first.database.suspend();
                    }
                    return now;
                },
                Fault.delay(Duration.ofSeconds(8)));
        Job job = first.queue(steps(Duration.ofSeconds(10), 1));
        Eventually.holds("it is being sent", () -> first.database.isSuspended());
        Instance second = instance();
        Eventually.holds("the other one has sent it", () -> prompts(1) == 1);
        assertThat(second.find(job).orElseThrow().state()).isIn(JobState.PENDING, JobState.RUNNING);
        Eventually.holds("the first prompt arrives", () -> prompts(1) == 2);
        first.database.resume();

        assertThat(second.await(job).state()).isEqualTo(JobState.COMPLETED);
        assertThat(second.factory.jobs(JobQuery.all()))
                .singleElement()
                .satisfies(stored -> assertThat(stored.attempts()).isEqualTo(1));
    }

    @Test
    void nothingIsSentAfterTheLeaseIsOver() throws Exception {
        Instance first = instance(made -> made.managed.setMaxInFlight(1));
        Job before = first.queue(picture(1));
        first.await(before);
        Instance second = instance(made -> made.managed.setMaxInFlight(1));
        String lost = first.session().instance().orElseThrow();
        first.database.suspend();
        Job job = second.queue(picture(2));
        assertThat(second.await(job).state()).isEqualTo(JobState.COMPLETED);
        Eventually.holds("the other one has taken over", () -> instances(second) == 1);
        assertThat(first.session().instance()).isEmpty();
        first.database.resume();

        Eventually.holds(
                "it is registered anew",
                () -> first.session().instance().filter(id -> !id.equals(lost)).isPresent());
        Job last = first.queue(picture(3));
        assertThat(first.await(last).state()).isEqualTo(JobState.COMPLETED);
        assertThat(prompts()).isEqualTo(3);
    }

    private static long instances(Instance server) throws SQLException {
        try (Connection connection = server.database.connection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM genai_instance")) {
            result.next();
            return result.getLong(1);
        }
    }
}
