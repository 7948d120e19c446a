package org.genaiconnector.ra.exceptions;

import static org.genaiconnector.ra.exceptions.ComfyUiCalls.COMFY_UI;
import static org.genaiconnector.ra.exceptions.ComfyUiCalls.NOT_COMFY_UI;
import static org.genaiconnector.ra.exceptions.ComfyUiCalls.faulty;
import static org.genaiconnector.ra.exceptions.ComfyUiCalls.picture;
import static org.genaiconnector.ra.exceptions.ComfyUiCalls.use;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.resource.spi.LocalTransactionException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls about jobs of a ComfyUI fail with. */
@Timeout(60)
class JobExceptionsTest {
    private static final Match CANCEL = request -> request.path().endsWith("/cancel");
    private static final Duration LONG = Duration.ofSeconds(30);

    static List<ExceptionExample> examples() {
        return List.of(
                ExceptionExample.of(
                        WorkflowRejectedException.class,
                        COMFY_UI + " rejected the workflow: ...",
                        "`nodeErrors()` names each node and what is wrong with it; install missing nodes and models on ComfyUI.",
                        use((factory, managed, connection) -> connection.queuePrompt(
                                Workflow.parse("{\"1\": {\"class_type\": \"NoSuchNode\", \"inputs\": {}}}")))),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "Not the id of a job: '...'",
                        "Pass the id as `Job` has it, a UUID.",
                        use((factory, managed, connection) -> connection.findJob("../queue"))),
                ExceptionExample.of(
                        FailureCategory.DEADLINE,
                        "Job ... on ... has not ended within 1 ms; it continues",
                        "Wait longer, or let a message-driven bean wait.",
                        use((factory, managed, connection) -> factory.awaitJob(
                                connection.queuePrompt(picture()).id(), Duration.ofMillis(1)))),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "Job ... will be sent when its transaction is committed, so it cannot be awaited before: await it after the"
                                + " transaction, queue it in one of its own (REQUIRES_NEW), or set the pool's transaction-support to"
                                + " NoTransaction",
                        "Do one of the things that the message names ([transactions.md](transactions.md)).",
                        use((factory, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            Job job = connection.queuePrompt(picture());
                            factory.awaitJob(job.id(), Duration.ofSeconds(1));
                        })),
                ExceptionExample.of(
                        LocalTransactionException.class,
                        "The commit failed at ...: ...; nothing else of the transaction has been done",
                        "The transaction was rolled back; the message says which job failed, and why. Mend that and repeat the"
                                + " transaction.",
                        use((factory, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            connection.queuePrompt(
                                    Workflow.parse("{\"1\": {\"class_type\": \"NoSuchNode\", \"inputs\": {}}}"));
                            managed.getLocalTransaction().commit();
                        })),
                ExceptionExample.of(
                        LocalTransactionException.class,
                        "The commit failed at ...: The backend keeps no ids of its clients (ComfyUI before 0.3.45), so it cannot be"
                                + " used in transactions: set the pool's transaction-support to NoTransaction; nothing else of the"
                                + " transaction has been done",
                        "Do what the message says, or update ComfyUI.",
                        use(server -> server.version("0.3.40"), (factory, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            connection.queuePrompt(picture());
                            managed.getLocalTransaction().commit();
                        })),
                ExceptionExample.of(
                        LocalTransactionException.class,
                        "The connection was destroyed before its transaction was committed: nothing was sent",
                        "Repeat the transaction. The application server discarded the connection; its log says why.",
                        use((factory, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            connection.queuePrompt(picture());
                            managed.destroy();
                            managed.getLocalTransaction().commit();
                        })),
                ExceptionExample.of(
                        WorkflowRejectedException.class,
                        COMFY_UI + " can run only a part of the workflow, so job ... was cancelled (node 3: ...)",
                        "`nodeErrors()` names the nodes that cannot run. If the part is enough, submit it without `withPartial(false)`.",
                        use((factory, managed, connection) ->
                                connection.queuePrompt(Submission.of(inPart()).withPartial(false)))),
                ExceptionExample.of(
                        FailureCategory.COMMUNICATION,
                        COMFY_UI + " ...; it is not known whether job ... was accepted, so it is not sent again",
                        "Ask for the job of that id later, with `findJob` or `awaitJob`. If its end is `LOST`, sending it again is"
                                + " safe.",
                        faulty(
                                Match.path("/api/prompt"),
                                Fault.closeBeforeResponse(),
                                (factory, managed, connection) -> connection.queuePrompt(picture()))),
                ExceptionExample.of(
                        FailureCategory.PROTOCOL,
                        COMFY_UI + " accepted a workflow without telling its prompt_id: ...",
                        NOT_COMFY_UI,
                        faulty(
                                Match.path("/api/prompt"),
                                Fault.status(200).json("{}"),
                                (factory, managed, connection) -> connection.queuePrompt(picture()))),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "Nothing was sent to " + COMFY_UI + ": ...",
                        "The request could not be written, such as JSON of another provider that has changed since: the cause says"
                                + " why.",
                        use((factory, managed, connection) -> connection.queuePrompt(unreadable()))),
                ExceptionExample.of(
                        IllegalArgumentException.class,
                        "maxItems must be 1 or more: ...",
                        "Give 1 or more, or no number for all.",
                        use((factory, managed, connection) -> connection.getHistory(0))),
                ExceptionExample.of(
                        IllegalArgumentException.class,
                        "A page has at least 1 item and an offset that is not negative: ...",
                        "Give numbers in these ranges.",
                        use((factory, managed, connection) -> connection.getHistoryPage(0, 0))),
                ExceptionExample.of(
                        FailureCategory.NOT_FOUND,
                        COMFY_UI + " has no folder of models named \"...\"",
                        "Use one of the folders that `getModelFolders()` lists.",
                        use((factory, managed, connection) -> connection.getModels("no-such-folder"))),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        COMFY_UI + " is too old to tell its folders of models",
                        "Update ComfyUI.",
                        faulty(
                                Match.path("/api/models"),
                                Fault.status(404),
                                (factory, managed, connection) -> connection.getModelFolders())),
                ExceptionExample.of(
                        FailureCategory.PROTOCOL,
                        COMFY_UI + " answered ... with something else than a list: ...",
                        NOT_COMFY_UI,
                        faulty(
                                Match.path("/api/embeddings"),
                                Fault.status(200).json("{}"),
                                (factory, managed, connection) -> connection.getEmbeddings())),
                ExceptionExample.of(
                        FailureCategory.PROTOCOL,
                        COMFY_UI + " answered ... with JSON that is not an object: ...",
                        NOT_COMFY_UI,
                        faulty(
                                Match.path("/api/system_stats"),
                                Fault.status(200).json("[]"),
                                (factory, managed, connection) -> connection.getSystemStats())),
                ExceptionExample.of(
                        FailureCategory.DEADLINE,
                        "Job ... on ... has not ended within 3000 ms; the backend does not answer: ...",
                        "Look at ComfyUI: the message says what happened when it was asked last. The job may continue, so wait for it"
                                + " again later.",
                        JobExceptionsTest::awaitJobOfBackendThatIsDown),
                ExceptionExample.of(
                        FailureCategory.CANCELLED,
                        "Interrupted while waiting for job ...",
                        "The application server or the application interrupted the thread: end its work. The job continues.",
                        use((factory, managed, connection) -> {
                            Job job = connection.queuePrompt(picture());
                            factory.awaitJob(
                                    job.id(),
                                    Duration.ofSeconds(30),
                                    change -> Thread.currentThread().interrupt());
                        })),
                ExceptionExample.of(
                        FailureCategory.CLOSED,
                        "The GenAI connector was stopped while job ... was awaited",
                        "Await the job again when the adapter is started: it continues on ComfyUI.",
                        JobExceptionsTest::awaitJobWhileTheAdapterStops),
                ExceptionExample.of(
                        WorkflowRejectedException.class,
                        COMFY_UI
                                + " can run only a part of the workflow, so job ... is rejected, but could not be cancelled: ... (node"
                                + " 3: ...)",
                        "As above, and cancel the job in ComfyUI's own page: its part may run.",
                        faulty(
                                CANCEL,
                                Fault.status(500),
                                (factory, managed, connection) -> connection.queuePrompt(
                                        Submission.of(inPart()).withPartial(false)))),
                ExceptionExample.of(
                        LocalTransactionException.class,
                        "The commit failed at ...: ...; could not be taken back: [job ...]",
                        "The message names the jobs that may run although the transaction was rolled back: cancel them.",
                        JobExceptionsTest::commitInPart));
    }

    /** Two pictures, the second of which is too small. */
    private static Workflow inPart() throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
                 "3": {"class_type": "EmptyImage", "inputs": {"width": 0, "height": 8, "batch_size": 1, "color": 1}},
                 "4": {"class_type": "PreviewImage", "inputs": {"images": ["3", 0]}}}""");
    }

    /** A submission whose JSON cannot be read any more when it is sent. */
    private static Submission unreadable() throws Exception {
        AtomicBoolean changed = new AtomicBoolean();
        JsonObject data = (JsonObject) Proxy.newProxyInstance(
                JobExceptionsTest.class.getClassLoader(), new Class<?>[] {JsonObject.class}, (proxy, method, given) -> {
                    if (changed.get()) {
                        throw new ConcurrentModificationException();
                    }
                    return method.invoke(JsonValue.EMPTY_JSON_OBJECT, given);
                });
        Submission submission = Submission.of(picture()).withExtraData(data);
        changed.set(true);
        return submission;
    }

    private static void awaitJobOfBackendThatIsDown() throws Throwable {
        Faults faults = new Faults();
        GenAiResourceAdapter adapter = new GenAiResourceAdapter();
        adapter.start(new TestContainer());
        try {
            use(
                            server -> server.nodeDelay(LONG).wrap(faults::wrap),
                            pool -> pool.setResourceAdapter(adapter),
                            (factory, managed, connection) -> {
                                Job job = connection.queuePrompt(picture());
                                faults.stopListening().killConnections();
                                factory.awaitJob(job.id(), Duration.ofSeconds(3));
                            })
                    .call();
        } finally {
            adapter.stop();
        }
    }

    private static void awaitJobWhileTheAdapterStops() throws Throwable {
        GenAiResourceAdapter adapter = new GenAiResourceAdapter();
        adapter.start(new TestContainer());
        use(
                        server -> server.nodeDelay(LONG),
                        pool -> pool.setResourceAdapter(adapter),
                        (factory, managed, connection) -> factory.awaitJob(
                                connection.queuePrompt(picture()).id(), LONG, change -> adapter.stop()))
                .call();
    }

    private static void commitInPart() throws Throwable {
        Match prompt = Match.path("/api/prompt");
        Faults faults = new Faults().next(prompt, Fault.none()).next(prompt, Fault.status(500));
        faults.always(CANCEL, Fault.status(500));
        use(
                        server -> server.nodeDelay(LONG).wrap(faults::wrap),
                        pool -> pool.setMaxRetries(0),
                        (factory, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            connection.queuePrompt(picture());
                            connection.queuePrompt(picture());
                            managed.getLocalTransaction().commit();
                        })
                .call();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isThrown(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws Exception {
        ExceptionExample.assertDocumented("jobs", examples());
    }
}
