package org.genaiconnector.ra.comfyui.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.comfyui.jobs.JobKeeper;
import org.genaiconnector.ra.comfyui.jobs.JobSpans;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.statistics.CountedJob;
import org.genaiconnector.ra.statistics.JobStage;

/**
 * A job of an application, which may be sent to one backend after the other, and has one end: that of the attempt that counts.
 * Any thread; its lock may be taken with that of a ledger held, and with it only that of the fleet is taken.
 */
public final class FleetJob {
    /**
     * So often in a row it may go elsewhere when it was the next one to run, without having been seen running: perhaps backends
     * die of it unseen.
     */
    private static final int MOST_MOVES = 10;

    /** Other ends may be followed by another attempt. */
    private static final Set<JobStage> UNREPEATED = EnumSet.of(JobStage.PENDING, JobStage.RUNNING, JobStage.REJECTED);

    private final Submission submission;
    private final JobNeeds needs;
    private final CountedJob count;
    private final Home home;

    /** As it was wanted; backends before 0.3.45 give it another one. */
    private final String firstId;

    private String id;
    private JobStatus status;
    private Optional<Attempt> current = Optional.empty();
    private URI server;
    private int lostRuns;
    private int moves;
    private boolean handedOver;
    private boolean cancelled;
    private long homeless;
    private String reason = "";

    /** That its last backend has lost; empty if that may have it yet. */
    private Optional<String> lostPrompt = Optional.empty();

    /** What a job needs of the factory that it was submitted through. */
    public interface Home {
        /** How long a backend may be silent, or idle although jobs wait, before its jobs go elsewhere, in milliseconds; 0 for ever. */
        long failoverMillis();

        /** How often a job is begun whose backends are lost while they run it. */
        int maxAttempts();

        /** Whether any other backend could take such a job now. */
        boolean hasOther(JobNeeds needs, URI than);

        /** A backend runs nothing although jobs wait. */
        void idle(URI server);

        /** The job has to be sent again. */
        void toSend(FleetJob job);

        /** The job has gone on; called with the lock of a ledger held, or followed by {@link #deliver}. */
        void note(JobUpdate update);

        /** As {@link #note}, after that: it has ended there. */
        void ended(FleetJob job, FleetJobs.Place last);

        /** Delivers what was noted, with no lock held. */
        void deliver();
    }

    /** One that is about to be sent for the first time. */
    public FleetJob(String id, Submission submission, JobNeeds needs, CountedJob count, Home home) {
        this.firstId = id;
        this.id = id;
        this.submission = submission;
        this.needs = needs;
        this.count = count;
        this.home = home;
        this.status = JobStatus.of(id, JobState.PENDING);
    }

    /** The id by which the application knows it. */
    public synchronized String id() {
        return id;
    }

    /** The id under which it was begun. */
    public String firstId() {
        return firstId;
    }

    /** Of the factory that it was submitted through. */
    public Home home() {
        return home;
    }

    public Submission submission() {
        return submission;
    }

    public JobNeeds needs() {
        return needs;
    }

    /** The job as it is now, as far as is known without asking a backend. */
    public synchronized JobStatus status() {
        return status;
    }

    /** What a backend is told, and what it tells, this time. Empty while the job is between two backends, and after its end. */
    public synchronized Optional<Attempt> current() {
        return current;
    }

    /** The backend that has it, or had it last. */
    public synchronized URI server() {
        return server;
    }

    /** A status of one of its prompts under the id of the job. */
    public JobStatus named(JobStatus prompt) {
        return named(prompt, id());
    }

    /** A status of a prompt under the id of its job. */
    public static JobStatus named(JobStatus prompt, String id) {
        return prompt.id().equals(id)
                ? prompt
                : new JobStatus(
                        id,
                        prompt.state(),
                        prompt.queuePosition(),
                        prompt.progress(),
                        prompt.remaining(),
                        prompt.outputs(),
                        prompt.failure(),
                        prompt.nodeErrors());
    }

    // ---- sending

    /**
     * Begins an attempt.
     *
     * @param promptId id of the prompt
     * @param placed where it is sent
     * @return one that is not {@linkplain Attempt#isCurrent current} if the job was cancelled meanwhile
     */
    public synchronized Attempt attempt(String promptId, PlacedJob placed) {
        Attempt next = new Attempt(promptId, placed);
        if (!isEnded()) {
            current = Optional.of(next);
            server = placed.server();
        }
        return next;
    }

    /** The backend has it, and the application knows that: from now on the job goes elsewhere if it has to. */
    public synchronized void isHandedOver() {
        handedOver = true;
    }

    /** Its backend may run it, under an id that nobody can find out: from now on it goes nowhere else. */
    public synchronized void staysUnseen() {
        handedOver = false;
    }

    /** The prompt that its last backend says it does not have; empty if it says nothing. */
    public synchronized Optional<String> lostPrompt() {
        return lostPrompt;
    }

    /** What its last backend did, in words. */
    public synchronized String reason() {
        return reason;
    }

    /** How long it has had no backend. */
    public synchronized Duration homeless() {
        return homeless == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - homeless);
    }

    /** Nobody will send it again. */
    public void ends(JobStatus end) {
        synchronized (this) {
            if (!isEnded()) {
                end(named(end, id));
            }
        }
        home.deliver();
    }

    /**
     * Ends it if no backend has it at this moment; otherwise it will not go to another one any more.
     *
     * @return whether it has ended
     */
    public boolean cancel() {
        boolean ended;
        synchronized (this) {
            cancelled = true;
            ended = current.isEmpty() && !isEnded();
            if (ended) {
                end(JobStatus.of(id, JobState.CANCELLED));
            }
        }
        home.deliver();
        return ended;
    }

    public synchronized boolean isCancelled() {
        return cancelled;
    }

    public synchronized boolean isEnded() {
        return status.state().isFinal();
    }

    /** The adapter stops. */
    void forget() {
        count.forget();
    }

    // ---- what becomes of an attempt

    private synchronized void note(Attempt attempt, JobUpdate update) {
        if (!isCurrent(attempt) || isEnded()) {
            return;
        }
        JobState state = update.status().state();
        attempt.learn(update.status());
        boolean lost = state == JobState.LOST || state == JobState.CANCELLED && attempt.leaving && !cancelled;
        if (!state.isFinal()) {
            tell(named(update.status(), id));
        } else if (!lost) {
            end(ComfyUiBackend.located(named(update.status(), id), server));
        } else if (cancelled) {
            end(JobStatus.of(id, JobState.CANCELLED));
        } else if (goesOn(attempt, attempt.leaving && state == JobState.LOST)) {
            lostPrompt = attempt.leaving ? Optional.empty() : Optional.of(attempt.promptId);
            leave(attempt.leaving ? "runs nothing although jobs wait" : "has lost it");
        } else {
            end(JobStatus.of(id, JobState.LOST));
        }
    }

    private boolean isCurrent(Attempt attempt) {
        return current.filter(now -> now == attempt).isPresent();
    }

    /** @param untouched whether the backend surely has not begun with it */
    private boolean goesOn(Attempt attempt, boolean untouched) {
        if (!handedOver || !submission.restartable() && !untouched) {
            return false;
        }
        if (attempt.ran) {
            moves = 0;
            return ++lostRuns < home.maxAttempts();
        }
        if (!attempt.behind) {
            moves++;
        }
        return moves <= MOST_MOVES;
    }

    private synchronized boolean leaves(Attempt attempt, JobKeeper.Trouble trouble) {
        if (!isCurrent(attempt) || isEnded() || cancelled || !handedOver) {
            return false;
        }
        return switch (trouble) {
            case SILENT -> leavesSilent(attempt);
            case IDLE -> leavesIdle(attempt);
        };
    }

    private boolean leavesSilent(Attempt attempt) {
        boolean goes = home.hasOther(needs, attempt.server()) && goesOn(attempt, false);
        if (goes) {
            lostPrompt = Optional.empty();
            attempt.placed.is(JobStage.LOST);
            leave("does not answer");
        }
        return goes;
    }

    private boolean leavesIdle(Attempt attempt) {
        home.idle(attempt.server());
        attempt.leaving = !attempt.ran && moves < MOST_MOVES && home.hasOther(needs, attempt.server());
        return attempt.leaving;
    }

    private void leave(String why) {
        current = Optional.empty();
        reason = why;
        homeless = System.nanoTime();
        tell(JobStatus.of(id, JobState.PENDING));
        home.toSend(this);
    }

    private void tell(JobStatus now) {
        status = now;
        count.is(JobStage.valueOf(now.state().name()));
        home.note(new JobUpdate(server, submission.tag(), true, now, JobSpans.submitter(submission)));
    }

    private void end(JobStatus end) {
        FleetJobs.Place last =
                new FleetJobs.Place(server, current.map(Attempt::promptId).orElse(id));
        tell(end);
        home.ended(this, last);
        current = Optional.empty();
        notifyAll();
    }

    /** Waits until it has ended, or a prompt of it was sent, but not for longer than so many milliseconds. */
    public synchronized void awaitPrompt(long millis) throws InterruptedException {
        if (!isEnded()) {
            wait(millis);
        }
    }

    @Override
    public String toString() {
        return "job " + id();
    }

    /** One sending of the job. */
    public final class Attempt implements JobKeeper, CountedJob.Follower {
        private final PlacedJob placed;
        private String promptId;
        private boolean ran;

        /** Whether something was before it in the queue when it was heard of for the last time. */
        private boolean behind;

        /** Whether it is being taken from a queue in which nothing runs. */
        private boolean leaving;

        private Attempt(String promptId, PlacedJob placed) {
            this.promptId = promptId;
            this.placed = placed;
            this.behind = placed.isBehind();
        }

        /** The job. */
        public FleetJob job() {
            return FleetJob.this;
        }

        public URI server() {
            return placed.server();
        }

        /** By which the backend knows it. */
        public String promptId() {
            synchronized (FleetJob.this) {
                return promptId;
            }
        }

        /** The prompt in the figures of the backend. */
        public CountedJob count() {
            return CountedJob.followedBy(this);
        }

        /** Whether the backend has it, or may have it. */
        public boolean isCurrent() {
            synchronized (FleetJob.this) {
                return FleetJob.this.isCurrent(this);
            }
        }

        /**
         * The backend has it, under an id that may be its own, as of Comfy Cloud and of ComfyUI before 0.3.45. One that nobody knows
         * yet becomes that of the job.
         */
        public void accepted(String given) {
            synchronized (FleetJob.this) {
                if (promptId.equals(id)) {
                    id = given;
                }
                promptId = given;
            }
        }

        /** The backend has it, or may have it. */
        void sent() {
            synchronized (FleetJob.this) {
                FleetJob.this.notifyAll();
            }
        }

        /** The backend surely does not have it. */
        public void failed() {
            synchronized (FleetJob.this) {
                if (FleetJob.this.isCurrent(this)) {
                    current = Optional.empty();
                }
            }
            placed.forget();
        }

        private void learn(JobStatus now) {
            ran |= now.state() == JobState.RUNNING;
            behind = now.queuePosition().isPresent() ? now.queuePosition().getAsInt() > 1 : behind;
            if (now.state() != JobState.LOST) {
                accepted(now.id());
            }
        }

        @Override
        public String jobId() {
            return id();
        }

        @Override
        public String home(String adapter) {
            return adapter;
        }

        @Override
        public void note(JobUpdate update) {
            FleetJob.this.note(this, update);
        }

        @Override
        public long patienceMillis() {
            return home.failoverMillis();
        }

        @Override
        public boolean leaves(Trouble trouble) {
            return FleetJob.this.leaves(this, trouble);
        }

        @Override
        public void is(JobStage stage) {
            placed.is(stage);
            synchronized (FleetJob.this) {
                ran |= stage == JobStage.RUNNING;
                if (FleetJob.this.isCurrent(this) && UNREPEATED.contains(stage)) {
                    FleetJob.this.count.is(stage);
                }
            }
        }

        @Override
        public void forget() {
            placed.forget();
        }
    }
}
