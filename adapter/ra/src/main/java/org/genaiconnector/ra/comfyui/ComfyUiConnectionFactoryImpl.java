package org.genaiconnector.ra.comfyui;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
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
        JobWait wait = new JobWait(jobId, timeout);
        Optional<JobStatus> told = Optional.empty();
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
                if (!status.equals(told)) {
                    told = status;
                    onChange.accept(status.get());
                }
            }
            wait.pause(managed().events(), server());
        }
    }

    private Optional<JobStatus> ask(String jobId) throws ResourceException {
        try (ComfyUiConnection connection = getConnection()) {
            return connection.findJob(jobId);
        }
    }
}
