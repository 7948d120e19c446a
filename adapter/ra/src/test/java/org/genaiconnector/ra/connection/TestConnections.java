package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.security.PasswordCredential;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.security.auth.Subject;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.llm.LlmSimulator;

/** Factories, handles and calls that contract tests share. */
public final class TestConnections {
    /** Longer than any step of these tests takes. */
    public static final int PATIENCE_SECONDS = 60;

    private TestConnections() {}

    /** A factory that neither probes nor repeats calls. */
    public static LlmManagedConnectionFactory llm(LlmSimulator server) {
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        factory.setServerUrl(server.openAiUri().toString());
        factory.setModel("tiny");
        factory.setMaxRetries(0);
        factory.setCircuitFailures(0);
        factory.setProbeOnCreate(false);
        return factory;
    }

    /** The connection factory as an application sees it. */
    public static LlmConnectionFactory factory(LlmManagedConnectionFactory managed, ConnectionManager manager) {
        return (LlmConnectionFactory) managed.createConnectionFactory(manager);
    }

    /** A handle of a managed connection that was made without credentials. */
    static LlmConnection handle(ManagedConnection connection) throws ResourceException {
        return (LlmConnection) connection.getConnection(null, null);
    }

    /** What a chat fails with; null for success. */
    public static FailureCategory chat(LlmConnection connection) {
        return chat(connection, "Hi");
    }

    /** What a chat fails with; null for success. */
    public static FailureCategory chat(LlmConnection connection, String prompt) {
        try {
            connection.chat(ChatRequest.of(prompt));
            return null;
        } catch (GenAiException e) {
            return e.category();
        }
    }

    /** What something fails with. */
    static FailureCategory failure(ThrowingCallable call) {
        GenAiException[] failure = new GenAiException[1];
        assertThat(org.assertj.core.api.Assertions.catchThrowable(call))
                .isInstanceOfSatisfying(GenAiException.class, e -> failure[0] = e);
        return failure[0].category();
    }

    /** The Subject that an application server passes for a user and password. */
    static Subject subject(ManagedConnectionFactory factory, String user, String password) {
        PasswordCredential credential = new PasswordCredential(user, password.toCharArray());
        credential.setManagedConnectionFactory(factory);
        Subject subject = new Subject();
        subject.getPrivateCredentials().add(credential);
        return subject;
    }

    /** An attempt whose result counts only if it ends within a time limit. */
    @FunctionalInterface
    public interface Attempt {
        void run() throws Exception;
    }

    /** Repeats an attempt until it ends within the limit, which a busy machine may prevent, and then runs the assertions. */
    public static void within(Duration limit, Attempt attempt, Attempt assertions) throws Exception {
        long start;
        do {
            start = System.nanoTime();
            attempt.run();
        } while (System.nanoTime() - start > limit.toNanos());
        assertions.run();
    }

    /** Runs a task in so many threads, which begin at the same moment, and returns the results. */
    public static <T> List<T> inThreads(int threads, Callable<T> task) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(() -> {
                    start.await();
                    return task.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    /** Begins a task in a thread of its own. */
    public static <T> Future<T> begin(Callable<T> task) {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            return executor.submit(task);
        } finally {
            executor.shutdown();
        }
    }

    /** The result of a task that {@link #begin} began. */
    public static <T> T end(Future<T> future) throws Exception {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
