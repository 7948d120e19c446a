package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.ResourceException;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Workflow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The application logs each message for operators, and the documentation lists it. */
class OperatorMessageTest {
    private static final GenAiException DOWN = new GenAiException(FailureCategory.UNAVAILABLE, "a secret");

    private final TrackedJob job = TrackedJobTest.job("a");
    private final Story story = new Story(StoryRequest.of("idea", 1), changed -> {});

    /** The web module has tests for its own. */
    static Stream<OperatorMessage> ofThisModule() {
        return Stream.of(OperatorMessage.values())
                .filter(message -> message.id().startsWith("STORYBOARD-1"));
    }

    @ParameterizedTest
    @MethodSource("ofThisModule")
    void isLogged(OperatorMessage message) throws ResourceException {
        List<String> logged =
                switch (message) {
                    case CHECKPOINT_REPLACED -> logged(Checkpoints.class, this::paintWithAnotherCheckpoint);
                    case JOB_NOT_CANCELLED -> logged(StoryTeller.class, this::cancelStoryWhileComfyUiIsDown);
                    case STORY_FAILED -> logged(StoryTeller.class, () -> StoryTeller.failure("No scene", DOWN));
                    case STORY_FAILED_UNEXPECTEDLY ->
                        logged(StoryTeller.class, () -> StoryTeller.failure("No scene", new Error("a secret")));
                    case FOLLOWING_FAILED -> logged(FollowedJobs.class, this::followJobByBrokenCode);
                    case STORIES_NOT_SAVED -> {
                        StorySaver saver = saver(() -> false);
                        yield logged(StorySaver.class, () -> repeat(saver));
                    }
                    case STORIES_SAVED_AGAIN -> {
                        AtomicBoolean up = new AtomicBoolean();
                        StorySaver saver = saver(up::get);
                        saver.run();
                        up.set(true);
                        yield logged(StorySaver.class, () -> repeat(saver));
                    }
                    case STORIES_NOT_SAVED_UNEXPECTEDLY ->
                        logged(StorySaver.class, saver(() -> {
                            throw new IllegalStateException("a secret");
                        })::run);
                    case STORY_TAKEN_OVER -> logged(StorySaver.class, this::lookAtAnAbandonedStory);
                    case STORY_HANDED_OVER -> logged(StorySaver.class, this::lookAtAStoryThatAnotherHasTaken);
                    default -> throw new AssertionError("No test produces " + message);
                };

        String level = message.level() == System.Logger.Level.ERROR
                ? "SEVERE"
                : message.level().name();
        String words = Pattern.quote(message.words()).replaceAll("\\{\\d}", "\\\\E.+\\\\Q");
        assertThat(logged)
                .hasSize(1)
                .allSatisfy(text -> assertThat(text)
                        .matches(level + " " + message.id() + " " + words)
                        .doesNotContain("a secret"));
    }

    private interface Action {
        void run() throws ResourceException;
    }

    /** What a class logs. */
    private static List<String> logged(Class<?> source, Action action) throws ResourceException {
        List<String> messages = new ArrayList<>();
        Logger logger = Logger.getLogger(source.getName());
        logger.setFilter(entry -> !messages.add(entry.getLevel() + " " + entry.getMessage()));
        try {
            action.run();
        } finally {
            logger.setFilter(null);
        }
        return messages;
    }

    private void paintWithAnotherCheckpoint() throws ResourceException {
        Checkpoints checkpoints = new Checkpoints(Optional.empty(), () -> List.of("b.safetensors"));

        for (int i = 0; i < 2; i++) {
            assertThat(checkpoints.choose("a.safetensors")).isEqualTo("b.safetensors");
        }
    }

    /** The story is cancelled while its scene is being sent. */
    private void cancelStoryWhileComfyUiIsDown() throws ResourceException {
        Illustrator illustrator = new Illustrator() {
            @Override
            public Workflow workflow(StoryRequest request, String scene) throws ResourceException {
                return Workflow.parse("{\"1\":{\"class_type\":\"SaveImage\",\"inputs\":{}}}");
            }

            @Override
            public Job send(Workflow workflow) {
                story.cancel();
                return new Job(job.id(), URI.create("http://localhost:8188"), Map.of());
            }
        };
        JobBoard board = new JobBoard() {
            @Override
            public TrackedJob watch(Job accepted) {
                return job;
            }

            @Override
            public Cancellation cancel(TrackedJob unwanted) throws ResourceException {
                throw DOWN;
            }
        };
        story.write(() -> List.of("scene"));

        UserTransaction transaction = (UserTransaction) Proxy.newProxyInstance(
                UserTransaction.class.getClassLoader(),
                new Class<?>[] {UserTransaction.class},
                (it, call, with) -> null);
        new StoryTeller(illustrator, board, new SavedStories(), transaction).paintAgain(story, 0);
    }

    private static void repeat(Runnable saver) {
        saver.run();
        saver.run();
    }

    private static StorySaver saver(BooleanSupplier archiveIsUp) {
        MemoryArchive archive = new MemoryArchive(new MemoryArchive.Database(), "a", false) {
            @Override
            public List<Mark> renew() throws StoryArchiveException {
                down = !archiveIsUp.getAsBoolean();
                return super.renew();
            }
        };
        return new StorySaver(archive, new StoryMemory(), story -> {}, Runnable::run);
    }

    private void lookAtAnAbandonedStory() {
        MemoryArchive archive = MemoryArchive.shared(new MemoryArchive.Database(), "a");
        archive.keep(story.record());
        repeatRounds(new StorySaver(archive, new StoryMemory(), kept -> {}, Runnable::run));
    }

    private void lookAtAStoryThatAnotherHasTaken() {
        MemoryArchive.Database database = new MemoryArchive.Database();
        database.alive.add("of before");
        MemoryArchive archive = MemoryArchive.shared(database, "a");
        archive.keep(story.record());
        StoryMemory memory = new StoryMemory(new JobBoard(), new Changes());
        memory.own(story);
        repeatRounds(new StorySaver(archive, memory, kept -> {}, Runnable::run));
    }

    private static void repeatRounds(StorySaver saver) {
        saver.round();
        saver.round();
    }

    private void followJobByBrokenCode() {
        FollowedJobs followed = new FollowedJobs(id -> {
            throw new IllegalStateException("a secret");
        });
        followed.follow(job);

        followed.update();
    }

    @Test
    void haveIdsOfTheirOwn() {
        assertThat(Stream.of(OperatorMessage.values()).map(OperatorMessage::id))
                .doesNotHaveDuplicates()
                .isSorted()
                .allMatch(id -> id.matches("STORYBOARD-[12]\\d\\d"));
    }

    @ParameterizedTest
    @EnumSource
    void isListedInTheDocumentation(OperatorMessage message) throws IOException {
        assertThat(Files.readAllLines(Path.of("..", "..", "docs", "sample.md")))
                .contains("| " + message.id() + " | " + message.level() + " | "
                        + message.words().replaceAll("\\{\\d}", "...") + " | " + message.remedy() + " |");
    }
}
