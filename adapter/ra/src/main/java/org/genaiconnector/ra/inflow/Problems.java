package org.genaiconnector.ra.inflow;

import jakarta.resource.spi.InvalidPropertyException;
import java.beans.IntrospectionException;
import java.beans.PropertyDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.genaiconnector.ra.connection.PropertyException;

/** All that is wrong with the properties of a bean, at most one problem for each property, to be reported at once. */
final class Problems {
    private final Class<?> bean;
    private final Map<String, PropertyException> problems = new LinkedHashMap<>();

    Problems(Class<?> bean) {
        this.bean = bean;
    }

    void add(PropertyException problem) {
        problems.put(problem.property(), problem);
    }

    /** A check of one property. */
    @FunctionalInterface
    interface Check {
        void run() throws PropertyException;
    }

    /** Runs a check and adds the problem that it finds. */
    void check(Check check) {
        try {
            check.run();
        } catch (PropertyException e) {
            add(e);
        }
    }

    /** @throws InvalidPropertyException with the messages of all problems and a descriptor of each wrong property */
    void throwIfAny() throws InvalidPropertyException {
        if (!problems.isEmpty()) {
            InvalidPropertyException all = new InvalidPropertyException(
                    problems.values().stream().map(Throwable::getMessage).collect(Collectors.joining("; ")));
            all.setInvalidPropertyDescriptors(
                    problems.keySet().stream().map(this::descriptor).toArray(PropertyDescriptor[]::new));
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
