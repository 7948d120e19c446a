package org.genaiconnector.client;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The type of a record component as JSON has it. */
sealed interface Shape {

    /** The JSON schema. */
    JsonObject schema();

    /**
     * Reads a value.
     *
     * @param value null if it is missing
     * @param path of the value, for problems
     * @param problems collects what does not fit
     * @return null if it does not fit
     */
    Object read(JsonValue value, String path, List<String> problems);

    /** Strings, numbers and booleans. */
    static Optional<Shape> simple(Class<?> type) {
        if (type == String.class) {
            return Optional.of(new Text());
        }
        if (type == boolean.class || type == Boolean.class) {
            return Optional.of(new Flag());
        }
        return Optional.ofNullable(Numeric.KINDS.get(type));
    }

    private static JsonObject type(String name) {
        return Json.createObjectBuilder().add("type", name).build();
    }

    private static Object mismatch(JsonValue value, String path, String wanted, List<String> problems) {
        String where = path.isEmpty() ? "the answer" : path;
        problems.add(value == null ? where + " is missing" : where + " must be " + wanted + ", but is " + shown(value));
        return null;
    }

    private static String shown(JsonValue value) {
        try {
            String text = value.toString();
            return text.length() <= 60 ? text : text.substring(0, 60) + "...";
        } catch (RuntimeException beyondTheParser) { // numbers are looked at no earlier than here
            return "a number that is too large or too small";
        }
    }

    /** A string. */
    record Text() implements Shape {
        @Override
        public JsonObject schema() {
            return type("string");
        }

        @Override
        public Object read(JsonValue value, String path, List<String> problems) {
            return value instanceof JsonString text ? text.getString() : mismatch(value, path, "a string", problems);
        }
    }

    /** A boolean. */
    record Flag() implements Shape {
        @Override
        public JsonObject schema() {
            return type("boolean");
        }

        @Override
        public Object read(JsonValue value, String path, List<String> problems) {
            return value == JsonValue.TRUE || value == JsonValue.FALSE
                    ? (Object) (value == JsonValue.TRUE)
                    : mismatch(value, path, "true or false", problems);
        }
    }

    /**
     * A number.
     *
     * @param type in the schema
     * @param words what it must be
     * @param exact fails with {@code ArithmeticException} if a number is not of this kind, with another {@code
     *     RuntimeException} if it has more digits than the parser accepts
     */
    record Numeric(String type, String words, Function<BigDecimal, Object> exact) implements Shape {
        private static final Map<Class<?>, Shape> KINDS = kinds();

        private static Map<Class<?>, Shape> kinds() {
            Shape fraction = new Numeric("number", "a number", BigDecimal::doubleValue);
            Shape single = new Numeric("number", "a number", BigDecimal::floatValue);
            return Map.ofEntries(
                    Map.entry(double.class, fraction),
                    Map.entry(Double.class, fraction),
                    Map.entry(float.class, single),
                    Map.entry(Float.class, single),
                    Map.entry(long.class, whole("64", BigDecimal::longValueExact)),
                    Map.entry(Long.class, whole("64", BigDecimal::longValueExact)),
                    Map.entry(int.class, whole("32", BigDecimal::intValueExact)),
                    Map.entry(Integer.class, whole("32", BigDecimal::intValueExact)),
                    Map.entry(short.class, whole("16", BigDecimal::shortValueExact)),
                    Map.entry(Short.class, whole("16", BigDecimal::shortValueExact)),
                    Map.entry(byte.class, whole("8", BigDecimal::byteValueExact)),
                    Map.entry(Byte.class, whole("8", BigDecimal::byteValueExact)));
        }

        private static Shape whole(String bits, Function<BigDecimal, Object> exact) {
            return new Numeric("integer", "an integer of " + bits + " bits", exact);
        }

        @Override
        public JsonObject schema() {
            return Shape.type(type);
        }

        @Override
        public Object read(JsonValue value, String path, List<String> problems) {
            if (value instanceof JsonNumber number) {
                try {
                    return exact.apply(number.bigDecimalValue());
                } catch (RuntimeException notExact) {
                    return mismatch(value, path, words, problems);
                }
            }
            return mismatch(value, path, words, problems);
        }
    }

    /** One of the constants of an enum, by name. */
    record Choice(Class<?> type) implements Shape {
        @Override
        public JsonObject schema() {
            JsonArrayBuilder names = Json.createArrayBuilder();
            constants().forEach(constant -> names.add(constant.name()));
            return Json.createObjectBuilder()
                    .add("type", "string")
                    .add("enum", names)
                    .build();
        }

        private List<Enum<?>> constants() {
            return Arrays.stream(type.getEnumConstants())
                    .<Enum<?>>map(constant -> (Enum<?>) constant)
                    .toList();
        }

        @Override
        public Object read(JsonValue value, String path, List<String> problems) {
            if (value instanceof JsonString name) {
                for (Enum<?> constant : constants()) {
                    if (constant.name().equals(name.getString())) {
                        return constant;
                    }
                }
            }
            String names = constants().stream().map(Enum::name).collect(Collectors.joining(", "));
            return mismatch(value, path, "one of " + names, problems);
        }
    }

    /** A list. */
    record Listing(Shape element) implements Shape {
        @Override
        public JsonObject schema() {
            return Json.createObjectBuilder()
                    .add("type", "array")
                    .add("items", element.schema())
                    .build();
        }

        @Override
        public Object read(JsonValue value, String path, List<String> problems) {
            if (!(value instanceof JsonArray array)) {
                return mismatch(value, path, "an array", problems);
            }
            int before = problems.size();
            List<Object> elements = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                elements.add(element.read(array.get(i), path + "[" + i + "]", problems));
            }
            return problems.size() == before ? List.copyOf(elements) : null;
        }
    }

    /** A value or nothing: null, or missing where a service ignores the schema. */
    record Maybe(Shape value) implements Shape {
        @Override
        public JsonObject schema() {
            return Json.createObjectBuilder()
                    .add("anyOf", Json.createArrayBuilder().add(value.schema()).add(type("null")))
                    .build();
        }

        @Override
        public Object read(JsonValue given, String path, List<String> problems) {
            return given == null || given == JsonValue.NULL
                    ? Optional.empty()
                    : Optional.ofNullable(value.read(given, path, problems));
        }
    }

    /**
     * A component of a record.
     *
     * @param name of the component and the JSON member
     * @param description for the model
     * @param shape its type
     */
    record Member(String name, Optional<String> description, Shape shape) {
        private JsonObject schema() {
            JsonObjectBuilder schema = Json.createObjectBuilder(shape.schema());
            description.ifPresent(words -> schema.add("description", words));
            return schema.build();
        }
    }

    /**
     * A record.
     *
     * @param constructor of all components
     * @param description for the model
     * @param members the components in their order
     */
    record Members(Constructor<?> constructor, Optional<String> description, List<Member> members) implements Shape {
        @Override
        public JsonObject schema() {
            JsonObjectBuilder properties = Json.createObjectBuilder();
            JsonArrayBuilder required = Json.createArrayBuilder();
            for (Member member : members) {
                properties.add(member.name(), member.schema());
                required.add(member.name());
            }
            JsonObjectBuilder schema = Json.createObjectBuilder().add("type", "object");
            description.ifPresent(words -> schema.add("description", words));
            return schema.add("properties", properties)
                    .add("required", required)
                    .add("additionalProperties", false)
                    .build();
        }

        @Override
        public Object read(JsonValue value, String path, List<String> problems) {
            if (!(value instanceof JsonObject object)) {
                return mismatch(value, path, "an object", problems);
            }
            int before = problems.size();
            Object[] components = members.stream()
                    .map(member -> member.shape()
                            .read(
                                    object.get(member.name()),
                                    path.isEmpty() ? member.name() : path + "." + member.name(),
                                    problems))
                    .toArray();
            return problems.size() == before ? made(components, path, problems) : null;
        }

        /** The record's own checks count like the schema's. */
        private Object made(Object[] components, String path, List<String> problems) {
            try {
                return constructor.newInstance(components);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                problems.add((path.isEmpty() ? "the answer" : path) + " is refused: "
                        + e.getCause().getMessage());
                return null;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("A record could not be made: " + constructor, e);
            }
        }
    }
}
