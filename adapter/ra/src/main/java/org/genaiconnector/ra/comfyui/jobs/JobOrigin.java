package org.genaiconnector.ra.comfyui.jobs;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.statistics.CountedJob;

/**
 * Where a job comes from.
 *
 * @param tag of its submission
 * @param own whether it was submitted through this adapter
 * @param shape of its workflow
 * @param lostAfterMillis how long the backend may be silent before the job counts as lost; 0 for ever
 * @param count the job in the figures of its factory
 * @param keeper what hears of it in place of the observers
 * @param submitter on whose behalf it was submitted, as far as is known
 */
record JobOrigin(
        Optional<String> tag,
        boolean own,
        WorkflowShape shape,
        long lostAfterMillis,
        CountedJob count,
        Optional<JobKeeper> keeper,
        Submitter submitter) {
    /** One of which all observers hear. */
    JobOrigin(Optional<String> tag, boolean own, WorkflowShape shape, long lostAfterMillis, CountedJob count) {
        this(tag, own, shape, lostAfterMillis, count, Optional.empty(), Submitter.UNKNOWN);
    }

    /** One that was found, and that no figures count. */
    static JobOrigin found(Optional<JobMarker> marker, boolean own, WorkflowShape shape, long lostAfterMillis) {
        return new JobOrigin(
                marker.flatMap(JobMarker::tag),
                own,
                shape,
                lostAfterMillis,
                CountedJob.uncounted(),
                Optional.empty(),
                new Submitter(Optional.empty(), marker.flatMap(JobMarker::trace)));
    }

    /**
     * What the prompt of the job is marked with.
     *
     * @param id of the prompt
     * @param home of the adapter; any adapter may go on with a job that a store keeps
     */
    JobMarker marker(String id, String home) {
        return new JobMarker(id, tag, keeper.map(each -> each.home(home)).orElse(home));
    }

    /**
     * Whether the job goes elsewhere.
     *
     * @param nanos how long the trouble lasts
     */
    boolean leaves(JobKeeper.Trouble trouble, long nanos) {
        long patience = keeper.map(JobKeeper::patienceMillis).orElse(0L);
        return patience > 0
                && nanos >= TimeUnit.MILLISECONDS.toNanos(patience)
                && keeper.get().leaves(trouble);
    }
}
