package org.genaiconnector.ra.inflow;

import jakarta.resource.spi.InvalidPropertyException;
import java.beans.IntrospectionException;
import java.beans.PropertyDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is wrong with the properties of a bean, all of it, to be told at once. */
final class Problems {
    private final Class<?> bean;
    private final Map<String, String> sentences = new LinkedHashMap<>();

    Problems(Class<?> bean) {
        this.bean = bean;
    }

    /** @param problem goes on a sentence that begins with the property's name; must not hold a secret */
    void add(String property, String problem) {
        sentences.put(property, "Configuration property " + property + " " + problem);
    }

    /** Notes what {@link org.genaiconnector.ra.connection.BackendConfiguration} says of one of its properties. */
    void add(InvalidPropertyException problem) {
        String property = problem.getMessage().split(" ")[2]; // the sentence begins as those above
        sentences.put(property, problem.getMessage());
    }

    /** Notes a number that is missing or too small. */
    void atLeast(int least, String property, Integer value) {
        if (value == null || value < least) {
            add(property, "must be " + least + " or more, but is " + value);
        }
    }

    /** @throws InvalidPropertyException with a descriptor of each wrong property, if there is any */
    void check() throws InvalidPropertyException {
        if (!sentences.isEmpty()) {
            InvalidPropertyException all = new InvalidPropertyException(String.join("; ", sentences.values()));
            all.setInvalidPropertyDescriptors(
                    sentences.keySet().stream().map(this::descriptor).toArray(PropertyDescriptor[]::new));
            throw all;
        }
    }

    private PropertyDescriptor descriptor(String property) {
        try {
            return new PropertyDescriptor(property, bean);
        } catch (IntrospectionException e) {
            throw new IllegalStateException(e);
        }
    }
}
