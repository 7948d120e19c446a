package org.genaiconnector.ra.llm;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Set;
import java.util.stream.Collectors;
import org.genaiconnector.ra.json.JsonValues;

/**
 * The JSON schemas that OpenAI takes as {@code strict}: objects must forbid other members and require every member they
 * name. For other schemas OpenAI refuses {@code strict}.
 */
final class StrictSchemas {

    private StrictSchemas() {}

    /** Whether OpenAI takes a schema as strict, with all schemas in it. */
    static boolean isStrict(JsonValue schema) {
        if (schema instanceof JsonObject object) {
            JsonObject properties = JsonValues.object(object.get("properties"));
            if ((isObjectType(object.get("type")) || !properties.isEmpty())
                    && (object.get("additionalProperties") != JsonValue.FALSE
                            || !names(object.get("required")).containsAll(properties.keySet()))) {
                return false;
            }
            return object.values().stream().allMatch(StrictSchemas::isStrict);
        }
        return JsonValues.array(schema).stream().allMatch(StrictSchemas::isStrict);
    }

    private static boolean isObjectType(JsonValue type) {
        return names(type).contains("object")
                || type instanceof JsonString one && one.getString().equals("object");
    }

    private static Set<String> names(JsonValue array) {
        return JsonValues.array(array).stream()
                .filter(JsonString.class::isInstance)
                .map(name -> ((JsonString) name).getString())
                .collect(Collectors.toSet());
    }
}
