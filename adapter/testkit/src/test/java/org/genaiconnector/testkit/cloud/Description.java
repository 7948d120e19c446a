package org.genaiconnector.testkit.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The vendor's description of the API: what an answer may be. */
final class Description {
    private final JsonNode all;

    Description() throws IOException {
        try (InputStream file = Description.class.getResourceAsStream("comfy-api-v2.json")) {
            all = new ObjectMapper().readTree(file);
        }
    }

    /** What is wrong with an answer; empty if it is as described. */
    List<String> faults(String method, String path, int status, byte[] body) throws IOException {
        String route = path.replaceFirst("/jobs/[^/]+", "/jobs/{id}").replaceFirst("/assets/[^/]+", "/assets/{id}");
        JsonNode operation = all.path("paths").path(route).path(method.toLowerCase(java.util.Locale.ROOT));
        if (operation.isMissingNode()) {
            return List.of("no operation " + method + " " + route);
        }
        JsonNode response = resolved(operation.path("responses").path(Integer.toString(status)));
        if (response.isMissingNode()) {
            return List.of("no answer " + status + " to " + method + " " + route);
        }
        JsonNode schema = response.path("content").path("application/json").path("schema");
        List<String> faults = new ArrayList<>();
        if (!schema.isMissingNode()) {
            check(new ObjectMapper().readTree(body), schema, method + " " + route + " " + status, faults);
        }
        return faults;
    }

    private JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : all.at(reference.substring(1));
    }

    private void check(JsonNode value, JsonNode described, String where, List<String> faults) {
        JsonNode schema = resolved(described);
        schema.path("allOf").forEach(part -> {
            if (!(value.isNull() && schema.path("nullable").asBoolean())) {
                check(value, part, where, faults);
            }
        });
        if (value.isNull()) {
            if (!schema.path("nullable").asBoolean()) {
                faults.add(where + " is null");
            }
            return;
        }
        if (!isOf(schema.path("type").asText(), value)) {
            faults.add(where + " is no " + schema.path("type").asText() + ": " + value);
        }
        if (schema.has("enum") && !contains(schema.get("enum"), value)) {
            faults.add(where + " is none of " + schema.get("enum") + ": " + value);
        }
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                faults.add(where + " lacks " + name.asText());
            }
        });
        if (schema.has("properties") && value.isObject()) {
            value.properties().forEach(member -> {
                JsonNode type = schema.path("properties").path(member.getKey());
                if (type.isMissingNode()) {
                    faults.add(where + " has an unknown " + member.getKey());
                } else {
                    check(member.getValue(), type, where + "." + member.getKey(), faults);
                }
            });
        }
        value.forEach(item -> {
            if (value.isArray() && schema.has("items")) {
                check(item, schema.get("items"), where + "[]", faults);
            }
        });
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode each : list) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
    }
}
