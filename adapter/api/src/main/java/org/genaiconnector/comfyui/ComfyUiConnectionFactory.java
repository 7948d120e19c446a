package org.genaiconnector.comfyui;

import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.Credentials;
import org.genaiconnector.GenAiException;

/**
 * Connection factory for one ComfyUI, injected with {@code @Resource}. May be used by any number of threads.
 */
public interface ComfyUiConnectionFactory extends Serializable, Referenceable {

    /**
     * Borrows a connection with the credentials of the container or of the factory's configuration.
     *
     * @return an open connection; close it soon, best by {@code try}-with-resources
     * @throws ResourceException if the pool is exhausted for longer than its wait time, or a new connection cannot be made
     */
    ComfyUiConnection getConnection() throws ResourceException;

    /**
     * Borrows a connection with these credentials in place of the configured ones, for a ComfyUI behind an
     * authenticating proxy.
     *
     * @param credentials not null
     * @return an open connection
     * @throws ResourceException as {@link #getConnection()}
     */
    ComfyUiConnection getConnection(Credentials credentials) throws ResourceException;

    /**
     * Waits until a job has ended, without holding a connection: the adapter tracks its jobs by itself. Only for a job
     * that it does not track, such as one of another client, the adapter borrows a connection for a moment.
     *
     * @param jobId as in {@link Job#id()}
     * @param timeout how long to wait; zero asks once
     * @return the final status, whose {@link JobStatus#state()} {@link JobState#isFinal() is final}; {@link JobState#LOST}
     *     if ComfyUI does not know the job (any more)
     * @throws GenAiException category {@code DEADLINE} if the job has not ended in time (it continues), {@code
     *     CANCELLED} if the thread was interrupted (its interrupt flag stays set), {@code CLOSED} if the adapter was
     *     stopped
     * @throws ResourceException if ComfyUI cannot be asked
     */
    JobStatus awaitJob(String jobId, Duration timeout) throws ResourceException;

    /**
     * Waits until a job has ended, and reports its progress meanwhile.
     *
     * @param jobId as in {@link Job#id()}
     * @param timeout how long to wait; zero asks once
     * @param onChange called on this thread whenever state, queue position or progress have changed, not for the end;
     *     an exception of it ends the waiting and reaches the caller; the job continues
     * @return as {@link #awaitJob(String, Duration)}
     * @throws GenAiException as {@link #awaitJob(String, Duration)}
     * @throws ResourceException if ComfyUI cannot be asked
     */
    JobStatus awaitJob(String jobId, Duration timeout, Consumer<JobStatus> onChange) throws ResourceException;

    /**
     * Jobs of the job store, on whichever application server they were queued. In a transaction it also sees the jobs of that.
     *
     * @param query which ones
     * @return the newest first, at most as many as the query permits
     * @throws GenAiException category {@code UNSUPPORTED} if this factory has no job store, {@code UNAVAILABLE} if the store cannot
     *     be read now
     */
    List<StoredJob> jobs(JobQuery query) throws GenAiException;

    /**
     * Borrows a connection and opens a file, streamed. The connection goes back to its pool when the download is closed.
     *
     * @param file as in {@link JobStatus#files()}, or as returned for an upload
     * @return to be closed by the caller, also if it is never read
     * @throws GenAiException as {@link ComfyUiConnection#download(ServerFile)}; the connection has gone back
     * @throws ResourceException as {@link #getConnection()}
     */
    default Download download(ServerFile file) throws ResourceException {
        return download(file, DownloadOptions.WHOLE);
    }

    /**
     * Borrows a connection and opens a file, streamed, as a preview or with limits. The connection goes back to its pool when
     * the download is closed.
     *
     * @param file as in {@link JobStatus#files()}, or as returned for an upload
     * @param options how
     * @return to be closed by the caller, also if it is never read
     * @throws GenAiException as {@link ComfyUiConnection#download(ServerFile, DownloadOptions)}; the connection has gone back
     * @throws ResourceException as {@link #getConnection()}
     */
    default Download download(ServerFile file, DownloadOptions options) throws ResourceException {
        return BorrowedDownload.open(getConnection(), file, options);
    }

    /**
     * The ComfyUI to which this factory connects; of several the first.
     *
     * @return base address without path
     */
    URI server();

    /**
     * Statistics of this factory's connections; also available by JMX.
     *
     * @return a snapshot
     */
    ConnectionStatistics statistics();

    /** Sets the statistics to zero. */
    void resetStatistics();
}
