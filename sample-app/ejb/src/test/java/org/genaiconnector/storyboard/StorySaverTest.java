package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;

class StorySaverTest {

    private final List<Runnable> scheduled = new ArrayList<>();
    private final List<StoryRecord> restored = new ArrayList<>();
    private final Archive archive = new Archive();
    private final StorySaver saver = new StorySaver(archive, restored::addAll, scheduled::add);
    private final Story story = new Story(StoryRequest.of("idea", 1), ignored -> {});

    /** An archive in memory that can be down. */
    private static final class Archive implements StoryArchive {
        final Map<String, StoryRecord> kept = new LinkedHashMap<>();
        final List<String> refused = new ArrayList<>();
        int saved;
        boolean down;

        @Override
        public List<StoryRecord> load() throws StoryArchiveException {
            check("");
            return List.copyOf(kept.values());
        }

        @Override
        public void save(StoryRecord story) throws StoryArchiveException {
            check(story.id());
            kept.put(story.id(), story);
            saved++;
        }

        @Override
        public void delete(String id) throws StoryArchiveException {
            check(id);
            kept.remove(id);
        }

        private void check(String id) throws StoryArchiveException {
            if (down || refused.contains(id)) {
                throw new StoryArchiveException("Connection refused", new IllegalStateException());
            }
        }
    }

    @Test
    void restoresOnceWhatTheArchiveHas() {
        archive.kept.put("a", story.record());

        saver.run();
        saver.run();

        assertThat(restored).containsExactly(story.record());
    }

    @Test
    void restoresWhenTheArchiveComesUp() {
        archive.kept.put("a", story.record());
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

        assertThat(archive.kept).containsOnlyKeys(story.id());
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
    void writesManyChangesOfAStoryOnce() {
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
    void writesAChangeThatComesAfterTheLastRound() {
        saver.changed(story);
        scheduled.remove(0).run();

        saver.changed(story);

        scheduled.remove(0).run();
        assertThat(archive.saved).isEqualTo(2);
    }

    @Test
    void writesLaterWhatCannotBeWrittenNow() {
        saver.run();
        archive.down = true;
        saver.changed(story);
        saver.run();
        assertThat(archive.kept).isEmpty();

        archive.down = false;
        saver.run();

        assertThat(archive.kept).containsOnlyKeys(story.id());
    }

    @Test
    void writesTheOthersIfOneCannotBeWritten() {
        Story other = new Story(StoryRequest.of("other", 1), ignored -> {});
        archive.refused.add(story.id());
        saver.changed(story);
        saver.changed(other);

        saver.run();
        saver.run();

        assertThat(archive.kept).containsOnlyKeys(other.id());
    }

    @Test
    void forgetsAStory() throws Exception {
        saver.begin(story);
        saver.changed(story);
        saver.forgotten(story);

        saver.run();

        assertThat(archive.kept).isEmpty();
    }

    @Test
    void goesOnAfterAnErrorOfTheApplication() {
        StorySaver faulty = new StorySaver(
                archive,
                stories -> {
                    throw new IllegalStateException("not ready");
                },
                scheduled::add);

        faulty.run();
        faulty.changed(story);
        faulty.run();

        assertThat(archive.kept).containsOnlyKeys(story.id());
    }
}
