package org.genaiconnector.storyboard;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.WorkflowRejectedException;

/**
 * A failure of a backend or its pool, ready to be shown.
 *
 * @param category not null
 * @param message for people, without secrets
 * @param retryAfter how long the backend asked to wait
 * @param rejected true if a workflow was refused
 * @param nodeErrors by node id; only of a refused workflow
 */
public record Failure(
        FailureCategory category,
        String message,
        Optional<Duration> retryAfter,
        boolean rejected,
        Map<String, List<NodeError>> nodeErrors) {

    /**
     * Finds the failure behind an exception. What the connector threw is the last of the causes when a pool could not
     * make a connection, and inside an {@code EJBException} when a transaction could not be committed.
     *
     * @param thrown any
     * @return empty if no connection had to do with it
     */
    public static Optional<Failure> of(Throwable thrown) {
        return find(GenAiException.class, thrown)
                .map(Failure::ofConnector)
                .or(() -> find(jakarta.resource.spi.SecurityException.class, thrown)
                        .map(e -> ofPool(FailureCategory.AUTHENTICATION, e)))
                .or(() -> find(InvalidPropertyException.class, thrown).map(e -> ofPool(FailureCategory.UNAVAILABLE, e)))
                .or(() -> find(ResourceException.class, thrown).map(e -> ofPool(category(e), e)));
    }

    /**
     * Why a job was refused when its transaction was committed.
     *
     * @param status of the job
     * @return empty if it was not refused
     */
    public static Optional<Failure> of(JobStatus status) {
        if (status.state() != JobState.REJECTED) {
            return Optional.empty();
        }
        return Optional.of(status.failure()
                .map(failure -> new Failure(
                        FailureCategory.valueOf(failure.type()), failure.message(), Optional.empty(), false, Map.of()))
                .orElseGet(() -> ofConnector(
                        new WorkflowRejectedException("ComfyUI rejected the workflow", status.nodeErrors()))));
    }

    /**
     * What a log may say of a failure: its category and what a backend's support can look up. The message is left to the caller
     * of the API, because backends quote prompts and answers in theirs.
     *
     * @param thrown any
     * @return for example {@code SERVER (status 500, request id req-1)}; of a wrong configuration the message, which quotes nobody
     */
    public static String logged(Throwable thrown) {
        return find(GenAiException.class, thrown)
                .map(e -> {
                    StringJoiner details = new StringJoiner(", ", " (", ")").setEmptyValue("");
                    e.status().ifPresent(status -> details.add("status " + status));
                    e.requestId().ifPresent(id -> details.add("request id " + id));
                    return e.category() + details.toString();
                })
                .or(() -> find(InvalidPropertyException.class, thrown).map(Throwable::getMessage))
                .or(() -> of(thrown).map(failure -> failure.category().name()))
                .orElseGet(() -> thrown.getClass().getName());
    }

    private static Failure ofConnector(GenAiException e) {
        if (e instanceof WorkflowRejectedException rejection) {
            return new Failure(e.category(), e.getMessage(), e.retryAfter(), true, rejection.nodeErrors());
        }
        return new Failure(e.category(), e.getMessage(), e.retryAfter(), false, Map.of());
    }

    /**
     * The application server's own refusal of a connection: without a failure of a backend or a property that is wrong, the pool is
     * exhausted.
     */
    private static Failure ofPool(FailureCategory category, ResourceException e) {
        return new Failure(category, e.getMessage(), Optional.empty(), false, Map.of());
    }

    /** Open Liberty gives an exception of its own the words of the adapter's. */
    private static FailureCategory category(ResourceException e) {
        return String.valueOf(e.getMessage()).startsWith("Configuration property ")
                ? FailureCategory.UNAVAILABLE
                : FailureCategory.OVERLOADED;
    }

    private static <T extends Throwable> Optional<T> find(Class<T> type, Throwable thrown) {
        return Stream.iterate(thrown, e -> e != null, Throwable::getCause)
                .limit(50) // a chain may be a circle
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
