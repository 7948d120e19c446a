package org.genaiconnector.ra.inflow;

import java.lang.System.Logger;
import java.time.Duration;
import java.util.Optional;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Ends in memory: those that wait are in the outbox, and go back to the trackers when the bean is deactivated. They keep them for
 * the next bean that wants them.
 *
 * @param bean its name
 */
record TrackedEnds(String bean, Outbox outbox, JobTrackers trackers, DeliveryCounts counts) implements EndKeeper {
    private static final Logger LOG = System.getLogger(EventDelivery.class.getName());

    @Override
    public Optional<String> trace(Notice.End end) {
        return end.update().submitter().trace();
    }

    @Override
    public boolean holds(Notice.End end) {
        return true;
    }

    @Override
    public boolean acknowledge(Notice.End end) {
        return false;
    }

    @Override
    public void taken(Notice.End end, boolean acknowledged) {
        outbox.done(end);
    }

    @Override
    public void failed(Notice.End end, Duration delay, UndeliveredException why) {
        if (!outbox.redeliver(end.next(), delay)) {
            returned(end.next());
        }
    }

    @Override
    public void gaveUp(Notice.End end, UndeliveredException why) {
        OperatorMessage.LAST_DELIVERY_FAILED.logFailure(
                LOG, why, bean, end.describe(), why.getMessage(), end.delivery());
        outbox.done(end);
    }

    @Override
    public void unavailable(Notice.End end, Duration pause) {
        if (!outbox.pause(end, pause)) {
            returned(end);
        }
    }

    @Override
    public void returned(Notice.End end) {
        counts.note(end.jobId(), end.delivery() - 1);
        trackers.tell(end.update());
    }
}
