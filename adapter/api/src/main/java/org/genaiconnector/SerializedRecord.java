package org.genaiconnector;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Serialized form of the values of this API that hold an {@code Optional} or JSON, which Java cannot serialize. A record uses
 * it by {@code private Object writeReplace() { return SerializedRecord.of(this); }}; applications do not need it.
 *
 * <p>JSON is written as text and components by name. A component that the stream does not have, because an older version
 * of this API wrote it, is read as empty, zero or false; the record's constructor checks the rest.
 */
public final class SerializedRecord implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Class<?> type;
    private final LinkedHashMap<String, Serializable> components;

    private SerializedRecord(Class<?> type, LinkedHashMap<String, Serializable> components) {
        this.type = type;
        this.components = components;
    }

    /** JSON as text. */
    private record JsonText(String text) implements Serializable {
        JsonValue value() {
            try (JsonReader reader = Json.createReader(new StringReader(text))) {
                return reader.readValue();
            }
        }
    }

    /**
     * The form of a record.
     *
     * @param value of this API
     * @return what is written in its place; reading it gives an equal record
     */
    public static Object of(Record value) {
        LinkedHashMap<String, Serializable> components = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object content = content(get(component, value));
            if (content instanceof JsonValue json) {
                components.put(component.getName(), new JsonText(json.toString()));
            } else if (content != null) {
                components.put(component.getName(), (Serializable) content);
            }
        }
        return new SerializedRecord(value.getClass(), components);
    }

    private static Object get(RecordComponent component, Record value) {
        try {
            component.getAccessor().setAccessible(true); // the record may be private
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("A component of a record cannot be read: " + component, e);
        }
    }

    /** Null for an empty {@code Optional}. */
    private static Object content(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.orElse(null);
        }
        if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? optional.getAsInt() : null;
        }
        if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? optional.getAsLong() : null;
        }
        if (value instanceof OptionalDouble optional) {
            return optional.isPresent() ? optional.getAsDouble() : null;
        }
        return value;
    }

    private Object readResolve() throws InvalidObjectException {
        if (!type.isRecord() || !type.getName().startsWith(SerializedRecord.class.getPackageName() + ".")) {
            throw new InvalidObjectException(type.getName() + " is not a record of this API");
        }
        RecordComponent[] all = type.getRecordComponents();
        Class<?>[] types = Arrays.stream(all).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(all)
                .map(component -> value(component.getType(), components.get(component.getName())))
                .toArray();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw invalid(e.getCause());
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw invalid(e);
        }
    }

    private InvalidObjectException invalid(Throwable cause) {
        InvalidObjectException invalid =
                new InvalidObjectException("The stream has no valid " + type.getName() + ": " + cause.getMessage());
        invalid.initCause(cause);
        return invalid;
    }

    /** A component as its record has it. */
    private static Object value(Class<?> type, Serializable written) {
        Object content = written instanceof JsonText json ? json.value() : written;
        if (type == Optional.class) {
            return Optional.ofNullable(content);
        }
        if (type == OptionalInt.class) {
            return content == null ? OptionalInt.empty() : OptionalInt.of((Integer) content);
        }
        if (type == OptionalLong.class) {
            return content == null ? OptionalLong.empty() : OptionalLong.of((Long) content);
        }
        if (type == OptionalDouble.class) {
            return content == null ? OptionalDouble.empty() : OptionalDouble.of((Double) content);
        }
        return content == null ? missing(type) : content;
    }

    private static Object missing(Class<?> type) {
        if (type == List.class) {
            return List.of();
        }
        if (type == Map.class) {
            return Map.of();
        }
        if (type == Set.class) {
            return Set.of();
        }
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        return type == double.class ? (Object) 0.0 : null;
    }
}
