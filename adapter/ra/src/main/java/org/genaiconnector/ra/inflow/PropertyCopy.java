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
     * Copies the configuration properties that the target has.
     *
     * @param from has all these properties of {@code to}
     * @param except names of those that keep their values
     * @throws IllegalStateException if it does not have one
     */
    static void copy(Object from, Object to, Set<String> except) {
        try {
            for (PropertyDescriptor property :
                    Introspector.getBeanInfo(to.getClass()).getPropertyDescriptors()) {
                if (TYPES.contains(property.getPropertyType())
                        && property.getWriteMethod() != null
                        && !except.contains(property.getName())) {
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
