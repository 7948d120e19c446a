package org.genaiconnector.ra.comfyui.jobs;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobSignal;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.statistics.CountedJob;

/** A ledger with a clock that tests turn, and a list of what comes out of it. No time passes by itself. */
final class LedgerSetup implements LedgerListener {
    static final URI BACKEND = URI.create("http://there:8188");
    static final WorkflowShape SHAPE = new WorkflowShape(Set.of("1", "2"), "two nodes");
    static final Output TEXT = new OutputText("2", "text", "done");

    /** Without deviations at random: rounds are planned by these times plus or minus a tenth. */
    static final TrackingTimes TIMES = TrackingTimes.USUAL;

    final List<JobUpdate> updates = new ArrayList<>();
    final List<JobPreview> previews = new ArrayList<>();
    final Set<String> followed = new HashSet<>();
    final Set<String> known = new HashSet<>();
    final JobLedger ledger;

    /** As it was seen last. */
    int queueLength;

    private long now = 1_000_000_000_000L;

    LedgerSetup() {
        ledger = new JobLedger(BACKEND, TIMES, () -> now, new RunTimeEstimates(), this);
        ledger.attendance().begin();
        poll(List.of(), List.of());
    }

    void pass(Duration time) {
        now += time.toNanos();
    }

    void passMillis(long millis) {
        pass(Duration.ofMillis(millis));
    }

    /** Turns the clock until a question is due. */
    Duration passUntilDue() {
        Duration due = untilDue();
        pass(due);
        return due;
    }

    /** Rounded up to milliseconds; zero if a question is due. */
    Duration untilDue() {
        return Duration.ofMillis(Math.max(0, (ledger.questions().untilDue() + 999_999) / 1_000_000));
    }

    // ---- what goes in

    static JobOrigin origin(boolean own, long lostAfterMillis) {
        return new JobOrigin(Optional.of("tag"), own, SHAPE, lostAfterMillis, CountedJob.uncounted());
    }

    /** A job of ours that the backend has accepted. */
    JobEntry accepted(String id) {
        JobEntry job = ledger.expect(id, origin(true, 0));
        ledger.accepted(job, id);
        return job;
    }

    /** As {@link #accepted}, with a WebSocket that has signalled that the job runs. */
    JobEntry running(String id) {
        ledger.questions().socketOpened("socket");
        JobEntry job = ledger.expect(id, origin(true, 0));
        ledger.sentFor(job, "socket");
        ledger.accepted(job, id);
        ledger.questions().signal(new JobSignal.Started(id));
        return job;
    }

    /** A round in which the backend has these jobs in its queue; returns the jobs that the ledger misses. */
    List<JobEntry> poll(List<String> running, List<String> pending) {
        List<JobEntry> missing = ledger.questions().queue(new JobQueue(running, pending), now);
        ledger.questions().answered();
        ledger.questions().roundEnded(now);
        return missing;
    }

    /** A round as {@link #poll}, after which the backend says that it knows nothing of the missing jobs. */
    void pollAndFindNothing() {
        long asked = now;
        List<JobEntry> missing = ledger.questions().queue(new JobQueue(List.of(), List.of()), asked);
        missing.forEach(job -> {
            ledger.found(job, Optional.empty(), asked);
            ledger.questions().askedAsMissing(job);
        });
        ledger.questions().answered();
        ledger.questions().roundEnded(asked);
    }

    /** A question about one job that the backend answers so. */
    void answer(JobEntry job, JobStatus status) {
        ledger.found(job, Optional.of(FoundJob.of(status)), now);
    }

    /** A question about one job that has ended after some time. */
    void completed(JobEntry job, Duration ran) {
        FoundJob found = new FoundJob(
                JobStatus.ended(job.id(), JobState.COMPLETED, List.of(TEXT), Optional.empty()),
                OptionalLong.of(ran.toMillis()),
                Optional.empty());
        ledger.found(job, Optional.of(found), now);
    }

    void progress(String id, double value, double max) {
        ledger.questions().signal(new JobSignal.Advanced(id, "1", value, max));
    }

    void ending(String id, JobState state) {
        ledger.questions()
                .signal(new JobSignal.Ending(
                        id,
                        state,
                        state == JobState.FAILED
                                ? Optional.of(new JobFailure("1", "Type", "Error", "broken", List.of()))
                                : Optional.empty()));
    }

    // ---- what comes out

    List<JobState> states(String id) {
        return updates.stream()
                .map(JobUpdate::status)
                .filter(status -> status.id().equals(id))
                .map(JobStatus::state)
                .toList();
    }

    List<JobStatus> ends() {
        return updates.stream().filter(JobUpdate::isEnd).map(JobUpdate::status).toList();
    }

    @Override
    public void followed(JobEntry job) {
        followed.add(job.id());
    }

    @Override
    public void forgotten(JobEntry job) {
        followed.remove(job.id());
    }

    @Override
    public void ended(JobStatus end) {
        known.add(end.id());
    }

    @Override
    public void queueSeen(int jobs, long seen) {
        queueLength = jobs;
    }

    @Override
    public boolean isKnown(String id) {
        return known.contains(id) || followed.contains(id);
    }

    @Override
    public void ran(JobEntry job, JobState end) {
        // nothing of a trace
    }

    @Override
    public void update(JobUpdate update) {
        updates.add(update);
    }

    @Override
    public void preview(JobPreview preview) {
        previews.add(preview);
    }

    @Override
    public void unlocked() {
        // what came out is looked at by the test
    }
}
