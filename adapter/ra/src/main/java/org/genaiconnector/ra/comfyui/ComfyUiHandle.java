package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.ServerFeatures;
import org.genaiconnector.comfyui.ServerFile;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.SystemStats;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowCheck;
import org.genaiconnector.ra.comfyui.durable.DurableJobs;
import org.genaiconnector.ra.comfyui.jobs.TrackedJob;
import org.genaiconnector.ra.comfyui.workflow.DanglingLinks;
import org.genaiconnector.ra.connection.Handle;
import org.genaiconnector.ra.http.Deadline;

/** Connection handle to a ComfyUI backend. */
public class ComfyUiHandle extends Handle<ComfyUiOperations> implements ComfyUiConnection {
    private final ComfyUiManagedConnectionFactory factory;

    ComfyUiHandle(ComfyUiManagedConnectionFactory factory) {
        this.factory = factory;
    }

    @Override
    public Job queuePrompt(Workflow workflow) throws GenAiException {
        return queuePrompt(Submission.of(workflow));
    }

    @Override
    public Job queuePrompt(Submission submission) throws GenAiException {
        Optional<DurableJobs> store = factory.store().jobs();
        if (store.isPresent()) {
            return queue(submission, store.get());
        }
        DanglingLinks broken = DanglingLinks.of(submission);
        if (broken.exist()) { // rare, so that other workflows need not ask for the classes
            perform(operations -> operations.refuse(broken, submission.targets()));
        }
        QueuedPrompt prompt = new QueuedPrompt(submission, factory);
        if (defer(prompt)) {
            prompt.queued();
            return prompt.job();
        }
        factory.sendsAtOnce();
        return perform(operations -> operations.jobs().send(submission, factory.countedJob()));
    }

    /** As a row in the transaction of the caller; a local transaction of the connection would hold nothing back. */
    private Job queue(Submission submission, DurableJobs store) throws GenAiException {
        if (isInLocalTransaction()) {
            factory.store().warnOfLocalTransaction();
        }
        return perform(operations -> operations.queue(submission, store));
    }

    /**
     * Begins to track a job that this adapter has not sent recently.
     *
     * @param jobId of the job
     * @return what follows it
     * @throws GenAiException if the backend could not be asked, or this handle is closed
     */
    public TrackedJob follow(String jobId) throws GenAiException {
        return perform(operations -> operations.jobs().follow(jobId));
    }

    @Override
    public Optional<JobStatus> findJob(String jobId) throws GenAiException {
        Optional<DurableJobs> store = factory.store().jobs();
        if (store.isPresent()) {
            Optional<JobStatus> stored = perform(operations -> store.get().find(jobId));
            if (stored.isPresent()) {
                return stored;
            }
        }
        Optional<JobStatus> local = factory.localJobs().find(jobId);
        return local.isPresent()
                ? local
                : perform(operations -> operations.jobs().find(jobId));
    }

    @Override
    public Cancellation cancelJob(String jobId) throws GenAiException {
        Optional<DurableJobs> store = factory.store().jobs();
        if (store.isPresent()) {
            Optional<Cancellation> stored = perform(operations -> store.get().cancel(jobId, operations::cancelJob));
            if (stored.isPresent()) {
                return stored.get();
            }
        }
        return factory.localJobs().cancel(jobId)
                ? Cancellation.DEQUEUED
                : perform(operations -> operations.cancelJob(jobId));
    }

    @Override
    public List<JobStatus> getHistory() throws GenAiException {
        return perform(ComfyUiOperations::getHistory);
    }

    @Override
    public List<JobStatus> getHistory(int maxItems) throws GenAiException {
        return perform(operations -> operations.getHistory(maxItems));
    }

    @Override
    public Optional<JobStatus> getHistory(String jobId) throws GenAiException {
        return perform(operations -> operations.getHistory(jobId));
    }

    @Override
    public JobQueue getQueue() throws GenAiException {
        return perform(ComfyUiOperations::getQueue);
    }

    @Override
    public void interrupt() throws GenAiException {
        perform(ComfyUiOperations::interrupt);
    }

    @Override
    public void interrupt(String jobId) throws GenAiException {
        perform(operations -> operations.interrupt(jobId));
    }

    @Override
    public Optional<JsonObject> getRawOutputs(String jobId) throws GenAiException {
        return perform(operations -> operations.getRawOutputs(jobId));
    }

    @Override
    public SystemStats getSystemStats() throws GenAiException {
        return perform(ComfyUiOperations::getSystemStats);
    }

    @Override
    public Download download(ServerFile file) throws GenAiException {
        return download(file, DownloadOptions.WHOLE);
    }

    /** The rest of a broken transfer is asked for through this handle, as everything else. */
    @Override
    public Download download(ServerFile file, DownloadOptions options) throws GenAiException {
        return perform(operations -> Deadline.within(
                options.timeout(),
                () -> operations
                        .files()
                        .download(
                                file,
                                options,
                                rest -> perform(later -> later.files().open(rest)))));
    }

    @Override
    public OptionalLong sizeOf(ServerFile file) throws GenAiException {
        return perform(operations -> operations.files().sizeOf(file));
    }

    @Override
    public UploadedFile uploadImage(Upload upload) throws GenAiException {
        return perform(operations ->
                Deadline.within(upload.timeout(), () -> operations.files().uploadImage(upload)));
    }

    @Override
    public UploadedFile uploadMask(Upload mask, ServerFile original) throws GenAiException {
        return perform(operations ->
                Deadline.within(mask.timeout(), () -> operations.files().uploadMask(mask, original)));
    }

    @Override
    public WorkflowCheck check(Workflow workflow) throws GenAiException {
        return perform(operations -> operations.check(workflow));
    }

    @Override
    public Map<String, NodeClass> getNodeClasses() throws GenAiException {
        return perform(operations -> operations.catalogue().nodeClasses());
    }

    @Override
    public Optional<NodeClass> getNodeClass(String name) throws GenAiException {
        return perform(operations -> operations.catalogue().nodeClass(name));
    }

    @Override
    public void forgetNodeClasses() throws GenAiException {
        perform(operations -> operations.catalogue().forgetNodeClasses());
    }

    @Override
    public List<String> getModelFolders() throws GenAiException {
        return perform(operations -> operations.catalogue().modelFolders());
    }

    @Override
    public List<String> getModels(String folder) throws GenAiException {
        return perform(operations -> operations.catalogue().models(folder));
    }

    @Override
    public List<String> getEmbeddings() throws GenAiException {
        return perform(operations -> operations.catalogue().embeddings());
    }

    @Override
    public ServerFeatures getFeatures() throws GenAiException {
        return perform(operations -> operations.catalogue().features());
    }

    @Override
    public void unloadModels() throws GenAiException {
        perform(operations -> operations.maintenance().unloadModels());
    }

    @Override
    public void freeMemory() throws GenAiException {
        perform(operations -> operations.maintenance().freeMemory());
    }

    @Override
    public void clearQueue() throws GenAiException {
        perform(operations -> {
            operations.jobs().takeFromQueue(any -> true);
            return operations.maintenance().clearQueue();
        });
    }

    @Override
    public void deletePending(Collection<String> jobIds) throws GenAiException {
        perform(operations -> {
            operations.jobs().takeFromQueue(jobIds::contains);
            return operations.maintenance().deletePending(jobIds);
        });
    }

    @Override
    public List<JobStatus> getHistoryPage(int maxItems, int offset) throws GenAiException {
        return perform(operations -> operations.maintenance().history(maxItems, offset));
    }

    @Override
    public void clearHistory() throws GenAiException {
        perform(operations -> operations.maintenance().clearHistory());
    }

    @Override
    public void deleteHistory(Collection<String> jobIds) throws GenAiException {
        perform(operations -> operations.maintenance().deleteHistory(jobIds));
    }
}
