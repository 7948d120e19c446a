package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** Writes JSON that is valid for a schema, or of the form that a prompt's words describe, about the prompt's topic. */
final class JsonWriter {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DEEPEST = 12;
    private static final int DEEPEST_OPTIONAL = 3;

    private final PromptIntent intent;
    private final List<String> scenes;
    private JsonNode root;
    private int written;

    JsonWriter(Prompt prompt) {
        this.intent = PromptIntent.of(prompt);
        this.scenes = Scenes.write(intent.topic(), Math.max(1, intent.elements()), prompt.variant());
    }

    /** A value valid for this JSON schema. */
    JsonNode write(JsonNode schema) {
        root = schema;
        return value(schema, "", 0);
    }

    /** A value of the form that the prompt's words ask for. */
    JsonNode asWished() {
        if (!intent.jsonArray()) {
            return object(intent.keys().isEmpty() ? List.of("topic", "answer") : intent.keys());
        }
        ArrayNode array = JSON.arrayNode();
        for (int i = 0; i < intent.elements(); i++) {
            array.add(intent.keys().isEmpty() ? JSON.textNode(nextScene()) : object(intent.keys()));
        }
        return array;
    }

    private ObjectNode object(List<String> keys) {
        ObjectNode object = JSON.objectNode();
        keys.forEach(key -> object.put(key, text(key)));
        return object;
    }

    private JsonNode value(JsonNode given, String name, int depth) {
        JsonNode schema = resolved(given);
        if (schema.has("const")) {
            return schema.get("const");
        }
        if (schema.path("enum").isArray()) {
            return chosen(schema.get("enum"));
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, name, depth);
            case "integer" -> JSON.numberNode((long) Math.ceil(number(schema, 1)));
            case "number" -> JSON.numberNode(number(schema, 0.5));
            case "boolean" -> JSON.booleanNode(true);
            case "null" -> JSON.nullNode();
            default -> JSON.textNode(text(schema, name));
        };
    }

    /** Follows references and takes the first of several alternatives. */
    private JsonNode resolved(JsonNode schema) {
        JsonNode current = schema;
        for (int i = 0; i < DEEPEST; i++) {
            String reference = current.path("$ref").asText("");
            if (reference.startsWith("#")) {
                current = root.at(reference.substring(1));
            } else if (current.path("anyOf").isArray()) {
                current = current.get("anyOf").path(0);
            } else if (current.path("oneOf").isArray()) {
                current = current.get("oneOf").path(0);
            } else if (current.path("allOf").isArray()) {
                current = current.get("allOf").path(0);
            } else {
                return current;
            }
        }
        return current;
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            return type.path(0).asText();
        }
        if (type.isTextual()) {
            return type.asText();
        }
        return schema.has("properties") ? "object" : schema.has("items") ? "array" : "string";
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = JSON.objectNode();
        schema.path("properties").properties().forEach(property -> {
            boolean required = contains(schema.path("required"), property.getKey());
            if (required || depth < DEEPEST_OPTIONAL) { // leaving one out ends a recursive schema
                object.set(property.getKey(), value(property.getValue(), property.getKey(), depth + 1));
            }
        });
        return object;
    }

    private ArrayNode array(JsonNode schema, String name, int depth) {
        int least = schema.path("minItems").asInt(0);
        int most = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        int size = depth > DEEPEST ? least : Math.max(least, Math.min(most, intent.elements()));
        ArrayNode array = JSON.arrayNode();
        for (int i = 0; i < size; i++) {
            JsonNode item = schema.path("prefixItems").path(i);
            array.add(value(item.isMissingNode() ? schema.path("items") : item, name, depth + 1));
        }
        return array;
    }

    private JsonNode chosen(JsonNode values) {
        String words = intent.userWords().toLowerCase(Locale.ROOT);
        for (JsonNode value : values) {
            if (value.isTextual() && words.contains(value.asText().toLowerCase(Locale.ROOT))) {
                return value;
            }
        }
        return values.path(0);
    }

    private static double number(JsonNode schema, double usual) {
        double least = schema.has("exclusiveMinimum")
                ? schema.get("exclusiveMinimum").asDouble() + usual
                : schema.path("minimum")
                        .asDouble(Math.min(usual, schema.path("maximum").asDouble(usual)));
        double value = Math.max(least, Math.min(usual, schema.path("maximum").asDouble(usual)));
        double step = schema.path("multipleOf").asDouble(0);
        return step > 0 ? Math.ceil(value / step) * step : value;
    }

    private String text(JsonNode schema, String name) {
        String text =
                switch (schema.path("format").asText("")) {
                    case "date" -> "2026-01-31";
                    case "date-time" -> "2026-01-31T12:00:00Z";
                    case "time" -> "12:00:00Z";
                    case "uri" -> "https://example.com/";
                    case "email" -> "someone@example.com";
                    case "uuid" -> "3f2b1c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d";
                    default -> text(name);
                };
        int least = schema.path("minLength").asInt(0);
        int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        String filled = text.length() < least ? text + ".".repeat(least - text.length()) : text;
        return filled.length() > most ? filled.substring(0, most) : filled;
    }

    /** Scenes where pictures are wanted, otherwise words on the topic that depend on the member's name. */
    private String text(String name) {
        boolean title = name.matches("(?i).*(title|name|city|topic|subject|query|location|place).*");
        if (title || (intent.scenes().isEmpty() && !name.matches("(?i).*(scene|text|description|prompt|answer).*"))) {
            return intent.topic();
        }
        return nextScene();
    }

    private String nextScene() {
        return scenes.get(written++ % scenes.size());
    }

    private static boolean contains(JsonNode array, String text) {
        for (JsonNode element : array) {
            if (element.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }
}
