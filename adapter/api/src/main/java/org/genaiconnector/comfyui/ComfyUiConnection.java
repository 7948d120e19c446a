package org.genaiconnector.comfyui;

import jakarta.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.genaiconnector.GenAiException;

/**
 * Connection handle to a ComfyUI. Every operation is one or a few HTTP calls on the caller's thread; none waits for a
 * job. A handle is for one thread at a time. After {@link #close()}, and when the container has taken its connection
 * away, every operation fails with category {@code CLOSED}.
 *
 * <p>All operations throw {@link GenAiException}: {@code UNAVAILABLE} if ComfyUI cannot be reached,
 * {@code AUTHENTICATION} or {@code PERMISSION} if a proxy before it refuses the credentials, {@code TIMEOUT_RESPONSE}
 * if it does not answer, {@code PROTOCOL} if the answer is not ComfyUI's.
 */
public interface ComfyUiConnection extends AutoCloseable {

    /**
     * Sends a workflow to ComfyUI's queue and returns at once.
     *
     * @param workflow checked already
     * @return the accepted job; the adapter makes its id before sending, so that a lost answer cannot make two jobs
     * @throws WorkflowRejectedException if ComfyUI's validation refuses it
     * @throws GenAiException as every operation of this interface
     */
    Job queuePrompt(Workflow workflow) throws GenAiException;

    /**
     * Sends a workflow to ComfyUI's queue as described, and returns at once.
     *
     * @param submission what and how
     * @return as {@link #queuePrompt(Workflow)}
     * @throws WorkflowRejectedException if ComfyUI's validation refuses it, or a part of it although {@link
     *     Submission#partial()} is false
     * @throws GenAiException as every operation of this interface
     */
    Job queuePrompt(Submission submission) throws GenAiException;

    /**
     * Asks for the status of a job.
     *
     * @param jobId as in {@link Job#id()}
     * @return the adapter's own result if it has tracked the job to its end, else ComfyUI's answer; empty if neither
     *     knows the id
     * @throws GenAiException as every operation of this interface
     */
    Optional<JobStatus> findJob(String jobId) throws GenAiException;

    /**
     * Stops one job, and no other: takes a pending job from the queue, and interrupts a running one at its next step.
     *
     * @param jobId as in {@link Job#id()}
     * @return what happened
     * @throws GenAiException as every operation of this interface
     */
    Cancellation cancelJob(String jobId) throws GenAiException;

    /**
     * All finished jobs that ComfyUI remembers, oldest first. A busy ComfyUI remembers 10,000 with their whole
     * workflows: prefer {@link #getHistory(int)} or {@link #getHistory(String)}.
     *
     * @return an unmodifiable list, may be empty
     * @throws GenAiException as every operation of this interface
     */
    List<JobStatus> getHistory() throws GenAiException;

    /**
     * The newest finished jobs, oldest of them first.
     *
     * @param maxItems at least 1
     * @return an unmodifiable list, may be empty
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
     * Interrupts the running job, <em>also that of another client</em>. Prefer {@link #cancelJob}.
     *
     * @throws GenAiException as every operation of this interface
     */
    void interrupt() throws GenAiException;

    /**
     * Interrupts a job if it is running now. ComfyUI before 0.3.57 ignores the id and interrupts the running job.
     *
     * @param jobId as in {@link Job#id()}
     * @throws GenAiException as every operation of this interface
     */
    void interrupt(String jobId) throws GenAiException;

    /**
     * The outputs of the nodes of an ended job as ComfyUI sends them: with all members of files, and also outputs of
     * nodes that follow no convention.
     *
     * @param jobId as in {@link Job#id()}
     * @return by the nodes' ids; empty if ComfyUI's history does not have the job (any more)
     * @throws GenAiException as every operation of this interface
     */
    Optional<JsonObject> getRawOutputs(String jobId) throws GenAiException;

    /**
     * Returns version, memory and devices of ComfyUI.
     *
     * @return as ComfyUI reports them now
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
     * Opens a file of ComfyUI, streamed, as a preview or with limits.
     *
     * @param file as for {@link #download(ServerFile)}
     * @param options not null
     * @return to be closed by the caller
     * @throws GenAiException {@code TOO_LARGE} if the file is larger than allowed, {@code INVALID_REQUEST} if the
     *     options ask for a preview of a file that is not a picture, else as {@link #download(ServerFile)}
     */
    Download download(ServerFile file, DownloadOptions options) throws GenAiException;

    /**
     * The size of a file of ComfyUI. Also shows whether the file still exists: other clients may delete it, and jobs
     * whose results come from ComfyUI's cache name files of earlier jobs.
     *
     * @param file as for {@link #download(ServerFile)}
     * @return in bytes; empty if there is no such file
     * @throws GenAiException as {@link #download(ServerFile)}
     */
    OptionalLong sizeOf(ServerFile file) throws GenAiException;

    /**
     * Sends a file, streamed, for nodes such as {@code LoadImage}. ComfyUI accepts any media type, despite the route's
     * name.
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
     * Sends a mask: under the mask's name ComfyUI stores a copy of another picture with the mask's transparency.
     *
     * @param mask a picture with transparency
     * @param original the other picture, a file of ComfyUI
     * @return where ComfyUI put the copy
     * @throws GenAiException {@code NOT_FOUND} if there is no such original, else as {@link #uploadImage}
     */
    UploadedFile uploadMask(Upload mask, ServerFile original) throws GenAiException;

    /**
     * Checks a workflow against what ComfyUI has: classes of nodes, required inputs, links between outputs and inputs
     * that fit, ranges of numbers, choices, model files, uploaded files. Nothing is sent to the queue. The adapter
     * remembers classes as in {@link #getNodeClass}, but asks ComfyUI again before it reports an error.
     *
     * @param workflow not null
     * @return everything that is wrong with it
     * @throws GenAiException as every operation of this interface
     */
    WorkflowCheck check(Workflow workflow) throws GenAiException;

    /**
     * All kinds of nodes that ComfyUI has: several hundred, several megabytes. The adapter remembers them for five
     * minutes for all connections of the factory.
     *
     * @return by name, unmodifiable
     * @throws GenAiException as every operation of this interface
     */
    Map<String, NodeClass> getNodeClasses() throws GenAiException;

    /**
     * One kind of node. The adapter remembers it for five minutes for all connections of the factory.
     *
     * @param name as in {@code class_type}
     * @return empty if ComfyUI has none of that name
     * @throws GenAiException as every operation of this interface
     */
    Optional<NodeClass> getNodeClass(String name) throws GenAiException;

    /**
     * Makes the adapter forget kinds of nodes, for instance after models or third-party nodes were installed.
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
     * Takes all waiting jobs from the queue, <em>also those of other clients</em>. A running job continues.
     *
     * @throws GenAiException as every operation of this interface
     */
    void clearQueue() throws GenAiException;

    /**
     * Takes waiting jobs from the queue. Running, ended and unknown jobs stay as they are; to stop a job in any state,
     * see {@link #cancelJob}.
     *
     * @param jobIds as in {@link Job#id()}
     * @throws GenAiException as every operation of this interface
     */
    void deletePending(Collection<String> jobIds) throws GenAiException;

    /**
     * A page of the finished jobs, oldest first. ComfyUI before 0.3.60 has no pages: then the adapter reads everything
     * and cuts the page out.
     *
     * @param maxItems at least 1
     * @param offset how many of the oldest to leave out, not negative
     * @return unmodifiable; empty behind the end
     * @throws GenAiException as every operation of this interface
     */
    List<JobStatus> getHistoryPage(int maxItems, int offset) throws GenAiException;

    /**
     * Makes ComfyUI forget all finished jobs, <em>also those of other clients</em>. Their files stay.
     *
     * @throws GenAiException as every operation of this interface
     */
    void clearHistory() throws GenAiException;

    /**
     * Makes ComfyUI forget finished jobs. Their files stay.
     *
     * @param jobIds as in {@link Job#id()}; unknown ones have no effect
     * @throws GenAiException as every operation of this interface
     */
    void deleteHistory(Collection<String> jobIds) throws GenAiException;

    /** Gives the connection back to its pool. Closing it twice has no effect. */
    @Override
    void close();
}
