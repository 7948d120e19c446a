package org.genaiconnector.ra.comfyui.durable;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.comfyui.jobs.JobCalls;
import org.genaiconnector.ra.comfyui.jobs.JobKeeper;
import org.genaiconnector.ra.comfyui.jobs.JobSpans;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.comfyui.jobs.Submitter;
import org.genaiconnector.ra.comfyui.jobs.TrackedJob;
import org.genaiconnector.ra.comfyui.store.JobRow;
import org.genaiconnector.ra.comfyui.store.StoredState;
import org.genaiconnector.ra.comfyui.wire.JobMarker;

/**
 * One attempt of a job that this instance owns: what is written of it, and what is known beyond that. Any thread; its lock is
 * taken last, and nothing foreign is called with it.
 */
final class OwnJob implements JobKeeper {
    private enum Phase {
        /** Is to be sent, or is being sent. */
        UNSENT,
        /** Is to be followed again, at first with the question whether the backend has it if that is not written. */
        UNFOLLOWED,
        /** The backend may have it. */
        DOUBTFUL,
        /** That lasted too long: it is to be sent anew. */
        GIVEN_UP,
        /** The backend has it. */
        ACCEPTED,
        /** The backend surely does not have it. */
        RETURNED
    }

    private final Runnable changed;
    private JobRow row;
    private Phase phase;
    private Optional<TrackedJob> tracked = Optional.empty();
    private String promptId;
    private long acceptedAt;
    private long doubtEnds;
    private Optional<JobStatus> end = Optional.empty();
    private final News news = new News();
    private boolean ran;
    private int vanished;
    private boolean cancel;
    private boolean dropped;

    /** Null before it is sent or followed. */
    private Submission submission;

    private boolean findable = true;
    private Optional<Fellows> fellows = Optional.empty();

    /** Whether it is being taken from a queue in which nothing runs. */
    private boolean leaving;

    /**
     * One that is to be sent.
     *
     * @param changed is called when there is something to write, with locks held
     */
    private OwnJob(JobRow row, Phase phase, Runnable changed) {
        this.row = row;
        this.phase = phase;
        this.changed = changed;
        this.promptId = row.promptId();
        this.cancel = row.cancel();
        this.ran = row.state() == StoredState.RUNNING;
    }

    /** One that is to be sent. */
    static OwnJob toSend(JobRow row, Runnable changed) {
        return new OwnJob(row, Phase.UNSENT, changed);
    }

    /** The next attempt of one that has vanished. */
    OwnJob next(JobRow again) {
        OwnJob next = new OwnJob(again, Phase.UNSENT, changed);
        next.vanished = timesVanished();
        return next;
    }

    /** One that another instance has begun. */
    static OwnJob toFollow(JobRow row, Runnable changed) {
        return new OwnJob(row, Phase.UNFOLLOWED, changed);
    }

    /**
     * What it runs, and what it knows of backends.
     *
     * @param findable whether its backend finds it by the id of its prompt
     * @param others besides its backend
     */
    synchronized void isOf(Submission submitted, boolean findable, Optional<Fellows> others) {
        submission = submitted;
        this.findable = findable;
        fellows = others;
    }

    /** Whether the backend surely does not have it if it does not find it. */
    synchronized boolean isFindable() {
        return findable;
    }

    /** On whose behalf it was submitted. */
    synchronized Submitter submitter() {
        return submission == null ? new Submitter(row.caller(), Optional.empty()) : JobSpans.submitter(submission);
    }

    /** Whether it may be started again after it has run. */
    synchronized boolean isRestartable() {
        return submission == null || submission.restartable();
    }

    // ---- what is written

    synchronized JobRow row() {
        return row;
    }

    synchronized void written(JobRow now) {
        row = now;
        cancel |= now.cancel();
    }

    @Override
    public String jobId() {
        return row().id();
    }

    /** Any instance that uses the store may go on with it. */
    @Override
    public String home(String home) {
        return JobMarker.OF_STORE;
    }

    /** By which the backend knows it. */
    synchronized String promptId() {
        return promptId;
    }

    // ---- what the sender finds

    synchronized boolean isToBeSent() {
        return phase == Phase.UNSENT && !dropped && end.isEmpty();
    }

    synchronized boolean isToBeFollowed() {
        return phase == Phase.UNFOLLOWED && !dropped && end.isEmpty();
    }

    /** It was sent, or is followed again. */
    void follows(JobCalls.Kept kept, Duration doubt) {
        synchronized (this) {
            tracked = Optional.of(kept.tracked());
            if (kept.id().isPresent()) {
                accepted(kept.id().get());
            } else if (phase != Phase.ACCEPTED) { // else it has turned up meanwhile
                phase = Phase.DOUBTFUL;
                doubtEnds = System.nanoTime() + doubt.toNanos();
            }
        }
        changed.run();
    }

    private void accepted(String id) {
        promptId = id;
        if (phase != Phase.ACCEPTED) {
            phase = Phase.ACCEPTED;
            acceptedAt = System.nanoTime();
        }
    }

    /** It surely did not arrive. */
    void returned() {
        synchronized (this) {
            phase = Phase.RETURNED;
        }
        changed.run();
    }

    /** It is not known what an error has left behind. */
    synchronized void lostTrack() {
        if (end.isEmpty()) {
            phase = Phase.UNFOLLOWED;
        }
    }

    /** It has an end that no tracker tells. */
    void ends(JobStatus status) {
        synchronized (this) {
            if (end.isEmpty()) {
                end = Optional.of(status);
            }
        }
        changed.run();
    }

    // ---- what the tracker finds

    @Override
    public void note(JobUpdate update) {
        synchronized (this) {
            if (end.isPresent()) {
                return;
            }
            if (update.status().state() != JobState.LOST) {
                accepted(update.status().id());
            }
            ran |= update.status().state() == JobState.RUNNING;
            if (update.isEnd()) {
                boolean taken = update.status().state() == JobState.CANCELLED && leaving && !cancel;
                end = Optional.of(taken ? JobStatus.of(update.status().id(), JobState.LOST) : update.status());
            } else {
                news.are(update);
            }
        }
        changed.run();
    }

    @Override
    public long patienceMillis() {
        return fellows.map(Fellows::failoverMillis).orElse(0L);
    }

    @Override
    public boolean leaves(Trouble trouble) {
        synchronized (this) {
            if (end.isPresent() || dropped || cancel || fellows.isEmpty()) {
                return false;
            }
            if (trouble == Trouble.IDLE) {
                fellows.get().idle();
                leaving = !ran && fellows.get().hasOther(submission);
                return leaving;
            }
            if (!submission.restartable() || !fellows.get().hasOther(submission)) {
                return false;
            }
            end = Optional.of(JobStatus.of(promptId, JobState.LOST));
        }
        changed.run();
        return true;
    }

    /** The job as it is known to be, if that is more than is written. */
    synchronized Optional<JobStatus> latest() {
        return news.latest().filter(status -> end.isEmpty()).map(status -> News.named(status, row.id()));
    }

    // ---- what the recorder does

    synchronized Optional<JobStatus> end() {
        return end;
    }

    synchronized boolean isReturned() {
        return phase == Phase.RETURNED;
    }

    synchronized boolean isGivenUp() {
        return phase == Phase.GIVEN_UP;
    }

    /** Whether the backend has it, and that is not written. */
    synchronized boolean isNewlyAccepted() {
        return phase == Phase.ACCEPTED && row.state() == StoredState.SENDING;
    }

    /**
     * How this attempt has come to nothing.
     *
     * @param lastCause when a lost job has counted as the cause; those accepted before were lost with it
     * @param others of this instance at the same backend
     */
    Fate fate(long lastCause, Collection<OwnJob> others) {
        boolean accepted;
        boolean waited;
        long since;
        synchronized (this) {
            since = acceptedAt;
            accepted = phase == Phase.ACCEPTED || row.state() != StoredState.SENDING;
            waited = since - lastCause <= 0 || news.tellOfWaiting();
            if (ran || !accepted) {
                return Fate.of(accepted, ran, waited);
            }
        }
        return Fate.of(
                accepted, false, waited || others.stream().anyMatch(other -> other != this && other.isBefore(since)));
    }

    /** Whether the backend runs or has lost it before one that was accepted at that time. */
    private synchronized boolean isBefore(long accepted) {
        return phase == Phase.ACCEPTED
                && (ran || acceptedAt - accepted < 0)
                && end.filter(status -> status.state() != JobState.LOST).isEmpty();
    }

    /** How often in a row it was sent and did not turn up, this time included. */
    synchronized int timesVanished() {
        return vanished + 1;
    }

    /** Whether the backend should have shown it by now. */
    synchronized boolean isDoubtOver() {
        return phase == Phase.DOUBTFUL && end.isEmpty() && doubtEnds - System.nanoTime() <= 0;
    }

    /** It has not turned up; if it does so yet it is cancelled. Does nothing if it has turned up just now. */
    void giveUp() {
        Optional<TrackedJob> follower;
        synchronized (this) {
            follower = tracked;
        }
        if (follower.isPresent() && follower.get().becomesUnwanted()) {
            synchronized (this) {
                phase = Phase.GIVEN_UP;
            }
            changed.run();
        }
    }

    /** Nothing asks about it although it has not ended: it is to be followed again. */
    boolean isForsaken() {
        Optional<TrackedJob> follower;
        synchronized (this) {
            boolean followed = phase == Phase.ACCEPTED || phase == Phase.DOUBTFUL;
            follower = followed && end.isEmpty() ? tracked : Optional.empty();
        }
        if (follower.isEmpty() || follower.get().isFollowed()) {
            return false;
        }
        synchronized (this) {
            boolean forsaken = end.isEmpty(); // else it has ended meanwhile
            if (forsaken) {
                phase = Phase.UNFOLLOWED;
            }
            return forsaken;
        }
    }

    /** The latest change that was not published yet. */
    synchronized Optional<JobUpdate> takeUntold() {
        return news.takeUntold(row.id()).filter(update -> end.isEmpty());
    }

    /** The latest change, if it is to be written now. */
    synchronized Optional<JobStatus> takeUnwritten(Duration pause) {
        boolean sent = row.state() == StoredState.SENT || row.state() == StoredState.RUNNING;
        return sent ? news.takeUnwritten(pause) : Optional.empty();
    }

    synchronized void cancelRequested() {
        cancel = true;
    }

    synchronized boolean isCancelled() {
        return cancel;
    }

    /** Whether the backend is to be asked to cancel it. */
    synchronized boolean isToBeCancelled() {
        return cancel && phase == Phase.ACCEPTED && end.isEmpty() && !dropped;
    }

    /**
     * This instance has lost it.
     *
     * @return whether the backend may have got it without that being written, or may get it yet
     */
    boolean drop() {
        Optional<TrackedJob> follower;
        boolean stray;
        synchronized (this) {
            dropped = true;
            follower = tracked;
            stray = row.state() == StoredState.SENDING && (phase == Phase.ACCEPTED || phase == Phase.DOUBTFUL);
        }
        follower.ifPresent(TrackedJob::refused);
        return stray;
    }

    synchronized boolean isDropped() {
        return dropped;
    }
}
