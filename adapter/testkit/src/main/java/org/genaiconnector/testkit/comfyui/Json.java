package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;

/**
 * JSON the way Python's {@code json} module reads and writes it: bare {@code NaN} and {@code Infinity} both ways,
 * separators with a blank, everything outside ASCII escaped.
 */
final class Json {
    private static final int NO_LIMIT = Integer.MAX_VALUE;
    private static final ObjectMapper READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(NO_LIMIT)
                            .build())
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * The value in {@code text}.
     *
     * @throws JsonProcessingException if it is empty or not JSON
     */
    static JsonNode parse(String text) throws JsonProcessingException {
        JsonNode value = READER.readTree(text);
        if (value.isMissingNode()) {
            throw new EmptyText();
        }
        return value;
    }

    /**
     * The object in {@code text}.
     *
     * @throws IllegalArgumentException if it is not a JSON object
     */
    static ObjectNode object(String text) {
        try {
            return (ObjectNode) parse(text);
        } catch (JsonProcessingException | ClassCastException e) {
            String shown = text.length() <= 200 ? text : text.substring(0, 200) + "...";
            throw new IllegalArgumentException("Not a JSON object: " + shown, e);
        }
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static ArrayNode strings(Collection<String> values) {
        ArrayNode array = array();
        values.forEach(array::add);
        return array;
    }

    static String write(JsonNode value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(JsonNode value, StringBuilder out) {
        switch (value.getNodeType()) {
            case OBJECT -> {
                String separator = "{";
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    writeText(member.getKey(), out.append(separator));
                    write(member.getValue(), out.append(": "));
                    separator = ", ";
                }
                out.append(value.isEmpty() ? "{}" : "}");
            }
            case ARRAY -> {
                String separator = "[";
                for (JsonNode element : value) {
                    write(element, out.append(separator));
                    separator = ", ";
                }
                out.append(value.isEmpty() ? "[]" : "]");
            }
            case STRING -> writeText(value.textValue(), out);
            case NUMBER -> out.append(number(value));
            default -> out.append(value.asText());
        }
    }

    private static String number(JsonNode value) {
        if (!value.isFloatingPointNumber()) {
            return value.asText();
        }
        double number = value.doubleValue();
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        return Python.repr(number);
    }

    private static void writeText(String text, StringBuilder out) {
        out.append('"');
        int plain = 0; // from here on nothing is escaped
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
                continue;
            }
            out.append(text.substring(plain, i));
            plain = i + 1;
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> out.append("\\u").append(String.format("%04x", (int) c));
            }
        }
        out.append(plain == 0 ? text : text.substring(plain)).append('"');
    }

    /** Nothing where a JSON value was expected. */
    private static final class EmptyText extends JsonProcessingException {
        private static final long serialVersionUID = 1L;

        EmptyText() {
            super("Expecting value");
        }
    }
}
