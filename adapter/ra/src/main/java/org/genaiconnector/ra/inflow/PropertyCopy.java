package org.genaiconnector.ra.inflow;

import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.util.Set;

/** Copies configuration properties from one JavaBean to another. */
final class PropertyCopy {
    private static final Set<Class<?>> TYPES = Set.of(String.class, Integer.class, Double.class, Boolean.class);

    private PropertyCopy() {}

    /**
     * Copies all configuration properties that the target has.
     *
     * @param from has all properties of {@code to}
     * @throws IllegalStateException if it does not
     */
    static void copy(Object from, Object to) {
        try {
            for (PropertyDescriptor property :
                    Introspector.getBeanInfo(to.getClass()).getPropertyDescriptors()) {
                if (TYPES.contains(property.getPropertyType()) && property.getWriteMethod() != null) {
                    Object value = from.getClass()
                            .getMethod(property.getReadMethod().getName())
                            .invoke(from);
                    property.getWriteMethod().invoke(to, value);
                }
            }
        } catch (IntrospectionException | ReflectiveOperationException e) {
            throw new IllegalStateException(from.getClass() + " does not have what " + to.getClass() + " needs", e);
        }
    }
}
