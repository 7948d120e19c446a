package org.genaiconnector.ra.comfyui;

import java.util.List;
import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.SystemStats;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.connection.Handle;

/** Connection handle to a ComfyUI server. */
final class ComfyUiHandle extends Handle<ComfyUiOperations> implements ComfyUiConnection {
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
        QueuedPrompt prompt = new QueuedPrompt(submission, factory);
        if (defer(prompt)) {
            prompt.queued();
            return prompt.job();
        }
        return perform(operations -> operations.queuePrompt(submission));
    }

    @Override
    public Optional<JobStatus> findJob(String jobId) throws GenAiException {
        Optional<JobStatus> local = factory.localJobs().find(jobId);
        return local.isPresent() ? local : perform(operations -> operations.findJob(jobId));
    }

    @Override
    public Cancellation cancelJob(String jobId) throws GenAiException {
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
    public Optional<JobStatus> getHistory(String promptId) throws GenAiException {
        return perform(operations -> operations.getHistory(promptId));
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
    public void interrupt(String promptId) throws GenAiException {
        perform(operations -> operations.interrupt(promptId));
    }

    @Override
    public SystemStats getSystemStats() throws GenAiException {
        return perform(ComfyUiOperations::getSystemStats);
    }

    @Override
    public Download download(OutputFile file) throws GenAiException {
        return perform(operations -> operations.download(file));
    }

    @Override
    public UploadedFile uploadImage(Upload upload) throws GenAiException {
        return perform(operations -> operations.uploadImage(upload));
    }
}
