package org.genaiconnector.ra.comfyui.jobs;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.LongSupplier;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.JobSignal;
import org.genaiconnector.ra.statistics.JobStage;

/** A tracked job, from before it is sent to its end. Guarded by its ledger. */
public final class JobEntry {
    private static final long BETWEEN_PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private enum Stage {
        /** Signals and answers are noted but not published: it may be refused. */
        SENDING,
        /** A client has asked for it; it is unknown whether it exists. */
        ASKED_FOR,
        /** It was sent, and it is unknown whether it arrived. */
        DOUBTFUL,
        /** As doubtful, but already published as rejected: if it turns up it is cancelled. */
        UNWANTED,
        KNOWN
    }

    private final LongSupplier clock;
    private final JobOrigin origin;
    private final Condition changed;
    private final NodeProgress nodes;
    private final SignalledEnd signalledEnd = new SignalledEnd();
    private final NotFoundTimer absence = new NotFoundTimer();
    private String id;
    private Stage stage;
    private JobStatus status;
    private String clientId = "";
    private boolean signalled;
    private boolean taken;
    private boolean published;
    private long lastPublished;
    private int version;
    private int waiters;
    private long knownSince;
    private long runningSince;

    /** 0 if the backend has not taken it, as far as is known. */
    private long acceptedSince;

    private long startsAt;
    private boolean startKnown;
    private long lastAnswer;
    private long lastSign;
    private boolean silenceReported;
    private final NextQuestion question = new NextQuestion();

    /**
     * A job that is about to be sent.
     *
     * @param clock of the ledger
     * @param changed is signalled when the job changes
     */
    JobEntry(LongSupplier clock, Condition changed, String id, JobOrigin origin) {
        this.clock = clock;
        this.changed = changed;
        this.id = id;
        this.origin = origin;
        this.nodes = new NodeProgress(origin.shape().nodes());
        this.status = JobStatus.of(id, JobState.PENDING);
        this.stage = Stage.SENDING;
        this.knownSince = clock.getAsLong();
        this.lastAnswer = knownSince;
        this.lastSign = knownSince;
    }

    JobOrigin origin() {
        return origin;
    }

    String id() {
        return id;
    }

    Condition changed() {
        return changed;
    }

    int version() {
        return version;
    }

    boolean isSending() {
        return stage == Stage.SENDING;
    }

    boolean isKnown() {
        return stage == Stage.KNOWN;
    }

    boolean isEnded() {
        return status.state().isFinal();
    }

    // ---- sending

    /** The WebSocket with this id will signal it. */
    void sentFor(String socketId) {
        clientId = socketId;
    }

    void accepted(String byServer) {
        id = byServer;
        acceptedSince = clock.getAsLong();
        status = JobStatus.of(byServer, status.state());
        known();
    }

    /** A client has asked for it. */
    void askedFor() {
        sent(Stage.ASKED_FOR, NotFoundTimer.SHORT_NANOS);
    }

    /** It was sent, and may turn up within so long. */
    void doubtful(Duration doubt) {
        sent(Stage.DOUBTFUL, doubt.toNanos());
    }

    /** It was sent, may turn up within so long, and is not wanted any more. */
    void unwanted(Duration doubt) {
        sent(Stage.UNWANTED, doubt.toNanos());
    }

    private void sent(Stage next, long patience) {
        stage = next;
        absence.mayLast(patience, clock.getAsLong());
        knownSince = clock.getAsLong();
    }

    boolean isDoubtful() {
        return stage == Stage.DOUBTFUL;
    }

    boolean isUnwanted() {
        return stage == Stage.UNWANTED;
    }

    private void known() {
        if (stage != Stage.KNOWN && stage != Stage.UNWANTED) {
            stage = Stage.KNOWN;
            absence.mayLast(NotFoundTimer.SHORT_NANOS, clock.getAsLong());
            knownSince = clock.getAsLong();
            lastAnswer = knownSince;
            origin.count().is(JobStage.valueOf(status.state().name()));
        }
    }

    // ---- waiting

    void wait(int more) {
        waiters += more;
    }

    boolean isAwaited() {
        return waiters > 0;
    }

    // ---- what the backend answers

    /** Whether a round of questions that began then covers it. */
    boolean isSubjectOf(long roundStart) {
        return stage != Stage.SENDING && knownSince <= roundStart;
    }

    /** The backend has it in its queue; returns whether that is new. */
    boolean seen(JobState state, OptionalInt position) {
        known();
        answered();
        absence.over();
        if (state == JobState.PENDING && status.state() == JobState.RUNNING) {
            return false; // an answer that was overtaken
        }
        boolean isNew = status.state() != state
                || position.isPresent() && !status.queuePosition().equals(position);
        if (state == JobState.RUNNING) {
            running();
        } else if (position.isPresent()) {
            status = JobStatus.pending(id, position.getAsInt());
        }
        if (isNew) {
            sign();
            version++;
        }
        return isNew;
    }

    private void running() {
        if (status.state() != JobState.RUNNING) {
            status = JobStatus.of(id, JobState.RUNNING);
            runningSince = clock.getAsLong();
            if (isKnown()) { // else it may still be taken back
                origin.count().is(JobStage.RUNNING);
            }
            published = false;
            version++;
        }
    }

    void answered() {
        lastAnswer = clock.getAsLong();
    }

    /** The backend does not know it; returns whether that has lasted long enough to believe it. */
    boolean isMissing(long asked) {
        answered();
        return absence.goesOn(asked, signalledEnd);
    }

    boolean isMissing() {
        return absence.isOn();
    }

    /** See {@link NotFoundTimer#untilSearch}. */
    long untilSearch(long now) {
        return absence.untilSearch(now);
    }

    /** This adapter takes it from the queue. */
    void taking() {
        taken = true;
    }

    /** Its end if the backend has forgotten it. */
    JobStatus lastWord() {
        return signalledEnd(Optional.empty())
                .orElseGet(() -> JobStatus.of(
                        id, taken && status.state() == JobState.PENDING ? JobState.CANCELLED : JobState.LOST));
    }

    /** See {@link SignalledEnd#status}. */
    Optional<JobStatus> signalledEnd(Optional<JobState> listed) {
        return signalledEnd.status(id, listed);
    }

    boolean isGivenUp(long now) {
        return origin.lostAfterMillis() > 0
                && now - lastAnswer >= TimeUnit.MILLISECONDS.toNanos(origin.lostAfterMillis());
    }

    /**
     * Whether it goes to another backend, because this one is silent.
     *
     * @param silence how long the backend has answered nothing, about other jobs either
     */
    boolean leaves(long now, long silence) {
        return (stage == Stage.KNOWN || stage == Stage.DOUBTFUL)
                && origin.leaves(JobKeeper.Trouble.SILENT, Math.min(silence, now - lastAnswer));
    }

    void end(JobStatus last) {
        status = last;
        question.never();
        version++;
        changed.signalAll();
    }

    // ---- signals of the WebSocket

    /** Applies a signal about this job; returns whether there is something to publish. */
    boolean apply(JobSignal signal) {
        signalled = true;
        if (stage == Stage.DOUBTFUL) {
            known();
        }
        sign();
        if (signal instanceof JobSignal.Over) {
            question.isDueAt(clock.getAsLong());
            return false;
        }
        if (signal instanceof JobSignal.Ending ending) {
            signalledEnd.apply(ending);
            question.begin(clock.getAsLong());
            return false;
        }
        if (signal instanceof JobSignal.Executed executed) {
            signalledEnd.apply(executed);
        }
        boolean started = status.state() == JobState.PENDING;
        running();
        Optional<JobProgress> before = nodes.current();
        nodes.apply(signal);
        if (!nodes.current().equals(before)) {
            version++;
            return true;
        }
        return started;
    }

    /** Whether the WebSocket with this id signals it. */
    boolean isSignalledTo(String socketId) {
        return clientId.equals(socketId);
    }

    /** Whether the WebSocket should have signalled it and did not. */
    boolean wasNotSignalled() {
        return !signalled && !clientId.isEmpty();
    }

    /** Whether more progress is to be published yet; the beginning always is. */
    boolean mayPublish() {
        long now = clock.getAsLong();
        if (published && now - lastPublished < BETWEEN_PROGRESS_NANOS) {
            return false;
        }
        published = true;
        lastPublished = now;
        return true;
    }

    private void sign() {
        lastSign = clock.getAsLong();
        silenceReported = false;
    }

    /** True once when a running job has been silent for some time. */
    boolean isNewlySilent(long now, Duration silence) {
        if (silenceReported || status.state() != JobState.RUNNING || now - lastSign < silence.toNanos()) {
            return false;
        }
        silenceReported = true;
        return true;
    }

    // ---- when to ask

    /** The job is said to have ended, but the backend does not show it yet. */
    void askAgain() {
        question.again(clock.getAsLong());
    }

    void asking() {
        question.never();
    }

    boolean isToBeAsked() {
        return question.isPlanned() && stage != Stage.SENDING;
    }

    /** Nanoseconds until the backend is to be asked about it; very many if it is not. */
    long untilAsk(long now) {
        return isToBeAsked() ? question.untilDue(now) : Long.MAX_VALUE;
    }

    boolean wasAnsweredSince(long time) {
        return lastAnswer - time >= 0;
    }

    // ---- what is known

    void startsAt(long time) {
        startsAt = time;
        startKnown = true;
    }

    /** How long it will run from now on, at most the whole of what is expected. */
    long remainingNanos(Duration expected, long now) {
        long gone = status.state() == JobState.RUNNING ? now - runningSince : 0;
        return Math.max(0, expected.toNanos() - gone);
    }

    /** The job as it is at this moment. */
    JobStatus view(Optional<Duration> expected) {
        if (isEnded()) {
            return status;
        }
        long now = clock.getAsLong();
        long wait = status.state() == JobState.PENDING && startKnown ? Math.max(0, startsAt - now) : 0;
        return status.with(
                status.state() == JobState.RUNNING ? nodes.current() : Optional.empty(),
                expected.map(duration -> Duration.ofNanos(wait + remainingNanos(duration, now))));
    }

    /** How long it has been at its backend; 0 if that is not known. */
    long hereNanos() {
        return acceptedSince == 0 ? 0 : clock.getAsLong() - acceptedSince;
    }

    /** How long it has been seen running. */
    long ranMillis() {
        return runningSince == 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - runningSince);
    }
}
