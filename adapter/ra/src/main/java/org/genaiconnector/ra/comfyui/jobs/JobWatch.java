package org.genaiconnector.ra.comfyui.jobs;

import jakarta.json.JsonArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.JobRoutes;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.statistics.CountedJob;

/** Looks for jobs on a server that its tracker does not know yet. Used by the poller, once in each of its rounds. */
final class JobWatch {
    /** What to look for. */
    enum Scope {
        /** Whatever anybody sends, for as long as the watch is kept. */
        ALL,
        /** Jobs of ours from before a restart; once, since no more of them will come. */
        OWN_ONCE
    }

    private static final int MOST_SEEN = 20_000;

    /** A page; more than can end between two rounds, unless they take no time. */
    private static final int LATELY = 100;

    /** A page of what ended before the watch began: all of that is nothing new, also if it moves up as newer jobs are deleted. */
    private static final int BEFORE = 1_000;

    private final JobTrackers trackers;
    private final JobTracker tracker;
    private final Scope scope;
    private final long lostAfterMillis;
    private boolean begun;

    private final Map<String, Boolean> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_SEEN;
        }
    };

    JobWatch(JobTrackers trackers, JobTracker tracker, Scope scope, long lostAfterMillis) {
        this.trackers = trackers;
        this.tracker = tracker;
        this.scope = scope;
        this.lostAfterMillis = lostAfterMillis;
    }

    Scope scope() {
        return scope;
    }

    /** Has the tracker follow what it does not know yet. */
    void look(JobRoutes routes) throws GenAiException {
        for (JsonArray item : routes.queueItems()) {
            String id = JsonValues.text(item.get(1));
            Optional<JobMarker> marker = item.size() > 3 ? JobMarker.in(item.get(3)) : Optional.empty();
            if (seen.put(id, true) == null && isNews(id, marker)) {
                follow(id, marker, shape(item));
            }
        }
        if (scope == Scope.ALL) {
            lookBack(routes);
        }
        begun = true;
    }

    /** Page after page, as long as there is anything new: many jobs may have ended while the server could not be asked. */
    private void lookBack(JobRoutes routes) throws GenAiException {
        int page = begun ? LATELY : BEFORE;
        for (int offset = 0; offset < MOST_SEEN; offset += page) {
            List<String> ids = routes.ended(page, offset);
            boolean anyNew = false;
            for (String id : ids) {
                if (seen.put(id, true) == null) {
                    anyNew = true;
                    if (begun && isNews(id, Optional.empty())) {
                        follow(id, Optional.empty(), WorkflowShape.UNKNOWN);
                    }
                }
            }
            if (!anyNew || ids.size() < page) {
                return;
            }
        }
    }

    /** Servers before 0.3.45 call a job by another name than we do, which we may not have heard yet. */
    private boolean isNews(String id, Optional<JobMarker> marker) {
        return ComfyUiBackend.isJobId(id)
                && (scope == Scope.ALL || isOurs(marker))
                && !isKnown(id)
                && !isKnown(marker.map(JobMarker::id).orElse(id));
    }

    private boolean isKnown(String id) {
        return trackers.active(tracker.server(), id).isPresent()
                || trackers.ended(tracker.server(), id).isPresent();
    }

    private boolean isOurs(Optional<JobMarker> marker) {
        return marker.filter(known -> known.home().equals(trackers.home())).isPresent();
    }

    private static WorkflowShape shape(JsonArray item) {
        List<String> outputs = item.size() > 4
                ? JsonValues.elements(item.get(4)).map(JsonValues::text).toList()
                : List.of();
        return WorkflowShape.of(JsonValues.object(item.get(2)), outputs);
    }

    private void follow(String id, Optional<JobMarker> marker, WorkflowShape shape) {
        tracker.adopt(
                id,
                new TrackedJob.Origin(
                        marker.flatMap(JobMarker::tag), isOurs(marker), shape, lostAfterMillis, CountedJob.uncounted()),
                Optional.of(FoundJob.of(JobStatus.of(id, JobState.PENDING))), // the next round tells more
                System.nanoTime());
    }
}
