package org.genaiconnector.storyboard.web;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.storyboard.Failure;

/** The JSON form of a failure, the same in error answers and inside jobs and stories. */
final class ErrorJson {

    private ErrorJson() {}

    static JsonObject of(FailureCategory category, String message, JsonObject details) {
        return Json.createObjectBuilder()
                .add("category", category.name())
                .add("message", message == null ? "" : message)
                .add("details", details)
                .build();
    }

    static JsonObject of(Failure failure) {
        JsonObject details = failure.nodeErrors().isEmpty()
                ? JsonValue.EMPTY_JSON_OBJECT
                : Json.createObjectBuilder()
                        .add("nodeErrors", JobJson.nodeErrors(failure.nodeErrors()))
                        .build();
        return of(failure.category(), failure.message(), details);
    }
}
