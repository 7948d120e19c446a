package org.genaiconnector.storyboard.web;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.config.PropertyVisibilityStrategy;
import jakarta.ws.rs.ext.ContextResolver;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/**
 * JSON-B as this application writes JSON: the components of records, also those that are null, unless the record says
 * otherwise.
 */
@Provider
public class JsonConfiguration implements ContextResolver<Jsonb> {

    private static final Jsonb JSONB = JsonbBuilder.create(
            new JsonbConfig().withNullValues(true).withPropertyVisibilityStrategy(new Components()));

    /** JSON-B 3.0 does not know records, and what implementations make of them differs between application servers. */
    private static final class Components implements PropertyVisibilityStrategy {

        @Override
        public boolean isVisible(Field field) {
            return field.getDeclaringClass().isRecord() || Modifier.isPublic(field.getModifiers());
        }

        @Override
        public boolean isVisible(Method method) {
            return !method.getDeclaringClass().isRecord() && Modifier.isPublic(method.getModifiers());
        }
    }

    @Override
    public Jsonb getContext(Class<?> type) {
        return JSONB;
    }

    /** JSON where JAX-RS does not write it. */
    static String write(Object value) {
        return JSONB.toJson(value);
    }
}
