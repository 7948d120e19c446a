package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputText;
import org.junit.jupiter.api.Test;

class JobListTest {

    private static final URI SERVER = URI.create("http://localhost:8188");

    private final List<String> heard = new ArrayList<>();
    private final JobList list = new JobList(2, 100, new JobList.Listener() {
        @Override
        public void changed(JobSnapshot job) {
            heard.add(job.status().id() + " " + job.status().state());
        }

        @Override
        public void forgotten(String id) {
            heard.add(id + " forgotten");
        }
    });

    private TrackedJob add(String id) {
        return list.findOrAdd(id, SERVER);
    }

    @Test
    void listsTheNewestFirst() {
        TrackedJob first = add("first");
        TrackedJob second = add("second");

        assertThat(list.all()).containsExactly(second, first);
    }

    @Test
    void addsAJobOnce() {
        assertThat(add("first")).isSameAs(add("first"));
        assertThat(list.all()).hasSize(1);
    }

    @Test
    void forgetsTheOldestFinishedJobAboveItsCapacity() {
        add("first").update(JobStatus.of("first", JobState.COMPLETED));
        add("second").update(JobStatus.of("second", JobState.COMPLETED));
        add("third");

        assertThat(list.all()).extracting(TrackedJob::id).containsExactly("third", "second");
        assertThat(list.find("first")).isEmpty();
    }

    @Test
    void neverForgetsAnUnfinishedJob() {
        add("first");
        add("second");
        add("third");

        assertThat(list.all()).hasSize(3);
        assertThat(list.active()).isEqualTo(3);
    }

    @Test
    void countsNoFinishedJobAsActive() {
        add("first").update(JobStatus.of("first", JobState.FAILED));
        add("second");

        assertThat(list.active()).isEqualTo(1);
    }

    @Test
    void tellsEveryChangeOfEveryJob() {
        add("first");
        add("first").update(JobStatus.of("first", JobState.RUNNING));
        add("second");

        assertThat(heard).containsExactly("first PENDING", "first RUNNING", "second PENDING");
    }

    @Test
    void forgetsTheOldestFinishedJobAboveItsNumberOfCharacters() {
        add("first").update(text("first", 60));
        add("second").update(text("second", 60));

        assertThat(list.all()).extracting(TrackedJob::id).containsExactly("second");
        assertThat(heard).endsWith("second COMPLETED", "first forgotten");
    }

    private static JobStatus text(String id, int length) {
        return JobStatus.ended(
                id, JobState.COMPLETED, List.of(new OutputText("9", "text", "x".repeat(length))), Optional.empty());
    }
}
