package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.genaiconnector.testkit.RawHttp;

/** Asks a simulator one thing at a time, each on a new connection. Quotes in requests may be single ones. */
final class LlmClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LlmSimulator simulator;
    private final Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json"));

    LlmClient(LlmSimulator simulator) {
        this.simulator = simulator;
    }

    LlmClient header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Speaks the Anthropic protocol. */
    LlmClient anthropic() {
        return header("anthropic-version", "2023-06-01");
    }

    RawHttp.Answer send(String method, String path, String body) throws IOException {
        try (RawHttp http = new RawHttp(simulator.uri())) {
            return http.send(method, path, headers, body == null ? null : body.replace('\'', '"'))
                    .answer();
        }
    }

    RawHttp.Answer post(String path, String body) throws IOException {
        return send("POST", path, body);
    }

    RawHttp.Answer get(String path) throws IOException {
        return send("GET", path, null);
    }

    JsonNode chat(String body) throws IOException {
        return json(post("/v1/chat/completions", body));
    }

    /** The text of the answer to one user message, without any limit. */
    String say(String words) throws IOException {
        String request = JSON.createObjectNode()
                .put("model", "m")
                .set(
                        "messages",
                        JSON.createArrayNode()
                                .add(JSON.createObjectNode().put("role", "user").put("content", words)))
                .toString();
        try (RawHttp http = new RawHttp(simulator.uri())) {
            http.post("/v1/chat/completions", request);
            return json(http.answer()).at("/choices/0/message/content").asText();
        }
    }

    static JsonNode json(RawHttp.Answer answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    /** The data of all events but a final [DONE]. */
    static List<JsonNode> events(RawHttp.Answer answer) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : answer.body().split("\n")) {
            if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
                events.add(JSON.readTree(line.substring("data: ".length())));
            }
        }
        return events;
    }
}
