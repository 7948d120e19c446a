package org.genaiconnector.storyboard.web;

import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.Map;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.storyboard.Failure;

/**
 * A failure as clients see it, the same in error answers and inside jobs and stories.
 *
 * @param category of the failure
 * @param message for people
 * @param details what else is known, may be empty
 */
@JsonbPropertyOrder({"category", "message", "details"})
public record ErrorJson(FailureCategory category, String message, Map<String, ?> details) {

    static ErrorJson of(FailureCategory category, String message) {
        return new ErrorJson(category, message == null ? "" : message, Map.of());
    }

    static ErrorJson of(Failure failure) {
        return new ErrorJson(
                failure.category(),
                failure.message() == null ? "" : failure.message(),
                failure.nodeErrors().isEmpty() ? Map.of() : Map.of("nodeErrors", failure.nodeErrors()));
    }
}
