package org.genaiconnector.ivt;

import jakarta.resource.ResourceException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.comfyui.WorkflowTemplate;
import org.genaiconnector.ivt.beans.Calls;
import org.genaiconnector.ivt.beans.JobEndBean;
import org.genaiconnector.ivt.beans.JobEnds;

/** The checks of a pool of ComfyUI connections. Their jobs need no model. */
final class ComfyUiChecks {
    private static final Duration LONGEST_JOB = Duration.ofSeconds(20);
    private static final Duration LONGEST_DELIVERY = Duration.ofSeconds(10);
    private static final Duration LONGEST_BORROW = Duration.ofSeconds(10);

    /** More than the pools of the EAR have connections, so that a connection lost in each round would be missed. */
    private static final int ROUNDS = 3;

    /** Shows a number as text: no model, no file; and no image, because the JDK's classes for them would keep this application's. */
    private static final String NUMBER = """
            {"1": {"class_type": "PrimitiveInt", "inputs": {"value": %d}},
             "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}}}""";

    private static final String UNKNOWN_NODE = """
            {"1": {"class_type": "GenAiConnectorIvtUnknown", "inputs": {}}}""";

    private final Pool<ComfyUiConnectionFactory> pool;
    private final ComfyUiConnectionFactory factory;
    private final Calls calls;
    private final Callers callers;
    private final JobEnds ends;
    private final Usage usage;

    ComfyUiChecks(Pool<ComfyUiConnectionFactory> pool, Calls calls, Callers callers, JobEnds ends, Usage usage) {
        this.pool = pool;
        this.factory = pool.factory();
        this.calls = calls;
        this.callers = callers;
        this.ends = ends;
        this.usage = usage;
    }

    /**
     * Runs all of them.
     *
     * @param template finds the template, or throws
     */
    void run(Checks checks, TemplateLookup template) {
        if (checks.run(pool.name(), "borrow", this::borrow)) {
            checks.run(pool.name(), "commit", this::commit);
            checks.run(pool.name(), "rollback", this::rollback);
            checks.run(pool.name(), "refused prompt at commit", this::refused);
            checks.run(pool.name(), "two handles in one bean", () -> twoHandles(false));
            checks.run(pool.name(), "two handles in nested beans", () -> twoHandles(true));
            checks.run(pool.name(), "job to bean", () -> toBean(false));
            checks.run(pool.name(), "redelivery", () -> toBean(true));
            checks.run(pool.name(), "workflow template", () -> template(template.find()));
        }
    }

    /** Finds the workflow template. */
    interface TemplateLookup {
        WorkflowTemplate find() throws SkippedException, FailedException;
    }

    private String borrow() throws ResourceException {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return "ComfyUI " + connection.getSystemStats().version().orElse("of an unknown version");
        }
    }

    /** A workflow whose result ComfyUI has not cached. */
    private static Workflow fresh() throws WorkflowRejectedException {
        return Workflow.parse(NUMBER.formatted(ThreadLocalRandom.current().nextInt()));
    }

    private String queue(ComfyUiConnection connection, Workflow workflow) throws GenAiException {
        usage.job();
        return connection
                .queuePrompt(Submission.of(workflow).withTag(JobEndBean.TAG))
                .id();
    }

    private String requireCompleted(String id) throws ResourceException, FailedException {
        JobStatus status = factory.awaitJob(id, LONGEST_JOB);
        if (status.state() != JobState.COMPLETED) {
            throw new FailedException("Job " + id + " is " + status.state() + ": "
                    + status.failure().map(Object::toString).orElse("no reason given"));
        }
        return id;
    }

    private void requireUnsent(ComfyUiConnection connection, String id) throws GenAiException, FailedException {
        if (connection.getHistory(id).isPresent()
                || connection.getQueue().toString().contains(id)) {
            throw new FailedException(
                    "The prompt was sent before the commit: the pool has no transactions (GENAI-1313)");
        }
    }

    private String commit() throws Exception {
        String id = calls.inTransaction(() -> {
            try (ComfyUiConnection connection = factory.getConnection()) {
                String queued = queue(connection, fresh());
                requireUnsent(connection, queued);
                return queued;
            }
        });
        return "sent at the commit and completed: job " + requireCompleted(id);
    }

    private String rollback() throws Exception {
        String id = calls.rolledBack(() -> {
            try (ComfyUiConnection connection = factory.getConnection()) {
                return queue(connection, fresh());
            }
        });
        try (ComfyUiConnection connection = factory.getConnection()) {
            Optional<JobStatus> found = connection.findJob(id);
            if (found.isPresent()) {
                throw new FailedException("The prompt of a transaction that was rolled back is "
                        + found.get().state() + ": the pool has no transactions (GENAI-1313)");
            }
        }
        return "nothing was sent";
    }

    private String refused() throws Exception {
        AtomicReference<String> id = new AtomicReference<>();
        String failure;
        try {
            calls.inTransaction(() -> {
                try (ComfyUiConnection connection = factory.getConnection()) {
                    id.set(queue(connection, Workflow.parse(UNKNOWN_NODE)));
                    return id.get();
                }
            });
            throw new FailedException("The commit of a prompt that ComfyUI refuses returned normally");
        } catch (FailedException e) {
            throw e;
        } catch (Exception e) { // which one depends on the application server
            failure = Checks.kinds(e) + ": " + Checks.text(e);
        }
        try (ComfyUiConnection connection = factory.getConnection()) {
            JobState state = connection.findJob(id.get()).map(JobStatus::state).orElse(null);
            if (state != JobState.REJECTED) {
                throw new FailedException(
                        "The job of the failed commit is " + state + " instead of REJECTED; the commit: " + failure);
            }
        }
        return failure;
    }

    private String twoHandles(boolean nestedBeans) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            boolean submits = round == 0;
            String id = calls.inTransaction(() -> {
                try (ComfyUiConnection outer = factory.getConnection()) {
                    if (nestedBeans) {
                        calls.inTransaction(this::inner);
                    } else {
                        inner();
                    }
                    outer.getSystemStats();
                    return submits ? queue(outer, fresh()) : null;
                }
            });
            if (submits) {
                requireCompleted(id);
            }
        }
        try {
            // in another thread, because a pool without a free connection lets its caller wait
            callers.start(this::inner).get(LONGEST_BORROW.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new FailedException("No connection can be borrowed after transactions with two handles", e);
        }
        return ROUNDS + " transactions committed, and no connection was lost";
    }

    private String inner() throws ResourceException {
        return borrow();
    }

    private String toBean(boolean failOnce) throws Exception {
        // in a transaction, so that the job's id is known before the job can end
        String id = calls.inTransaction(() -> {
            try (ComfyUiConnection connection = factory.getConnection()) {
                String queued = queue(connection, fresh());
                ends.expect(queued, failOnce);
                return queued;
            }
        });
        long start = System.nanoTime();
        JobEvent end = ends.await(id, LONGEST_DELIVERY)
                .orElseThrow(() -> new FailedException(
                        "The message-driven bean received nothing within " + LONGEST_DELIVERY.toSeconds()
                                + " s: the log says why it fails, or it is not bound to the adapter of this pool"));
        String seen = "delivery " + end.delivery() + " of " + end.status().state() + " came "
                + (System.nanoTime() - start) / 1_000_000 + " ms after the commit";
        if (end.delivery() != (failOnce ? 2 : 1)) {
            throw new FailedException(seen);
        }
        return seen;
    }

    private String template(WorkflowTemplate template) throws ResourceException, FailedException {
        Workflow workflow =
                template.with(Map.of("value", ThreadLocalRandom.current().nextInt()));
        String id;
        try (ComfyUiConnection connection = factory.getConnection()) {
            id = queue(connection, workflow);
        }
        return "completed with a value for the parameter \"value\": job " + requireCompleted(id);
    }
}
