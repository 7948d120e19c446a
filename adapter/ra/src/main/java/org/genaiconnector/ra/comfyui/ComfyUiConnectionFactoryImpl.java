package org.genaiconnector.ra.comfyui;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobStatus;
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
        managed().localJobs().requireCommitted(jobId);
        long since = System.nanoTime();
        JobTrackers trackers = managed().trackers();
        Optional<JobStatus> last = trackers.ended(server(), jobId);
        if (last.isPresent()) {
            return last.get();
        }
        Optional<TrackedJob> followed = trackers.followed(server(), jobId);
        TrackedJob job = followed.isPresent() ? followed.get() : follow(jobId);
        return job.await(timeout, since, onChange);
    }

    /** Asks once, over a connection with the right credentials, which is given back before the waiting begins. */
    private TrackedJob follow(String jobId) throws ResourceException {
        try (ComfyUiConnection connection = getConnection()) {
            return ((ComfyUiHandle) connection).follow(jobId);
        }
    }
}
