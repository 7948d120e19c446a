package org.genaiconnector.ra.comfyui.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.ra.comfyui.wire.JobSignal;

/** What a tracker makes of the signals of its WebSocket. Guarded by the tracker. */
final class SignalHandler {
    private static final int MOST_STRAY_ENDS = 200;

    private final JobTracker tracker;
    private final JobPoller poller;
    private final EventDispatcher newsroom;

    /** Ends that were told before the job was known, as for ids that the server has chosen. */
    private final Map<String, JobSignal> strayEnds = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, JobSignal> eldest) {
            return size() > MOST_STRAY_ENDS;
        }
    };

    private String running = "";

    SignalHandler(JobTracker tracker, JobPoller poller, EventDispatcher newsroom) {
        this.tracker = tracker;
        this.poller = poller;
        this.newsroom = newsroom;
    }

    void hear(JobSignal signal) {
        if (signal instanceof JobSignal.Preview preview) {
            show(preview);
        } else if (signal instanceof JobSignal.QueueChanged) {
            poller.queueChanged();
        } else {
            TrackedJob job = tracker.job(signal.job());
            running = signal instanceof JobSignal.Over || job == null ? "" : job.id();
            if (job == null) {
                keepEnd(signal);
            } else {
                hear(job, signal);
            }
        }
    }

    private void hear(TrackedJob job, JobSignal signal) {
        poller.hears();
        if (job.isUnwanted()) {
            poller.queueChanged(); // which cancels it, once a second where that is not possible
            return;
        }
        if (job.apply(signal) && !job.isSending() && job.mayTell()) {
            tracker.tell(job);
        }
        job.changed().signalAll();
        if (job.isToBeAsked()) {
            tracker.wake();
        }
    }

    private void keepEnd(JobSignal signal) {
        if (signal instanceof JobSignal.Over || signal instanceof JobSignal.Ending) {
            strayEnds.put(signal.job(), signal);
        }
    }

    /** The end of a job that was told before anybody knew the job. */
    Optional<JobSignal> strayEnd(String id) {
        return Optional.ofNullable(strayEnds.remove(id));
    }

    /** A picture without a job is of the one that runs, which is ours if we heard so last. */
    private void show(JobSignal.Preview preview) {
        TrackedJob job = tracker.job(preview.job().isEmpty() ? running : preview.job());
        if (job != null && !job.isSending() && !job.isUnwanted() && isOf(job, preview)) {
            newsroom.add(new JobPreview(
                    job.id(),
                    tracker.server(),
                    job.origin().tag(),
                    preview.node(),
                    preview.mediaType(),
                    preview.content()));
        }
    }

    /** Texts go to everybody and name only their node. */
    private static boolean isOf(TrackedJob job, JobSignal.Preview preview) {
        return !preview.mediaType().startsWith("text/")
                || job.origin().shape().nodes().contains(preview.node());
    }
}
