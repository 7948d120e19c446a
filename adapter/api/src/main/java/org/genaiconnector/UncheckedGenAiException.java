package org.genaiconnector;

import jakarta.resource.ResourceException;
import java.util.Objects;
import java.util.Optional;

/**
 * A {@link ResourceException}, most often a {@link GenAiException}, as an unchecked exception; like {@code
 * UncheckedIOException}. A container rolls the transaction back when a bean throws it. The caller of an EJB gets it as the cause of an {@code
 * EJBException}.
 */
public class UncheckedGenAiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Wraps a failure.
     *
     * @param cause what the connector or the pool threw
     */
    public UncheckedGenAiException(ResourceException cause) {
        super(cause.getMessage(), Objects.requireNonNull(cause, "cause"));
    }

    /** What the connector or the pool threw. */
    @Override
    public synchronized ResourceException getCause() {
        return (ResourceException) super.getCause();
    }

    /**
     * The failure of the backend.
     *
     * @return empty if the pool failed, for example because it is exhausted
     */
    public Optional<GenAiException> failure() {
        return getCause() instanceof GenAiException failure ? Optional.of(failure) : Optional.empty();
    }
}
