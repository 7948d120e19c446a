package org.genaiconnector.ra.comfyui;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.naming.Reference;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.Credentials;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.connection.ConnectionRequest;

/** Connection factory that applications inject. */
public final class ComfyUiConnectionFactoryImpl implements ComfyUiConnectionFactory {
    private static final long serialVersionUID = 1L;

    private final ComfyUiManagedConnectionFactory managed;
    private final ConnectionManager connectionManager;
    private Reference reference;

    /** For tools that inspect the class; such an instance makes no connections. */
    public ComfyUiConnectionFactoryImpl() {
        this(null, null);
    }

    ComfyUiConnectionFactoryImpl(ComfyUiManagedConnectionFactory managed, ConnectionManager connectionManager) {
        this.managed = managed;
        this.connectionManager = connectionManager;
    }

    @Override
    public ComfyUiConnection getConnection() throws ResourceException {
        return (ComfyUiConnection) managed.borrow(connectionManager, null);
    }

    @Override
    public ComfyUiConnection getConnection(Credentials credentials) throws ResourceException {
        return (ComfyUiConnection) managed.borrow(connectionManager, new ConnectionRequest(credentials));
    }

    @Override
    public JobStatus awaitJob(String jobId, Duration timeout) throws ResourceException {
        JobWait wait = new JobWait(jobId, timeout);
        while (true) {
            Optional<JobStatus> status = ask(jobId);
            if (status.isPresent() && status.get().state().isFinal()) {
                return status.get();
            }
            if (status.isEmpty() && wait.isLost()) {
                return JobStatus.of(jobId, JobState.LOST);
            }
            if (status.isPresent()) {
                wait.seen();
            }
            wait.pause(managed.events(), server());
        }
    }

    private Optional<JobStatus> ask(String jobId) throws ResourceException {
        try (ComfyUiConnection connection = getConnection()) {
            return connection.findJob(jobId);
        }
    }

    @Override
    public URI server() {
        return managed.address();
    }

    @Override
    public ConnectionStatistics statistics() {
        return managed.statistics();
    }

    @Override
    public void resetStatistics() {
        managed.resetStatistics();
    }

    @Override
    public void setReference(Reference reference) {
        this.reference = reference;
    }

    @Override
    public Reference getReference() {
        return reference;
    }
}
