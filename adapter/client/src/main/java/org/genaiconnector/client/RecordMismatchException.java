package org.genaiconnector.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/** A model's answer does not fit the requested record. Category {@code PROTOCOL}; asking again may help. */
public class RecordMismatchException extends GenAiException {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> problems;

    /**
     * Thrown by {@link RecordSchema#read}.
     *
     * @param record simple name of the record
     * @param problems at least one, each a sentence with the path of the member
     * @param cause null if there is none
     */
    RecordMismatchException(String record, List<String> problems, Throwable cause) {
        super(
                FailureCategory.PROTOCOL,
                "The model's answer is no " + record + ": " + String.join("; ", problems),
                cause,
                true,
                null,
                null,
                null);
        this.problems = new ArrayList<>(problems);
    }

    /**
     * What is wrong, in words that a model understands.
     *
     * @return for example {@code scenes[1].text is missing}
     */
    public List<String> problems() {
        return Collections.unmodifiableList(problems);
    }
}
