package org.genaiconnector.comfyui;

import java.util.List;
import java.util.Optional;
import org.genaiconnector.GenAiException;

/**
 * Connection handle to a ComfyUI server. Every operation is one or a few HTTP calls on the caller's thread; none waits
 * for a job. A handle is for one thread at a time. After {@link #close()}, and when the container took its connection
 * away, every operation fails with category {@code CLOSED}.
 *
 * <p>All operations throw {@link GenAiException}: {@code UNAVAILABLE} if the server cannot be reached,
 * {@code AUTHENTICATION} or {@code PERMISSION} if a proxy before it refuses the credentials, {@code TIMEOUT_RESPONSE}
 * if it stays silent, {@code PROTOCOL} if it answers something else than ComfyUI does.
 */
public interface ComfyUiConnection extends AutoCloseable {

    /**
     * Sends a workflow to the server's queue and returns at once.
     *
     * @param workflow checked already
     * @return the accepted job; its id is made here, before sending, so that a lost answer cannot make two jobs
     * @throws WorkflowRejectedException if the server's validation refuses it
     * @throws GenAiException see class
     */
    Job queuePrompt(Workflow workflow) throws GenAiException;

    /**
     * Sends a workflow to the server's queue as described, and returns at once.
     *
     * @param submission what and how
     * @return as {@link #queuePrompt(Workflow)}
     * @throws WorkflowRejectedException if the server's validation refuses it, or a part of it where all is wanted
     * @throws GenAiException see class
     */
    Job queuePrompt(Submission submission) throws GenAiException;

    /**
     * Asks what has become of a job.
     *
     * @param jobId as in {@link Job#id()}
     * @return empty if the server does not know the id: never sent there, cancelled while pending, or forgotten in a restart
     * @throws GenAiException see class
     */
    Optional<JobStatus> findJob(String jobId) throws GenAiException;

    /**
     * Stops one job, and no other: a pending job is taken from the queue, a running one is interrupted at its next step.
     *
     * @param jobId as in {@link Job#id()}
     * @return what happened
     * @throws GenAiException see class
     */
    Cancellation cancelJob(String jobId) throws GenAiException;

    /**
     * All finished jobs the server remembers, oldest first. A busy server remembers 10,000 with their whole workflows:
     * prefer {@link #getHistory(int)} or {@link #getHistory(String)}.
     *
     * @return unmodifiable, not null
     * @throws GenAiException see class
     */
    List<JobStatus> getHistory() throws GenAiException;

    /**
     * The newest finished jobs, oldest of them first.
     *
     * @param maxItems at least 1
     * @return unmodifiable, not null
     * @throws GenAiException see class
     */
    List<JobStatus> getHistory(int maxItems) throws GenAiException;

    /**
     * The history entry of one job.
     *
     * @param promptId the job's id
     * @return empty if the job is unknown or has not ended
     * @throws GenAiException see class
     */
    Optional<JobStatus> getHistory(String promptId) throws GenAiException;

    /**
     * The server's queue, of all its clients.
     *
     * @return running and pending jobs, pending ones in the order in which they will run
     * @throws GenAiException see class
     */
    JobQueue getQueue() throws GenAiException;

    /**
     * Interrupts whatever job runs on the server now, <em>of whatever client</em>. Prefer {@link #cancelJob}.
     *
     * @throws GenAiException see class
     */
    void interrupt() throws GenAiException;

    /**
     * Interrupts a job if it is running now. Servers before 0.3.57 ignore the id and interrupt whatever runs.
     *
     * @param promptId the job's id
     * @throws GenAiException see class
     */
    void interrupt(String promptId) throws GenAiException;

    /**
     * Version, memory and devices of the server.
     *
     * @return not null
     * @throws GenAiException see class
     */
    SystemStats getSystemStats() throws GenAiException;

    /**
     * Opens an output file of a job, streamed. This connection is busy until the download is closed.
     *
     * @param file as listed in {@link JobStatus#outputs()}
     * @return to be closed by the caller
     * @throws GenAiException {@code NOT_FOUND} if the file is gone, else see class
     */
    Download download(OutputFile file) throws GenAiException;

    /**
     * Sends an input file, streamed, for nodes such as {@code LoadImage}. Despite the route's name any media type is taken.
     *
     * @param upload name and content; the content is read once and not closed
     * @return where the server put it; its {@link UploadedFile#reference()} goes into the workflow, for the server may
     *     have chosen another name
     * @throws GenAiException {@code TOO_LARGE} above the server's limit, {@code INVALID_REQUEST} if it refuses the name,
     *     else see class
     */
    UploadedFile uploadImage(Upload upload) throws GenAiException;

    /** Gives the connection back to its pool. Doing so twice is nothing. */
    @Override
    void close();
}
