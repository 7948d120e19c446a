package org.genaiconnector.storyboard.web;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The JSON object a client sent. Every mistake in it becomes a 400 that names the member. */
final class JsonBody {

    /** Workflows of some thousand nodes are below 1 MB. */
    private static final int MAX_BYTES = 10_000_000;

    private final JsonObject json;
    private final String path;

    private JsonBody(JsonObject json, String path) {
        this.json = json;
        this.path = path;
    }

    static JsonBody read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw RequestException.tooLarge("The body is larger than " + MAX_BYTES + " bytes");
        }
        if (bytes.length == 0) {
            throw RequestException.badRequest("The body is empty; a JSON object is needed");
        }
        try (JsonParser parser = Json.createParser(new ByteArrayInputStream(bytes))) {
            if (parser.next() == JsonParser.Event.START_OBJECT) {
                JsonObject object = parser.getObject();
                parser.hasNext(); // fails if anything follows
                return new JsonBody(object, "");
            }
        } catch (RuntimeException e) { // a JsonException, or just this if the body is nested too deeply
            throw RequestException.badRequest("The body is not JSON: " + e.getMessage(), e);
        }
        throw RequestException.badRequest("The body must be a JSON object");
    }

    static JsonBody of(JsonValue value, String name) {
        if (value instanceof JsonObject object) {
            return new JsonBody(object, name + ".");
        }
        throw RequestException.badRequest("\"" + name + "\" must be an object");
    }

    boolean has(String name) {
        return json.containsKey(name) && json.get(name) != JsonValue.NULL;
    }

    /** Whether there is such a member, be it null. */
    boolean contains(String name) {
        return json.containsKey(name);
    }

    /** A member of any type; JSON's null if there is none. */
    JsonValue value(String name) {
        return json.getOrDefault(name, JsonValue.NULL);
    }

    String text(String name) {
        return optionalText(name).orElseThrow(() -> missing(name));
    }

    Optional<String> optionalText(String name) {
        return member(name).map(value -> {
            if (value instanceof JsonString string) {
                return string.getString();
            }
            throw wrong(name, "a string");
        });
    }

    OptionalInt optionalInt(String name) {
        Optional<JsonNumber> number = number(name);
        if (number.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(number.get().bigDecimalValue().intValueExact());
        } catch (ArithmeticException e) {
            throw RequestException.badRequest("\"" + path + name + "\" must be a whole number", e);
        }
    }

    OptionalDouble optionalDouble(String name) {
        return number(name).map(value -> OptionalDouble.of(value.doubleValue())).orElseGet(OptionalDouble::empty);
    }

    JsonObject object(String name) {
        return optionalObject(name).orElseThrow(() -> missing(name));
    }

    Optional<JsonObject> optionalObject(String name) {
        return member(name).map(value -> {
            if (value instanceof JsonObject object) {
                return object;
            }
            throw wrong(name, "an object");
        });
    }

    JsonArray array(String name) {
        JsonValue value = member(name).orElseThrow(() -> missing(name));
        if (value instanceof JsonArray array) {
            return array;
        }
        throw wrong(name, "an array");
    }

    private Optional<JsonNumber> number(String name) {
        return member(name).map(value -> {
            if (value instanceof JsonNumber number) {
                return number;
            }
            throw wrong(name, "a number");
        });
    }

    private Optional<JsonValue> member(String name) {
        return has(name) ? Optional.of(json.get(name)) : Optional.empty();
    }

    private RequestException missing(String name) {
        return RequestException.badRequest("The member \"" + path + name + "\" is missing");
    }

    private RequestException wrong(String name, String type) {
        return RequestException.badRequest("\"" + path + name + "\" must be " + type);
    }
}
