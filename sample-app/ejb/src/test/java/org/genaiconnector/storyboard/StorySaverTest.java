package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;

class StorySaverTest {

    private final List<Runnable> scheduled = new ArrayList<>();
    private final List<StoryRecord> restored = new ArrayList<>();
    private final MemoryArchive archive = MemoryArchive.exclusive();
    private final StoryMemory memory = new StoryMemory();
    private final StorySaver saver = new StorySaver(archive, memory, restored::add, scheduled::add);
    private final Story story = new Story(StoryRequest.of("idea", 1), ignored -> {});

    @Test
    void restoresOnceWhatTheArchiveHas() {
        archive.keep(story.record());

        saver.run();
        saver.run();

        assertThat(restored).containsExactly(story.record());
    }

    @Test
    void restoresWhenTheArchiveComesUp() {
        archive.keep(story.record());
        archive.down = true;
        saver.run();
        assertThat(restored).isEmpty();

        archive.down = false;
        saver.run();

        assertThat(restored).hasSize(1);
    }

    @Test
    void keepsANewStoryBeforeItIsAnswered() throws Exception {
        saver.begin(story);

        assertThat(archive.database.rows).containsOnlyKeys(story.id());
    }

    @Test
    void beginsNoStoryThatCannotBeKept() {
        archive.down = true;

        assertThatThrownBy(() -> saver.begin(story))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE))
                .hasMessageContaining("Connection refused");
    }

    @Test
    void writesManyChangesOfAStoryOnce() throws Exception {
        saver.begin(story);
        saver.changed(story);
        saver.changed(story);
        saver.changed(story);

        assertThat(scheduled).hasSize(1);
        scheduled.get(0).run();
        assertThat(archive.saved).isEqualTo(1);

        saver.run();
        assertThat(archive.saved).isEqualTo(1);
    }

    @Test
    void writesAChangeThatComesAfterTheLastRound() throws Exception {
        saver.begin(story);
        saver.changed(story);
        scheduled.remove(0).run();

        saver.changed(story);

        scheduled.remove(0).run();
        assertThat(archive.saved).isEqualTo(2);
    }

    @Test
    void writesLaterWhatCannotBeWrittenNow() throws Exception {
        saver.begin(story);
        archive.down = true;
        saver.changed(story);
        saver.run();
        assertThat(archive.saved).isZero();

        archive.down = false;
        saver.run();

        assertThat(archive.saved).isEqualTo(1);
    }

    @Test
    void writesTheOthersIfOneCannotBeWritten() throws Exception {
        Story other = new Story(StoryRequest.of("other", 1), ignored -> {});
        saver.begin(story);
        saver.begin(other);
        archive.refused.add(story.id());
        saver.changed(story);
        saver.changed(other);

        saver.run();
        saver.run();

        assertThat(archive.saved).isEqualTo(1);
        assertThat(archive.database.rows.get(other.id()).revision()).isEqualTo(1);
    }

    @Test
    void forgetsAStory() throws Exception {
        saver.begin(story);
        saver.changed(story);
        saver.forgotten(story);

        saver.run();

        assertThat(archive.database.rows).isEmpty();
    }

    @Test
    void goesOnAfterAnErrorOfTheApplication() throws Exception {
        archive.keep(story.record());
        Story other = new Story(StoryRequest.of("other", 1), ignored -> {});
        StorySaver faulty = new StorySaver(
                archive,
                memory,
                stories -> {
                    throw new IllegalStateException("not ready");
                },
                scheduled::add);

        faulty.run();
        faulty.begin(other);

        assertThat(archive.database.rows).containsOnlyKeys(story.id(), other.id());
    }
}
