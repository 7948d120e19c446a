package org.genaiconnector.junit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Sets configuration properties by name, like an application server that has read them from a descriptor. */
final class Properties {
    /** Parsers for the types of configuration properties. */
    private static final Map<Class<?>, Function<String, Object>> READERS = Map.of(
            String.class, text -> text,
            Integer.class, Integer::valueOf,
            Double.class, Double::valueOf,
            Boolean.class, Properties::truth);

    private Properties() {}

    static void set(Object bean, Map<String, String> properties) {
        properties.forEach((name, value) -> set(bean, name, value));
    }

    private static void set(Object bean, String name, String value) {
        Method setter = setter(bean, name);
        Class<?> type = setter.getParameterTypes()[0];
        try {
            setter.invoke(bean, READERS.get(type).apply(value.strip()));
        } catch (IllegalArgumentException e) { // a NumberFormatException, mostly
            throw new IllegalArgumentException(
                    "Property " + name + " must be of type " + type.getSimpleName() + ", but is " + value, e);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("Property " + name + " cannot be set", e);
        }
    }

    private static Boolean truth(String text) {
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return Boolean.valueOf(text);
        }
        throw new IllegalArgumentException("neither true nor false");
    }

    private static Method setter(Object bean, String name) {
        String method = name.isEmpty() ? "" : "set" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        return Arrays.stream(bean.getClass().getMethods())
                .filter(candidate -> candidate.getName().equals(method)
                        && candidate.getParameterCount() == 1
                        && READERS.containsKey(candidate.getParameterTypes()[0])
                        && Character.isLowerCase(name.charAt(0)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no property " + name + " of "
                        + bean.getClass().getSimpleName() + "; names are case-sensitive, such as serverUrl"));
    }
}
