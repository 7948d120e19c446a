package org.genaiconnector.langchain4j;

import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

/** LangChain4j's schemas as JSON. What their kinds look like is decided by LangChain4j, as for its own models. */
final class Schemas {
    private Schemas() {}

    /**
     * A schema.
     *
     * @param element of any kind
     * @param strict whether objects must forbid other members and require every member that they name
     */
    static JsonObject json(JsonSchemaElement element, boolean strict) {
        return object(JsonSchemaElementUtils.toMap(element, strict));
    }

    /** The parameters of a tool; null for a tool without any. */
    static JsonObject parameters(JsonObjectSchema schema, boolean strict) {
        return json(schema == null ? JsonObjectSchema.builder().build() : schema, strict);
    }

    /** A map of plain values as JSON. */
    static JsonObject object(Map<?, ?> members) {
        JsonObjectBuilder object = Json.createObjectBuilder();
        members.forEach((name, member) -> object.add(String.valueOf(name), value(member)));
        return object.build();
    }

    private static JsonValue value(Object plain) {
        if (plain == null) {
            return JsonValue.NULL;
        }
        if (plain instanceof JsonValue json) {
            return json;
        }
        if (plain instanceof Map<?, ?> members) {
            return object(members);
        }
        if (plain instanceof Object[] items) {
            return value(Arrays.asList(items));
        }
        if (plain instanceof Collection<?> items) {
            JsonArrayBuilder array = Json.createArrayBuilder();
            items.forEach(item -> array.add(value(item)));
            return array.build();
        }
        if (plain instanceof Boolean flag) {
            return flag ? JsonValue.TRUE : JsonValue.FALSE;
        }
        return plain instanceof Number number
                ? Json.createValue(new BigDecimal(number.toString()))
                : Json.createValue(plain.toString());
    }
}
