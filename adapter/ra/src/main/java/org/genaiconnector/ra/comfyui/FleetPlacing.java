package org.genaiconnector.ra.comfyui;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.comfyui.fleet.Abilities;
import org.genaiconnector.ra.comfyui.fleet.Fleet;
import org.genaiconnector.ra.comfyui.fleet.JobNeeds;
import org.genaiconnector.ra.comfyui.fleet.PlacedJob;
import org.genaiconnector.ra.comfyui.jobs.QueueLength;

/** Chooses the backends of jobs, and asks the backends what has to be known for that. Over the connection of a handle. */
final class FleetPlacing {
    private static final Logger LOG = System.getLogger(FleetPlacing.class.getName());

    /** Placing must not wait long for a backend that loads a model. */
    private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(2);

    private final FactoryFleet own;
    private final BackendWay handle;

    FleetPlacing(FactoryFleet own, BackendWay handle) {
        this.own = own;
        this.handle = handle;
    }

    /**
     * Chooses the backend of a job.
     *
     * @param tried the backends that have not taken it
     * @param last why the last of these has not; null without
     */
    PlacedJob place(JobNeeds needs, Set<URI> tried, GenAiException last) throws GenAiException {
        lookAtQueues();
        try {
            return placeByWhatIsKnown(needs, tried);
        } catch (GenAiException e) {
            if (last != null) {
                throw new GenAiException(
                        last.category(), e.getMessage() + " -- the last one: " + last.getMessage(), last);
            }
            throw e;
        }
    }

    /** Before anything counts as lacking everywhere, the backends are asked again: models come and go. */
    private PlacedJob placeByWhatIsKnown(JobNeeds needs, Set<URI> tried) throws GenAiException {
        boolean remembered = own.fleet().servers().stream()
                .anyMatch(server -> own.abilities().lacks(server, needs).isPresent());
        try {
            return own.fleet().place(needs, new Fleet.Known(lacks(needs), tried));
        } catch (GenAiException e) {
            if (e.category() != FailureCategory.UNSUPPORTED || !remembered) {
                throw e;
            }
            own.abilities().forget(own.fleet().servers(), needs);
            own.owner().forgetNodeClasses();
            return own.fleet().place(needs, new Fleet.Known(lacks(needs), tried));
        }
    }

    /** What the backends that answer lack; those are asked of which it is not known. */
    Map<URI, List<String>> lacks(JobNeeds needs) {
        Map<URI, List<String>> lacks = new LinkedHashMap<>();
        for (URI server : own.fleet().live()) {
            Optional<List<String>> known = own.lacks(server, needs);
            if (known.isEmpty()) {
                known = ask(server, needs);
                known.ifPresent(list -> own.abilities().learn(server, needs, list));
            }
            known.ifPresent(list -> lacks.put(server, list));
        }
        return lacks;
    }

    /** Empty if it cannot be asked: then it counts as having everything. */
    private Optional<List<String>> ask(URI server, JobNeeds needs) {
        try {
            return Optional.of(
                    handle.at(server, operations -> Abilities.ask(operations.catalogue("getNodeClasses"), needs)));
        } catch (GenAiException e) {
            return Optional.empty();
        }
    }

    /** Sees how many jobs the backends that answer have, unless that was seen just now; jobs of other clients count as well. */
    void lookAtQueues() {
        for (URI server : own.fleet().live()) {
            if (own.isToLookAt(server)) {
                ask(server);
            }
            own.owner()
                    .trackers()
                    .queue(server)
                    .ifPresent(queue -> own.fleet().queue(server, queue.jobs(), queue.seen()));
        }
    }

    /** One that cannot be asked counts as it was seen before: whether it answers is found out by others. */
    private void ask(URI server) {
        long asked = System.nanoTime();
        try {
            handle.at(server, operations -> operations.queueLength(QUESTION_TIMEOUT))
                    .ifPresent(jobs -> own.owner().trackers().queueSeen(server, new QueueLength(jobs, asked)));
        } catch (GenAiException e) {
            LOG.log(Level.DEBUG, "{0} does not tell how many jobs it has: {1}", server, e.getMessage());
        }
    }
}
