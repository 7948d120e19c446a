package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.JobSignal;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.junit.jupiter.api.Test;

/** What a ledger makes of submissions, signals, answers and time; the tests turn its clock. */
class JobLedgerTest {
    private final LedgerSetup setup = new LedgerSetup();
    private final JobLedger ledger = setup.ledger;

    private static GenAiException unavailable() {
        return new GenAiException(FailureCategory.UNAVAILABLE, "The backend is down");
    }

    // ---- ends

    @Test
    void publishesTheEndOnceWithTheOutputsOfTheHistory() {
        JobEntry job = setup.running("a");
        setup.ending("a", JobState.COMPLETED);
        assertThat(setup.ends()).as("a signal is a hint").isEmpty();
        setup.completed(job, Duration.ofSeconds(1));
        setup.completed(job, Duration.ofSeconds(1));
        ledger.dequeued(job);
        setup.ending("a", JobState.FAILED);

        assertThat(setup.states("a")).containsExactly(JobState.RUNNING, JobState.COMPLETED);
        assertThat(setup.ends())
                .singleElement()
                .satisfies(end -> assertThat(end.outputs()).containsExactly(LedgerSetup.TEXT));
        assertThat(setup.followed).isEmpty();
        assertThat(setup.known).containsExactly("a");
    }

    @Test
    void asksAtOnceAndThenEverMoreSeldomAboutAJobThatIsSaidToHaveEnded() {
        JobEntry job = setup.running("a");
        setup.poll(List.of("a"), List.of());
        setup.ending("a", JobState.COMPLETED);
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waits.add(setup.passUntilDue());
            assertThat(ledger.questions().due().jobs()).containsExactly(job);
            ledger.questions().asking(job);
            assertThat(ledger.questions().due().jobs()).isEmpty();
            ledger.questions().askedAtOnce(job);
        }
        assertThat(waits).extracting(Duration::toMillis).containsExactly(5L, 10L, 20L, 50L, 100L, 200L, 500L, 1_000L);
    }

    @Test
    void asksAtOnceWhenTheHistoryIsSaidToKnow() {
        JobEntry job = setup.running("a");
        setup.poll(List.of("a"), List.of());
        ledger.questions().signal(new JobSignal.Over("a"));

        assertThat(ledger.questions().due().jobs()).containsExactly(job);
    }

    @Test
    void losesAJobThatIsMissingForASecondAndNotBefore() {
        JobEntry job = setup.running("a");
        setup.poll(List.of("a"), List.of());
        setup.passUntilDue();
        setup.pollAndFindNothing();
        assertThat(setup.ends())
                .as("it may be neither in the queue nor in the history for a moment")
                .isEmpty();

        assertThat(setup.passUntilDue()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_100));
        setup.pollAndFindNothing();
        assertThat(setup.ends()).extracting(JobStatus::state).containsExactly(JobState.LOST);
        assertThat(ledger.status(job).state()).isEqualTo(JobState.LOST);
    }

    @Test
    void keepsAJobThatWasMissingForAMomentOnly() {
        setup.accepted("a");
        setup.passUntilDue();
        setup.pollAndFindNothing();
        setup.passMillis(500);
        setup.poll(List.of("a"), List.of());
        setup.passMillis(700);
        setup.pollAndFindNothing();

        assertThat(setup.ends()).isEmpty();
    }

    @Test
    void waitsTenSecondsForTheOutputsOfASuccessThatWasSignalledWithoutAny() {
        setup.running("a");
        setup.poll(List.of("a"), List.of());
        setup.ending("a", JobState.COMPLETED);
        for (int i = 0; i < 9; i++) {
            setup.passMillis(1_050);
            setup.pollAndFindNothing();
            assertThat(setup.ends()).isEmpty();
        }
        setup.passMillis(1_800);
        setup.pollAndFindNothing();
        assertThat(setup.ends()).extracting(JobStatus::state).containsExactly(JobState.COMPLETED);
    }

    @Test
    void believesTheSignalsOfAJobThatTheHistoryHasLost() {
        setup.running("a");
        ledger.questions().signal(new JobSignal.Executed("a", "2", List.of(LedgerSetup.TEXT)));
        setup.ending("a", JobState.COMPLETED);
        setup.pollAndFindNothing();
        setup.passMillis(1_050);
        setup.pollAndFindNothing();

        assertThat(setup.ends()).singleElement().satisfies(end -> {
            assertThat(end.state()).isEqualTo(JobState.COMPLETED);
            assertThat(end.outputs()).containsExactly(LedgerSetup.TEXT);
        });
    }

    @Test
    void endsAJobWhoseAnswerIsTooLargeAsItWasSignalledOrListed() {
        JobEntry signalled = setup.running("a");
        setup.ending("a", JobState.FAILED);
        JobEntry listed = setup.accepted("b");
        JobEntry unknown = setup.accepted("c");

        assertThat(ledger.endUnread(signalled, Optional.empty())).isTrue();
        assertThat(ledger.endUnread(listed, Optional.of(JobState.COMPLETED))).isTrue();
        assertThat(ledger.endUnread(unknown, Optional.empty())).isFalse();
        assertThat(setup.ends()).extracting(JobStatus::state).containsExactly(JobState.FAILED, JobState.COMPLETED);
    }

    @Test
    void countsAJobThatVanishesFromTheQueueAsCancelledIfThisAdapterTookIt() {
        JobEntry job = setup.accepted("a");
        ledger.taking(job);
        assertThat(setup.untilDue()).isLessThanOrEqualTo(Duration.ofMillis(200));
        setup.pollAndFindNothing();
        setup.passMillis(1_050);
        setup.pollAndFindNothing();

        assertThat(setup.states("a")).containsExactly(JobState.CANCELLED);
    }

    // ---- submissions

    @Test
    void publishesNothingOfAJobBeforeItIsAccepted() {
        JobEntry job = ledger.expect("a", LedgerSetup.origin(true, 0));
        ledger.questions().signal(new JobSignal.Started("a"));
        setup.progress("a", 1, 10);
        setup.completed(job, Duration.ofSeconds(1));
        setup.poll(List.of("a"), List.of());
        assertThat(setup.updates).isEmpty();
        assertThat(ledger.questions().due().jobs()).isEmpty();

        ledger.accepted(job, "a");
        assertThat(setup.states("a")).as("signalled while it was sent").containsExactly(JobState.RUNNING);
    }

    @Test
    void forgetsAJobThatWasRefused() {
        JobEntry job = ledger.expect("a", LedgerSetup.origin(true, 0));
        ledger.questions().signal(new JobSignal.Started("a"));
        ledger.refused(job);
        setup.ending("a", JobState.COMPLETED);
        setup.passUntilDue();
        setup.pollAndFindNothing();

        assertThat(setup.updates).isEmpty();
        assertThat(setup.followed).isEmpty();
    }

    @Test
    void appliesAnEndThatCameUnderTheIdOfTheBackendBeforeTheAnswer() {
        JobEntry job = ledger.expect("ours", LedgerSetup.origin(true, 0));
        setup.ending("theirs", JobState.COMPLETED);
        ledger.accepted(job, "theirs");

        assertThat(setup.followed).containsExactly("theirs");
        setup.passMillis(5);
        assertThat(ledger.questions().due().jobs()).containsExactly(job);
    }

    @Test
    void losesAJobInDoubtThatDoesNotTurnUpInTimeAndSearchesEverMoreSeldom() {
        JobEntry job = ledger.expect("a", LedgerSetup.origin(true, 0));
        ledger.doubtful(job);
        int searches = 0;
        Duration passed = Duration.ZERO;
        while (setup.ends().isEmpty()) {
            passed = passed.plus(setup.passUntilDue());
            setup.pollAndFindNothing();
            searches++;
        }
        assertThat(setup.states("a")).containsExactly(JobState.LOST);
        assertThat(passed)
                .isBetween(LedgerSetup.TIMES.doubt(), LedgerSetup.TIMES.doubt().plusSeconds(11));
        assertThat(searches).isBetween(30, 350);
    }

    @Test
    void followsAJobInDoubtThatTurnsUp() {
        JobEntry job = ledger.expect("a", LedgerSetup.origin(true, 0));
        ledger.doubtful(job);
        setup.pass(Duration.ofMinutes(2));
        setup.pollAndFindNothing();
        setup.poll(List.of(), List.of("a"));
        setup.completed(job, Duration.ofSeconds(1));

        assertThat(setup.states("a")).containsExactly(JobState.PENDING, JobState.COMPLETED);
    }

    @Test
    void hasAnUnwantedJobCancelledWhenItTurnsUpAndPublishesNothingOfIt() {
        JobEntry job = ledger.expect("a", LedgerSetup.origin(true, 0));
        ledger.unwanted(job);
        assertThat(setup.untilDue()).isZero();
        ledger.questions().signal(new JobSignal.Started("a"));
        assertThat(ledger.questions().unwanted(new JobQueue(List.of("a", "other"), List.of())))
                .containsExactly("a");
        setup.poll(List.of("a"), List.of());
        setup.answer(job, JobStatus.of("a", JobState.CANCELLED));

        assertThat(setup.updates).isEmpty();
        assertThat(setup.followed).isEmpty();
    }

    @Test
    void adoptsNoJobThatHasEndedButKnowsItsEnd() {
        FoundJob end = FoundJob.of(JobStatus.of("a", JobState.CANCELLED));
        JobEntry job = ledger.adopt(
                "a",
                LedgerSetup.origin(false, 0),
                Optional.of(end),
                ledger.questions().now());

        assertThat(ledger.status(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(setup.updates).isEmpty();
        assertThat(setup.followed).isEmpty();
        assertThat(setup.known).containsExactly("a");
    }

    @Test
    void publishesNoLossOfAJobThatNeverExisted() {
        ledger.adopt(
                "a",
                LedgerSetup.origin(false, 0),
                Optional.empty(),
                ledger.questions().now());
        setup.passMillis(1_050);
        setup.pollAndFindNothing();
        setup.passMillis(1_050);
        setup.pollAndFindNothing();

        assertThat(setup.updates).isEmpty();
        assertThat(setup.followed).isEmpty();
    }

    // ---- progress and order

    @Test
    void publishesTheBeginningAlwaysAndProgressEveryFiftyMilliseconds() {
        setup.running("a");
        for (int i = 1; i <= 100; i++) {
            setup.passMillis(10);
            setup.progress("a", i, 100);
        }
        List<JobProgress> progress = setup.updates.stream()
                .flatMap(update -> update.status().progress().stream())
                .toList();
        assertThat(progress).extracting(JobProgress::value).isSorted().hasSize(20);
        assertThat(progress).allSatisfy(step -> assertThat(step.overall()).isEqualTo(step.value() / 200));
    }

    @Test
    void publishesPositionsAsTheyGetSmaller() {
        setup.accepted("a");
        setup.poll(List.of("x"), List.of("y", "a"));
        setup.poll(List.of("x"), List.of("y", "a"));
        setup.poll(List.of("y"), List.of("a"));
        setup.poll(List.of("a"), List.of());
        setup.poll(List.of(), List.of("a")); // an answer that was overtaken

        assertThat(setup.updates)
                .extracting(update -> update.status().queuePosition())
                .containsExactly(OptionalInt.of(2), OptionalInt.of(1), OptionalInt.empty());
        assertThat(setup.states("a")).containsExactly(JobState.PENDING, JobState.PENDING, JobState.RUNNING);
    }

    @Test
    void estimatesTheRestFromJobsOfTheSameShape() {
        setup.completed(setup.running("before"), Duration.ofSeconds(10));
        JobEntry running = setup.running("a");
        JobEntry waiting = setup.accepted("b");
        setup.poll(List.of("a"), List.of("b"));
        setup.pass(Duration.ofSeconds(4));

        assertThat(ledger.status(running).remaining()).contains(Duration.ofSeconds(6));
        assertThat(ledger.status(waiting).remaining()).contains(Duration.ofSeconds(16));
    }

    @Test
    void showsPreviewsOfOurRunningJobOnly() {
        byte[] image = {1};
        ledger.questions().signal(new JobSignal.Preview("", "", "image/png", image));
        setup.running("a");
        ledger.questions().signal(new JobSignal.Preview("", "", "image/png", image));
        ledger.questions().signal(new JobSignal.Preview("a", "1", "image/jpeg", image));
        ledger.questions()
                .signal(new JobSignal.Preview("", "9", "text/plain", "theirs".getBytes(StandardCharsets.UTF_8)));
        ledger.questions().signal(new JobSignal.Started("theirs"));
        ledger.questions().signal(new JobSignal.Preview("", "", "image/png", image));

        assertThat(setup.previews)
                .extracting(JobPreview::jobId, JobPreview::mediaType)
                .containsExactly(tuple("a", "image/png"), tuple("a", "image/jpeg"));
    }

    // ---- when to ask

    @Test
    void asksSeldomWhileTheSocketTellsOfAllJobs() {
        setup.running("a");
        setup.poll(List.of("a"), List.of());
        assertThat(setup.untilDue()).isBetween(Duration.ofMillis(4_500), Duration.ofMillis(5_500));

        setup.accepted("b"); // sent without a socket
        setup.poll(List.of("a"), List.of("b"));
        assertThat(setup.untilDue()).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_100));
    }

    @Test
    void asksAtOnceAndOftenWhenTheSocketIsLost() {
        setup.running("a");
        setup.poll(List.of("a"), List.of());
        ledger.questions().socketLost();
        assertThat(setup.untilDue()).isZero();
        setup.poll(List.of("a"), List.of());

        assertThat(setup.untilDue()).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_100));
    }

    @Test
    void asksOftenAgainWhenTheSocketTellsNothingOfAJobThatEnded() {
        ledger.questions().socketOpened("socket");
        JobEntry silent = ledger.expect("a", LedgerSetup.origin(true, 0));
        ledger.sentFor(silent, "socket");
        ledger.accepted(silent, "a");
        setup.completed(silent, Duration.ofSeconds(1));
        ledger.questions().askedAsMissing(silent);
        setup.pollAndFindNothing();
        assertThat(setup.untilDue()).isLessThan(Duration.ofMillis(1_200));

        setup.running("b");
        setup.poll(List.of("b"), List.of());
        assertThat(setup.untilDue()).as("the socket works").isGreaterThan(Duration.ofSeconds(4));
    }

    @Test
    void asksAtMostOncePerSecondBecauseTheQueueHasChanged() {
        setup.running("a");
        setup.poll(List.of("a"), List.of());
        setup.passMillis(300);
        for (int i = 0; i < 10; i++) {
            ledger.questions().signal(new JobSignal.QueueChanged(OptionalInt.of(1)));
        }
        assertThat(setup.untilDue()).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void tellsHowLongTheQueueIsByMessageAndByAnswerWithTheJobsOfOthers() {
        ledger.questions().signal(new JobSignal.QueueChanged(OptionalInt.of(7)));
        assertThat(setup.queueLength).isEqualTo(7);
        ledger.questions().signal(new JobSignal.QueueChanged(OptionalInt.empty()));
        assertThat(setup.queueLength).isEqualTo(7);
        setup.poll(List.of("other"), List.of("a", "b"));
        assertThat(setup.queueLength).isEqualTo(3);
    }

    @Test
    void keepsJobsAsTheyAreWhileTheBackendIsDownAndBacksOff() {
        JobEntry job = setup.running("a");
        setup.ending("a", JobState.COMPLETED);
        assertThat(ledger.questions().failed(unavailable()))
                .as("jobs to mention")
                .isEqualTo(1);
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waits.add(setup.passUntilDue());
            assertThat(ledger.questions().due().jobs())
                    .as("no questions about single jobs")
                    .isEmpty();
            assertThat(ledger.questions().failed(unavailable())).isZero();
        }
        assertThat(waits.get(0)).isLessThan(Duration.ofMillis(101));
        assertThat(waits.get(9)).isBetween(Duration.ofMillis(1_500), Duration.ofMillis(2_001));
        assertThat(setup.ends()).isEmpty();
        assertThat(ledger.view(job, 0).failure()).isPresent();

        setup.poll(List.of("a"), List.of());
        assertThat(ledger.view(job, 0).failure()).isEmpty();
    }

    @Test
    void losesJobsWhoseBackendIsSilentForTheConfiguredTimeAndNoOthers() {
        JobEntry limited = ledger.expect("a", LedgerSetup.origin(true, 60_000));
        ledger.accepted(limited, "a");
        setup.accepted("b");
        setup.pass(Duration.ofSeconds(59));
        ledger.questions().failed(unavailable());
        assertThat(setup.ends()).isEmpty();
        setup.pass(Duration.ofSeconds(1));
        ledger.questions().failed(unavailable());

        assertThat(setup.ends()).extracting(JobStatus::id).containsExactly("a");
        assertThat(setup.states("a")).containsExactly(JobState.LOST);
    }

    @Test
    void takesAStopOfTheAdapterForNoFailureOfTheBackend() {
        JobEntry job = setup.running("a");
        assertThat(ledger.questions().failed(new GenAiException(FailureCategory.CLOSED, "stopped")))
                .isZero();

        assertThat(ledger.view(job, 0).failure()).isEmpty();
        assertThat(ledger.questions().isFailing()).isFalse();
    }

    @Test
    void reportsARunningJobWithoutASignOfLifeOncePerSilence() {
        setup.running("a");
        setup.pass(LedgerSetup.TIMES.silentAfter().minusSeconds(1));
        assertThat(ledger.questions().newlySilent()).isEmpty();
        setup.pass(Duration.ofSeconds(1));
        assertThat(ledger.questions().newlySilent()).containsExactly("a");
        assertThat(ledger.questions().newlySilent()).isEmpty();
        setup.progress("a", 1, 10);
        setup.pass(LedgerSetup.TIMES.silentAfter());
        assertThat(ledger.questions().newlySilent()).containsExactly("a");
    }

    // ---- watches

    @Test
    void followsTheJobsOfOthersThatAWatchMeetsOnce() {
        JobWatch watch = new JobWatch(JobWatch.Scope.ALL, "here", 0);
        ledger.questions().add(watch);
        assertThat(setup.untilDue()).isZero();
        setup.accepted("ours");
        assertThat(ledger.questions().met(watch, "ours", Optional.empty(), true, WorkflowShape.UNKNOWN))
                .isTrue();
        assertThat(ledger.questions().met(watch, "theirs", Optional.empty(), true, WorkflowShape.UNKNOWN))
                .isTrue();
        assertThat(ledger.questions().met(watch, "theirs", Optional.empty(), true, WorkflowShape.UNKNOWN))
                .isFalse();
        assertThat(ledger.questions().met(watch, "before", Optional.empty(), false, WorkflowShape.UNKNOWN))
                .isTrue();
        assertThat(setup.followed).containsExactlyInAnyOrder("ours", "theirs");
        assertThat(setup.updates)
                .filteredOn(update -> update.status().id().equals("theirs"))
                .noneMatch(JobUpdate::own);

        ledger.questions().remove(watch);
        assertThat(setup.followed).containsExactly("ours");
    }

    @Test
    void takesUpItsOwnJobsFromBeforeARestartByTheirMarkers() {
        JobWatch watch = new JobWatch(JobWatch.Scope.OWN_ONCE, "here", 0);
        ledger.questions().add(watch);
        ledger.questions()
                .met(watch, "a", Optional.of(new JobMarker("a", Optional.of("mine"), "here")), true, LedgerSetup.SHAPE);
        ledger.questions()
                .met(watch, "b", Optional.of(new JobMarker("b", Optional.empty(), "there")), true, LedgerSetup.SHAPE);
        ledger.questions().met(watch, "c", Optional.empty(), true, LedgerSetup.SHAPE);
        setup.poll(List.of("a"), List.of("b", "c"));

        assertThat(setup.followed).containsExactly("a");
        assertThat(setup.updates).allSatisfy(update -> {
            assertThat(update.own()).isTrue();
            assertThat(update.tag()).contains("mine");
        });
    }

    // ---- threads

    @Test
    void retiresWhenThereHasBeenNothingToFollowForAWhile() {
        JobEntry job = setup.accepted("a");
        setup.pass(LedgerSetup.TIMES.linger().multipliedBy(2));
        assertThat(ledger.attendance().retire()).isFalse();
        setup.completed(job, Duration.ofSeconds(1));
        setup.pass(LedgerSetup.TIMES.linger().minusMillis(1));
        assertThat(ledger.attendance().retire()).isFalse();
        setup.passMillis(1);
        assertThat(ledger.attendance().retire()).isTrue();

        assertThat(ledger.attendance().isOn()).isFalse();
        assertThat(ledger.attendance().begin())
                .as("the next job starts a thread again")
                .isTrue();
    }

    @Test
    void followsNoNewJobThatNoThreadAsksAbout() {
        ledger.attendance().end();
        JobEntry job = setup.accepted("a");
        assertThat(setup.followed).isEmpty();

        ledger.adopt(
                "a",
                LedgerSetup.origin(true, 0),
                Optional.empty(),
                ledger.questions().now());
        assertThat(setup.followed).as("a thread waits for it").containsExactly("a");
        assertThat(ledger.status(job).state()).isEqualTo(JobState.PENDING);
    }

    @Test
    void forgetsTheJobOfOthersThatNoThreadWaitsForAnyMore() {
        JobEntry job = ledger.adopt(
                "a",
                LedgerSetup.origin(false, 0),
                Optional.of(FoundJob.of(JobStatus.of("a", JobState.RUNNING))),
                ledger.questions().now());
        ledger.wait(job, 1);
        ledger.wait(job, 1);
        ledger.wait(job, -1);
        assertThat(setup.followed).containsExactly("a");
        ledger.wait(job, -1);
        assertThat(setup.followed).isEmpty();
    }

    @Test
    void tellsWaitingThreadsWhetherAnAnswerIsFresh() {
        JobEntry job = setup.accepted("a");
        long since = ledger.questions().now();
        setup.passMillis(1);
        assertThat(ledger.view(job, ledger.questions().now()).fresh()).isFalse();
        setup.poll(List.of("a"), List.of());
        assertThat(ledger.view(job, ledger.questions().now()).fresh()).isTrue();
        assertThat(ledger.view(job, since).fresh()).isTrue();
        ledger.attendance().close();
        assertThat(ledger.view(job, since).closed()).isTrue();
    }
}
