package org.genaiconnector.ra.http;

import java.io.IOException;
import org.genaiconnector.GenAiException;

/** Carries a classified failure through {@link java.io.InputStream#read()}, which may throw nothing but this. */
public final class BrokenAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    private final GenAiException failure;

    BrokenAnswerException(GenAiException failure) {
        super(failure.getMessage(), failure);
        this.failure = failure;
    }

    /**
     * What happened.
     *
     * @return the failure with its category
     */
    public GenAiException failure() {
        return failure;
    }
}
