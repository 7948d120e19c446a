package org.genaiconnector.client;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the shapes of records and their components. */
final class Shapes {

    private Shapes() {}

    static Shape.Members ofRecord(Class<?> type) {
        return members(type, type.getSimpleName(), new HashSet<>());
    }

    private static Shape.Members members(Class<?> type, String path, Set<Class<?>> within) {
        if (!within.add(type)) {
            throw new IllegalArgumentException(path + " contains itself, which no schema of finite depth can say");
        }
        List<Shape.Member> members = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            members.add(new Shape.Member(
                    component.getName(),
                    description(component.getAnnotation(Description.class)),
                    shape(component.getGenericType(), path + "." + component.getName(), within)));
        }
        within.remove(type);
        return new Shape.Members(
                constructor(type), description(type.getAnnotation(Description.class)), List.copyOf(members));
    }

    private static Optional<String> description(Description given) {
        return Optional.ofNullable(given).map(Description::value);
    }

    private static Constructor<?> constructor(Class<?> type) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            if (constructor.trySetAccessible()) {
                return constructor;
            }
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("A record has a constructor of its components", e);
        }
        throw new IllegalArgumentException(
                type.getName() + " cannot be made from here: make it public, or its module open");
    }

    private static Shape shape(Type type, String path, Set<Class<?>> within) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            return new Shape.Listing(shape(generic.getActualTypeArguments()[0], path, within));
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
            return new Shape.Maybe(shape(generic.getActualTypeArguments()[0], path, within));
        }
        if (type instanceof Class<?> plain) {
            if (plain.isRecord()) {
                return members(plain, path, within);
            }
            if (plain.isEnum()) {
                return new Shape.Choice(plain);
            }
            Optional<Shape> simple = Shape.simple(plain);
            if (simple.isPresent()) {
                return simple.get();
            }
        }
        throw new IllegalArgumentException(path + " is a " + type.getTypeName()
                + "; supported are strings, numbers, booleans, enums, records, and List and Optional of these");
    }
}
