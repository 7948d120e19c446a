package org.genaiconnector.comfyui;

import jakarta.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.genaiconnector.GenAiException;

/**
 * Connection handle to a ComfyUI server. Every operation is one or a few HTTP calls on the caller's thread; none waits
 * for a job. A handle is for one thread at a time. After {@link #close()}, and when the container took its connection
 * away, every operation fails with category {@code CLOSED}.
 *
 * <p>All operations throw {@link GenAiException}: {@code UNAVAILABLE} if ComfyUI cannot be reached,
 * {@code AUTHENTICATION} or {@code PERMISSION} if a proxy before it refuses the credentials, {@code TIMEOUT_RESPONSE}
 * if it stays silent, {@code PROTOCOL} if it answers something else than ComfyUI does.
 */
public interface ComfyUiConnection extends AutoCloseable {

    /**
     * Sends a workflow to ComfyUI's queue and returns at once.
     *
     * @param workflow checked already
     * @return the accepted job; its id is made here, before sending, so that a lost answer cannot make two jobs
     * @throws WorkflowRejectedException if ComfyUI's validation refuses it
     * @throws GenAiException as every operation of this interface
     */
    Job queuePrompt(Workflow workflow) throws GenAiException;

    /**
     * Sends a workflow to ComfyUI's queue as described, and returns at once.
     *
     * @param submission what and how
     * @return as {@link #queuePrompt(Workflow)}
     * @throws WorkflowRejectedException if ComfyUI's validation refuses it, or a part of it where all is wanted
     * @throws GenAiException as every operation of this interface
     */
    Job queuePrompt(Submission submission) throws GenAiException;

    /**
     * Asks what has become of a job.
     *
     * @param jobId as in {@link Job#id()}
     * @return what the adapter knows for certain if it has followed the job to its end, else what ComfyUI says; empty if
     *     neither knows the id
     * @throws GenAiException as every operation of this interface
     */
    Optional<JobStatus> findJob(String jobId) throws GenAiException;

    /**
     * Stops one job, and no other: a pending job is taken from the queue, a running one is interrupted at its next step.
     *
     * @param jobId as in {@link Job#id()}
     * @return what happened
     * @throws GenAiException as every operation of this interface
     */
    Cancellation cancelJob(String jobId) throws GenAiException;

    /**
     * All finished jobs ComfyUI remembers, oldest first. A busy ComfyUI remembers 10,000 with their whole workflows:
     * prefer {@link #getHistory(int)} or {@link #getHistory(String)}.
     *
     * @return unmodifiable, not null
     * @throws GenAiException as every operation of this interface
     */
    List<JobStatus> getHistory() throws GenAiException;

    /**
     * The newest finished jobs, oldest of them first.
     *
     * @param maxItems at least 1
     * @return unmodifiable, not null
     * @throws GenAiException as every operation of this interface
     */
    List<JobStatus> getHistory(int maxItems) throws GenAiException;

    /**
     * The history entry of one job.
     *
     * @param jobId as in {@link Job#id()}
     * @return empty if the job is unknown or has not ended
     * @throws GenAiException as every operation of this interface
     */
    Optional<JobStatus> getHistory(String jobId) throws GenAiException;

    /**
     * ComfyUI's queue, of all its clients.
     *
     * @return running and pending jobs, pending ones in the order in which they will run
     * @throws GenAiException as every operation of this interface
     */
    JobQueue getQueue() throws GenAiException;

    /**
     * Interrupts whatever job runs now, <em>of whatever client</em>. Prefer {@link #cancelJob}.
     *
     * @throws GenAiException as every operation of this interface
     */
    void interrupt() throws GenAiException;

    /**
     * Interrupts a job if it is running now. ComfyUI before 0.3.57 ignores the id and interrupts whatever runs.
     *
     * @param jobId as in {@link Job#id()}
     * @throws GenAiException as every operation of this interface
     */
    void interrupt(String jobId) throws GenAiException;

    /**
     * What the nodes of an ended job have put out, as ComfyUI has it: with the members of files beyond their names, in the
     * form of nodes that follow no convention.
     *
     * @param jobId as in {@link Job#id()}
     * @return by the nodes' ids; empty if ComfyUI's history does not have the job (any more)
     * @throws GenAiException as every operation of this interface
     */
    Optional<JsonObject> getRawOutputs(String jobId) throws GenAiException;

    /**
     * Version, memory and devices of ComfyUI.
     *
     * @return not null
     * @throws GenAiException as every operation of this interface
     */
    SystemStats getSystemStats() throws GenAiException;

    /**
     * Opens a file of ComfyUI, streamed. This connection is busy until the download is closed.
     *
     * @param file as listed in {@link JobStatus#outputs()}, or as returned for an upload
     * @return to be closed by the caller
     * @throws GenAiException {@code NOT_FOUND} if the file is gone, {@code INVALID_REQUEST} if its names are
     *     {@linkplain ServerFile#fault() wrong}, else as every operation of this interface
     */
    Download download(ServerFile file) throws GenAiException;

    /**
     * Opens a file of ComfyUI, streamed, as a preview or up to a size only.
     *
     * @param file as for {@link #download(ServerFile)}
     * @param options not null
     * @return to be closed by the caller
     * @throws GenAiException {@code TOO_LARGE} if the file is larger than allowed, {@code INVALID_REQUEST} if a preview is
     *     wanted of what is no picture, else as {@link #download(ServerFile)}
     */
    Download download(ServerFile file, DownloadOptions options) throws GenAiException;

    /**
     * The size of a file of ComfyUI, which also tells whether it is still there: others may delete it,
     * and jobs that are answered from ComfyUI's cache name files of earlier jobs.
     *
     * @param file as for {@link #download(ServerFile)}
     * @return in bytes; empty if there is no such file
     * @throws GenAiException as {@link #download(ServerFile)}
     */
    OptionalLong sizeOf(ServerFile file) throws GenAiException;

    /**
     * Sends a file, streamed, for nodes such as {@code LoadImage}. Despite the route's name any media type is taken.
     *
     * @param upload name and content; a stream is read once and not closed
     * @return where ComfyUI put it; its {@link UploadedFile#reference()} goes into the workflow, because ComfyUI may
     *     have chosen another name
     * @throws GenAiException {@code TOO_LARGE} above ComfyUI's limit, before anything is sent where ComfyUI (0.3.45 and
     *     later) and upload give their sizes; {@code INVALID_REQUEST} if the content cannot be read or ComfyUI refuses
     *     the name; else as every operation of this interface
     */
    UploadedFile uploadImage(Upload upload) throws GenAiException;

    /**
     * Sends a mask: ComfyUI stores a copy of another picture, under the mask's name, that has the mask's transparency.
     *
     * @param mask a picture with transparency
     * @param original the picture that it is for, on ComfyUI
     * @return where ComfyUI put the copy
     * @throws GenAiException {@code NOT_FOUND} if there is no such original, else as {@link #uploadImage}
     */
    UploadedFile uploadMask(Upload mask, ServerFile original) throws GenAiException;

    /**
     * Checks a workflow against what ComfyUI has: classes of nodes, required inputs, links between outputs and inputs
     * that fit, ranges of numbers, choices, model files, uploaded files. Nothing is sent to the queue. What is known of
     * classes is remembered as in {@link #getNodeClass}, but nothing is called wrong by memory alone.
     *
     * @param workflow not null
     * @return everything that is wrong with it
     * @throws GenAiException as every operation of this interface
     */
    WorkflowCheck check(Workflow workflow) throws GenAiException;

    /**
     * All kinds of nodes that ComfyUI has: some hundred, several megabytes. Remembered for five minutes for all
     * connections of the factory.
     *
     * @return by name, unmodifiable
     * @throws GenAiException as every operation of this interface
     */
    Map<String, NodeClass> getNodeClasses() throws GenAiException;

    /**
     * One kind of node. Remembered for five minutes for all connections of the factory.
     *
     * @param name as in {@code class_type}
     * @return empty if ComfyUI has none of that name
     * @throws GenAiException as every operation of this interface
     */
    Optional<NodeClass> getNodeClass(String name) throws GenAiException;

    /**
     * Forgets what is remembered of kinds of nodes, for instance after models or third-party nodes were installed.
     *
     * @throws GenAiException {@code CLOSED} if this handle is closed
     */
    void forgetNodeClasses() throws GenAiException;

    /**
     * ComfyUI's folders of model files.
     *
     * @return for example {@code checkpoints}, {@code loras}
     * @throws GenAiException {@code UNSUPPORTED} before August 2024, else as every operation of this interface
     */
    List<String> getModelFolders() throws GenAiException;

    /**
     * The model files in a folder.
     *
     * @param folder as in {@link #getModelFolders()}
     * @return their names, as workflows use them
     * @throws GenAiException {@code NOT_FOUND} if there is no such folder, else as every operation of this interface
     */
    List<String> getModels(String folder) throws GenAiException;

    /**
     * The textual-inversion embeddings.
     *
     * @return their names without ending, as prompts use them
     * @throws GenAiException as every operation of this interface
     */
    List<String> getEmbeddings() throws GenAiException;

    /**
     * What ComfyUI says it can do.
     *
     * @return {@link ServerFeatures#NONE} before 0.3.45
     * @throws GenAiException as every operation of this interface
     */
    ServerFeatures getFeatures() throws GenAiException;

    /**
     * Makes ComfyUI unload its models from the GPU, after the running job. Returns before it has done so.
     *
     * @throws GenAiException as every operation of this interface
     */
    void unloadModels() throws GenAiException;

    /**
     * Makes ComfyUI unload its models and forget the results of earlier nodes, after the running job: then everything is computed
     * again. Returns before it has done so.
     *
     * @throws GenAiException as every operation of this interface
     */
    void freeMemory() throws GenAiException;

    /**
     * Takes all waiting jobs from the queue, <em>of whatever client</em>. A running job goes on.
     *
     * @throws GenAiException as every operation of this interface
     */
    void clearQueue() throws GenAiException;

    /**
     * Takes waiting jobs from the queue. Those that run, have ended or are unknown stay as they are; to stop a job in
     * whatever state it is, see {@link #cancelJob}.
     *
     * @param jobIds as in {@link Job#id()}
     * @throws GenAiException as every operation of this interface
     */
    void deletePending(Collection<String> jobIds) throws GenAiException;

    /**
     * A page of the finished jobs, oldest first. ComfyUI before 0.3.60 knows no pages: then everything is read, and the
     * page is cut out here.
     *
     * @param maxItems at least 1
     * @param offset how many of the oldest to leave out, not negative
     * @return unmodifiable; empty behind the end
     * @throws GenAiException as every operation of this interface
     */
    List<JobStatus> getHistoryPage(int maxItems, int offset) throws GenAiException;

    /**
     * Makes ComfyUI forget all finished jobs, <em>of whatever client</em>. Their files stay.
     *
     * @throws GenAiException as every operation of this interface
     */
    void clearHistory() throws GenAiException;

    /**
     * Makes ComfyUI forget finished jobs. Their files stay.
     *
     * @param jobIds as in {@link Job#id()}; unknown ones are nothing
     * @throws GenAiException as every operation of this interface
     */
    void deleteHistory(Collection<String> jobIds) throws GenAiException;

    /** Gives the connection back to its pool. Closing it twice has no effect. */
    @Override
    void close();
}
