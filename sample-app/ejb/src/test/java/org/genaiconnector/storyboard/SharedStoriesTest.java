package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;
import org.junit.jupiter.api.Test;

/** Two Storyboards with one archive. */
class SharedStoriesTest {

    private final MemoryArchive.Database database = new MemoryArchive.Database();
    private final Storyboard first = new Storyboard("first");
    private final Storyboard second = new Storyboard("second");

    /** What a Storyboard has to do with the archive; its stories are neither written nor painted by themselves. */
    private final class Storyboard {
        final MemoryArchive archive;
        final Changes changes = new Changes();
        final StoryMemory memory = new StoryMemory(
                new JobBoard() {
                    @Override
                    public TrackedJob resume(JobStatus last) {
                        return TrackedJobTest.job(last.id());
                    }
                },
                changes);
        final StorySaver saver;
        final List<String> goesOnWith = new ArrayList<>();

        Storyboard(String name) {
            archive = MemoryArchive.shared(database, name);
            saver = new StorySaver(archive, memory, this::goOn, ignored -> {});
        }

        private void goOn(StoryRecord kept) {
            goesOnWith.add(kept.id());
            own(kept);
        }

        Story own(StoryRecord kept) {
            Story story = new Story(kept, last -> TrackedJobTest.job(last.id()), saver::changed);
            memory.own(story);
            return story;
        }

        private Story begin(String idea) throws GenAiException {
            Story story = new Story(StoryRequest.of(idea, 1), saver::changed);
            saver.begin(story);
            memory.add(story);
            return story;
        }

        List<String> ideas() {
            return memory.views().stream().map(story -> story.request().idea()).toList();
        }

        StoryView view(Story story) {
            return memory.find(story.id()).orElseThrow().view();
        }
    }

    @Test
    void showTheStoriesOfEachOther() throws Exception {
        first.begin("owl");
        second.begin("snail");
        first.saver.round();
        second.saver.round();

        assertThat(first.ideas()).containsExactlyInAnyOrder("owl", "snail");
        assertThat(second.ideas()).containsExactlyInAnyOrder("owl", "snail");
        assertThat(second.goesOnWith).isEmpty();
    }

    @Test
    void showWhatBecomesOfTheStoriesOfEachOther() throws Exception {
        Story story = first.begin("owl");
        second.saver.round();
        List<Story.State> heard = new ArrayList<>();
        second.changes.listen(
                second.changes.last(),
                change -> heard.add(((Change.OfStory) change).story().state()));

        story.cancel();
        first.saver.round();
        second.saver.round();
        second.saver.round();

        assertThat(second.view(story).state()).isEqualTo(Story.State.CANCELLED);
        assertThat(heard).containsExactly(Story.State.CANCELLED);
    }

    @Test
    void findAStoryThatWasJustBegunOnTheOther() throws Exception {
        first.saver.round();
        second.saver.round();
        Story story = first.begin("owl");

        assertThat(second.saver.find(story.id()).orElseThrow().view()).isEqualTo(story.view());
        assertThat(second.saver.find("unknown")).isEmpty();
    }

    @Test
    void goOnWithTheStoriesOfOneThatIsGone() throws Exception {
        Story running = first.begin("owl");
        Story ended = first.begin("snail");
        ended.failed(StoryTeller.cutOff(3));
        first.saver.round();
        second.saver.round();

        database.alive.remove("first");
        second.saver.round();

        assertThat(second.goesOnWith).containsExactly(running.id());
        assertThat(second.ideas()).hasSize(2);
    }

    @Test
    void goOnWithAStoryOnce() throws Exception {
        Storyboard third = new Storyboard("third");
        Story story = first.begin("owl");
        second.saver.round();
        third.saver.round();
        database.alive.remove("first");
        StoryArchive.Mark seenBefore = second.archive.renew().get(0);

        third.saver.round();

        assertThat(third.goesOnWith).containsExactly(story.id());
        assertThat(second.archive.claim(seenBefore)).isEmpty();
        second.saver.round();
        assertThat(second.goesOnWith).isEmpty();
    }

    @Test
    void dropAStoryThatWasTakenWhileTheyStoodStill() throws Exception {
        Story story = first.begin("owl");
        database.alive.remove("first");
        second.saver.round();
        StoryRecord taken = database.rows.get(story.id()).story();

        story.failed(StoryTeller.cutOff(3)); // it has just woken up
        first.saver.run();

        assertThat(database.rows.get(story.id()).story()).isEqualTo(taken);
        assertThat(story.isHandedOver()).isTrue();
        first.saver.round();
        assertThat(first.view(story).state()).isEqualTo(Story.State.RUNNING);
        assertThat(first.memory.isOwn(story.id())).isFalse();
    }

    @Test
    void sendNothingOfAStoryThatBelongsToAnother() throws Exception {
        Story story = first.begin("owl");
        second.saver.claim(story.id());

        assertThatThrownBy(() -> first.saver.keep(story.record()))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.CONFLICT));
        assertThat(story.isHandedOver()).isTrue();
    }

    @Test
    void changeAStoryWhereItsUserIs() throws Exception {
        Story story = first.begin("owl");
        second.saver.round();

        Story taken = second.own(second.saver.claim(story.id()).orElseThrow());
        taken.cancel();
        second.saver.round();
        first.saver.round();

        assertThat(first.view(story).state()).isEqualTo(Story.State.CANCELLED);
        assertThat(story.isHandedOver()).isTrue();
        assertThat(second.saver.claim(story.id())).isEmpty();
    }

    @Test
    void getAStoryBackThatTheyDoNotKnowTheyHaveLost() throws Exception {
        Story story = first.begin("owl");
        second.own(second.saver.claim(story.id()).orElseThrow()).cancel();
        second.saver.round();

        Optional<StoryRecord> back = first.saver.claim(story.id());

        assertThat(back.orElseThrow().state()).isEqualTo(Story.State.CANCELLED);
        assertThat(story.isHandedOver()).isTrue();
    }

    @Test
    void forgetWhatTheOtherHasForgotten() throws Exception {
        Story story = first.begin("owl");
        second.saver.round();
        first.saver.forgotten(story);
        first.saver.round();
        second.saver.round();

        assertThat(second.ideas()).isEmpty();
    }

    @Test
    void goOnWithNothingWhileTheArchiveIsDown() throws Exception {
        Story story = first.begin("owl");
        database.alive.remove("first");
        second.archive.down = true;
        second.saver.round();
        assertThat(second.goesOnWith).isEmpty();

        second.archive.down = false;
        second.saver.round();
        assertThat(second.goesOnWith).containsExactly(story.id());
    }
}
