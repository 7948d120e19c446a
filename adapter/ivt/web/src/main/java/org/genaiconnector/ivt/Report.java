package org.genaiconnector.ivt;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The outcome of one run.
 *
 * @param installation versions, by name
 * @param millis how long the run took
 */
record Report(Instant started, long millis, Map<String, String> installation, List<Outcome> outcomes, Usage usage) {

    /** FAILED if a check failed. */
    Result result() {
        return outcomes.stream().anyMatch(outcome -> outcome.result() == Result.FAILED) ? Result.FAILED : Result.OK;
    }

    JsonObject toJson() {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("result", result().toString())
                .add("started", started.toString())
                .add("millis", millis);
        installation.forEach(json::add);
        JsonArrayBuilder checks = Json.createArrayBuilder();
        outcomes.forEach(outcome -> checks.add(json(outcome)));
        return json.add("checks", checks)
                .add("chats", usage.chats())
                .add("inputTokens", usage.inputTokens())
                .add("outputTokens", usage.outputTokens())
                .add("jobs", usage.jobs())
                .build();
    }

    private static JsonObject json(Outcome outcome) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("pool", outcome.pool())
                .add("check", outcome.check())
                .add("result", outcome.result().toString())
                .add("text", outcome.text())
                .add("millis", outcome.millis());
        if (outcome.result() == Result.FAILED) {
            json.add("searchFor", Json.createArrayBuilder(outcome.words())).add("help", Outcome.HELP);
        }
        return json.build();
    }
}
