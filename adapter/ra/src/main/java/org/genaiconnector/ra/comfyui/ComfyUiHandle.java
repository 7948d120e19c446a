package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonObject;
import java.net.URI;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
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
import org.genaiconnector.ra.comfyui.fleet.FleetJob;
import org.genaiconnector.ra.comfyui.fleet.FleetJobs;
import org.genaiconnector.ra.comfyui.jobs.JobSpans;
import org.genaiconnector.ra.comfyui.jobs.TrackedJob;
import org.genaiconnector.ra.comfyui.workflow.DanglingLinks;
import org.genaiconnector.ra.connection.Handle;
import org.genaiconnector.ra.connection.Operation;
import org.genaiconnector.ra.http.Deadline;
import org.genaiconnector.ra.telemetry.Telemetry;

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
        return Telemetry.get().isOn() ? JobSpans.submission(submission, this::submit) : submit(submission);
    }

    private Job submit(Submission submission) throws GenAiException {
        Optional<FleetCalls> fleet = fleet();
        Optional<DurableJobs> store = factory.store().jobs();
        if (fleet.isEmpty()) {
            factory.requirePossible(submission, store.isEmpty() && isInLocalTransaction());
        }
        if (store.isPresent()) {
            if (fleet.isPresent()) {
                fleet.get().requirePossible(submission);
            }
            return queue(submission, store.get());
        }
        DanglingLinks broken = DanglingLinks.of(submission);
        if (broken.exist()) { // rare, so that other workflows need not ask for the classes
            ask(operations -> operations.refuse(broken, submission.targets()));
        }
        String id = UUID.randomUUID().toString();
        Optional<FleetJob.Attempt> prepared = fleet.isPresent() && isInLocalTransaction()
                ? Optional.of(fleet.get().prepare(id, submission))
                : Optional.empty();
        QueuedPrompt prompt = new QueuedPrompt(id, submission, factory, prepared);
        if (defer(prompt)) {
            prompt.queued();
            return prompt.job();
        }
        if (prepared.isPresent()) { // the transaction has just ended
            prompt.dropped();
        }
        factory.sendsAtOnce();
        if (fleet.isPresent()) {
            return fleet.get().send(submission);
        }
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
        return about(jobId, (operations, id) -> operations.jobs().follow(id));
    }

    /** Empty if the factory has one address only. */
    private Optional<FleetCalls> fleet() throws GenAiException {
        return factory.fleet().map(fleet -> new FleetCalls(fleet, this::performAt));
    }

    /** Asks any backend; one that tells where only ComfyUI's own protocol does. */
    private <T> T ask(Operation<ComfyUiOperations, T> question) throws GenAiException {
        Optional<URI> server = factory.fleet().flatMap(FactoryFleet::teller);
        return server.isPresent() ? performAt(server.get(), question) : perform(question);
    }

    /** Performs an operation where a job is. */
    private <T> T about(String jobId, FleetCalls.ById<T> call) throws GenAiException {
        Optional<FleetCalls> fleet = fleet();
        return fleet.isPresent()
                ? fleet.get().about(jobId, call)
                : perform(operations -> call.apply(operations, jobId));
    }

    /** Performs an operation where a file is. */
    private <T> T about(ServerFile file, Operation<ComfyUiOperations, T> operation) throws GenAiException {
        Optional<URI> server = serverOf(file);
        return server.isPresent() ? performAt(server.get(), operation) : perform(operation);
    }

    private Optional<URI> serverOf(ServerFile file) throws GenAiException {
        Optional<FleetCalls> fleet = fleet();
        return fleet.isPresent() ? fleet.get().files().serverOf(file) : Optional.empty();
    }

    /** Does something on all backends. */
    private void everywhere(Operation<ComfyUiOperations, Void> operation) throws GenAiException {
        Optional<FleetCalls> fleet = fleet();
        if (fleet.isPresent()) {
            fleet.get().doAll(operation);
        } else {
            perform(operation);
        }
    }

    /** Lists of all backends, in the order of the configuration. */
    private <T> List<T> lists(Operation<ComfyUiOperations, List<T>> question) throws GenAiException {
        Optional<FleetCalls> fleet = fleet();
        return fleet.isPresent()
                ? fleet.get().askAll(question).stream().flatMap(List::stream).toList()
                : perform(question);
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
        if (local.isPresent()) {
            return local;
        }
        Optional<FleetCalls> fleet = fleet();
        return fleet.isPresent()
                ? fleet.get().find(jobId)
                : perform(operations -> operations.jobs().find(jobId));
    }

    @Override
    public Cancellation cancelJob(String jobId) throws GenAiException {
        Optional<DurableJobs> store = factory.store().jobs();
        if (store.isPresent()) {
            Optional<Cancellation> stored = cancel(jobId, store.get());
            if (stored.isPresent()) {
                return stored.get();
            }
        }
        if (factory.localJobs().cancel(jobId)) {
            return Cancellation.DEQUEUED;
        }
        Optional<FleetCalls> fleet = fleet();
        return fleet.isPresent()
                ? fleet.get().cancel(jobId, ComfyUiOperations::cancelJob)
                : perform(operations -> operations.cancelJob(jobId));
    }

    private Optional<Cancellation> cancel(String jobId, DurableJobs store) throws GenAiException {
        return fleet().isPresent()
                ? store.cancel(
                        jobId, (server, promptId) -> performAt(server, operations -> operations.cancelJob(promptId)))
                : perform(operations -> store.cancel(jobId, (server, promptId) -> operations.cancelJob(promptId)));
    }

    @Override
    public List<JobStatus> getHistory() throws GenAiException {
        return lists(ComfyUiOperations::getHistory);
    }

    @Override
    public List<JobStatus> getHistory(int maxItems) throws GenAiException {
        return lists(operations -> operations.getHistory(maxItems));
    }

    @Override
    public Optional<JobStatus> getHistory(String jobId) throws GenAiException {
        return about(jobId, (operations, id) -> operations.getHistory(id)).map(status -> FleetJob.named(status, jobId));
    }

    @Override
    public JobQueue getQueue() throws GenAiException {
        Optional<FleetCalls> fleet = fleet();
        if (fleet.isEmpty()) {
            return perform(ComfyUiOperations::getQueue);
        }
        List<JobQueue> all = fleet.get().askAll(ComfyUiOperations::getQueue);
        FleetJobs jobs = factory.fleetJobs();
        return new JobQueue(
                jobs.jobIds(all.stream().flatMap(each -> each.running().stream())),
                jobs.jobIds(all.stream().flatMap(each -> each.pending().stream())));
    }

    @Override
    public void interrupt() throws GenAiException {
        everywhere(ComfyUiOperations::interrupt);
    }

    @Override
    public void interrupt(String jobId) throws GenAiException {
        about(jobId, ComfyUiOperations::interrupt);
    }

    @Override
    public Optional<JsonObject> getRawOutputs(String jobId) throws GenAiException {
        return about(jobId, ComfyUiOperations::getRawOutputs);
    }

    @Override
    public SystemStats getSystemStats() throws GenAiException {
        return ask(ComfyUiOperations::getSystemStats);
    }

    @Override
    public Download download(ServerFile file) throws GenAiException {
        return download(file, DownloadOptions.WHOLE);
    }

    /** The rest of a broken transfer is asked for through this handle, as everything else. */
    @Override
    public Download download(ServerFile file, DownloadOptions options) throws GenAiException {
        return about(
                file,
                operations -> Deadline.within(
                        options.timeout(),
                        () -> operations
                                .files()
                                .download(
                                        file,
                                        options,
                                        rest -> about(
                                                file, later -> later.files().open(rest)))));
    }

    @Override
    public OptionalLong sizeOf(ServerFile file) throws GenAiException {
        return about(file, operations -> operations.files().sizeOf(file));
    }

    @Override
    public UploadedFile uploadImage(Upload upload) throws GenAiException {
        Operation<ComfyUiOperations, UploadedFile> call = operations ->
                Deadline.within(upload.timeout(), () -> operations.files().uploadImage(upload));
        Optional<FleetCalls> fleet = fleet();
        return fleet.isPresent() ? fleet.get().files().upload(upload, call) : perform(call);
    }

    @Override
    public UploadedFile uploadMask(Upload mask, ServerFile original) throws GenAiException {
        Operation<ComfyUiOperations, UploadedFile> call = operations ->
                Deadline.within(mask.timeout(), () -> operations.files().uploadMask(mask, original));
        Optional<FleetCalls> fleet = fleet();
        return fleet.isPresent() ? fleet.get().files().uploadBeside(original, call) : perform(call);
    }

    @Override
    public WorkflowCheck check(Workflow workflow) throws GenAiException {
        Optional<FleetCalls> fleet = fleet();
        return fleet.isPresent()
                ? fleet.get().askAll(operations -> operations.check(workflow)).stream()
                        .min(Comparator.comparingInt(check -> check.nodeErrors().size()))
                        .orElseThrow()
                : perform(operations -> operations.check(workflow));
    }

    @Override
    public Map<String, NodeClass> getNodeClasses() throws GenAiException {
        return ask(operations -> operations.catalogue("getNodeClasses").nodeClasses());
    }

    @Override
    public Optional<NodeClass> getNodeClass(String name) throws GenAiException {
        return ask(operations -> operations.catalogue("getNodeClass").nodeClass(name));
    }

    @Override
    public void forgetNodeClasses() throws GenAiException {
        everywhere(operations -> operations.catalogue("forgetNodeClasses").forgetNodeClasses());
    }

    @Override
    public List<String> getModelFolders() throws GenAiException {
        return ask(operations -> operations.catalogue("getModelFolders").modelFolders());
    }

    @Override
    public List<String> getModels(String folder) throws GenAiException {
        return ask(operations -> operations.catalogue("getModels").models(folder));
    }

    @Override
    public List<String> getEmbeddings() throws GenAiException {
        return ask(operations -> operations.catalogue("getEmbeddings").embeddings());
    }

    @Override
    public ServerFeatures getFeatures() throws GenAiException {
        return ask(operations -> operations.catalogue("getFeatures").features());
    }

    @Override
    public void unloadModels() throws GenAiException {
        everywhere(operations -> operations.maintenance("unloadModels").unloadModels());
    }

    @Override
    public void freeMemory() throws GenAiException {
        everywhere(operations -> operations.maintenance("freeMemory").freeMemory());
    }

    @Override
    public void clearQueue() throws GenAiException {
        everywhere(operations -> {
            operations.jobs().takeFromQueue(any -> true);
            return operations.maintenance("clearQueue").clearQueue();
        });
    }

    @Override
    public void deletePending(Collection<String> jobIds) throws GenAiException {
        Collection<String> prompts = fleet().isPresent() ? factory.fleetJobs().prompts(jobIds) : jobIds;
        everywhere(operations -> {
            operations.jobs().takeFromQueue(prompts::contains);
            return operations.maintenance("deletePending").deletePending(prompts);
        });
    }

    @Override
    public List<JobStatus> getHistoryPage(int maxItems, int offset) throws GenAiException {
        return lists(operations -> operations.maintenance("getHistoryPage").history(maxItems, offset));
    }

    @Override
    public void clearHistory() throws GenAiException {
        everywhere(operations -> operations.maintenance("clearHistory").clearHistory());
    }

    @Override
    public void deleteHistory(Collection<String> jobIds) throws GenAiException {
        Collection<String> prompts = fleet().isPresent() ? factory.fleetJobs().prompts(jobIds) : jobIds;
        everywhere(operations -> operations.maintenance("deleteHistory").deleteHistory(prompts));
    }
}
