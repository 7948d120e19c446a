package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the routes see it.
 *
 * @param path decoded, without query
 * @param headers by lower-case name
 * @param query the values of every parameter, in order
 * @param variables the parts of the path that the route's pattern names
 */
record Exchange(
        String method,
        String path,
        Map<String, String> headers,
        Map<String, List<String>> query,
        byte[] body,
        Map<String, String> variables) {

    Exchange with(Map<String, String> newVariables) {
        return new Exchange(method, path, headers, query, body, newVariables);
    }

    String variable(String name) {
        return variables.get(name);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).map(values -> values.get(0));
    }

    Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    /** The body as JSON, with any Content-Type. */
    JsonNode json() throws JsonProcessingException {
        return Json.parse(new String(body, StandardCharsets.UTF_8));
    }
}
