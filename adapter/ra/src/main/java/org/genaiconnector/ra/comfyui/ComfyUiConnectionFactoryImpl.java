package org.genaiconnector.ra.comfyui;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.StoredJob;
import org.genaiconnector.ra.comfyui.durable.DurableJobs;
import org.genaiconnector.ra.comfyui.durable.StoredWait;
import org.genaiconnector.ra.comfyui.fleet.FleetJob;
import org.genaiconnector.ra.comfyui.fleet.FleetJobs;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.TrackedJob;
import org.genaiconnector.ra.connection.AbstractConnectionFactory;

/** Connection factory that applications inject. */
public final class ComfyUiConnectionFactoryImpl
        extends AbstractConnectionFactory<ComfyUiManagedConnectionFactory, ComfyUiConnection>
        implements ComfyUiConnectionFactory {
    private static final long serialVersionUID = 1L;

    /** For tools that inspect the class; such an instance makes no connections. */
    public ComfyUiConnectionFactoryImpl() {
        this(null, null);
    }

    ComfyUiConnectionFactoryImpl(ComfyUiManagedConnectionFactory managed, ConnectionManager connectionManager) {
        super(ComfyUiConnection.class, managed, connectionManager);
    }

    @Override
    public JobStatus awaitJob(String jobId, Duration timeout) throws ResourceException {
        return awaitJob(jobId, timeout, status -> {});
    }

    @Override
    public JobStatus awaitJob(String jobId, Duration timeout, Consumer<JobStatus> onChange) throws ResourceException {
        Optional<DurableJobs> store = managed().store().jobs();
        if (store.isPresent()) {
            Optional<StoredWait> wait = store.get().await(jobId, timeout);
            if (wait.isPresent()) {
                return wait.get().await(onChange);
            }
        }
        managed().localJobs().requireCommitted(jobId);
        long since = System.nanoTime();
        JobTrackers trackers = managed().trackers();
        Optional<FactoryFleet> fleet = managed().fleet();
        Optional<FleetJob> moving = fleet.isPresent() ? managed().fleetJobs().alive(jobId) : Optional.empty();
        if (moving.isPresent()) {
            return new FleetWait(fleet.get().owner(), moving.get(), timeout, since).await(onChange);
        }
        FleetJobs.Place place =
                fleet.flatMap(all -> all.placeOf(jobId)).orElseGet(() -> new FleetJobs.Place(server(), jobId));
        URI server = place.server();
        Optional<JobStatus> last = trackers.ended(server, jobId);
        if (last.isPresent()) {
            return last.get();
        }
        Optional<TrackedJob> followed = trackers.followed(server, place.promptId());
        TrackedJob job = followed.isPresent() ? followed.get() : follow(jobId);
        return job.await(timeout, since, onChange);
    }

    @Override
    public List<StoredJob> jobs(JobQuery query) throws GenAiException {
        return managed()
                .store()
                .jobs()
                .orElseThrow(() -> new GenAiException(
                        FailureCategory.UNSUPPORTED,
                        managed()
                                + " has no jobStore, so it cannot list jobs: set the property jobStore of the factory or of"
                                + " the resource adapter"))
                .query(query);
    }

    /** Asks once, over a connection with the right credentials, which is given back before the waiting begins. */
    private TrackedJob follow(String jobId) throws ResourceException {
        try (ComfyUiConnection connection = getConnection()) {
            return ((ComfyUiHandle) connection).follow(jobId);
        }
    }
}
