package org.genaiconnector.testkit.cloud;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An answer. */
record Reply(int status, Map<String, String> headers, String contentType, byte[] body) {
    static final ObjectMapper JSON = new ObjectMapper();

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static Reply json(int status, JsonNode body) {
        return new Reply(status, Map.of(), "application/json", body.toString().getBytes(StandardCharsets.UTF_8));
    }

    static Reply empty(int status) {
        return new Reply(status, Map.of(), null, new byte[0]);
    }

    /** Those that mean that waiting helps say how long. */
    static Reply of(Refused refused) {
        ObjectNode body = object();
        ObjectNode error = body.putObject("error").put("code", refused.code()).put("message", refused.getMessage());
        if (refused.details() != null) {
            error.set("details", refused.details());
        }
        Reply reply = json(refused.status(), body);
        return refused.status() == 429
                ? new Reply(429, Map.of("Retry-After", "1"), reply.contentType(), reply.body())
                : reply;
    }

    static JsonNode read(byte[] body) throws Refused {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new Refused(422, "invalid_workflow", "The body is not JSON");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
