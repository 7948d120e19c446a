package org.genaiconnector.ra.connection;

import jakarta.resource.spi.InvalidPropertyException;

/** A configuration property has a wrong value, or none where it must have one. */
public final class PropertyException extends InvalidPropertyException {
    private static final long serialVersionUID = 1L;

    private final String property;

    /**
     * Its message is the sentence {@code Configuration property <property> <problem>}.
     *
     * @param property name of the JavaBean property
     * @param problem the rest of the sentence; must not contain a secret
     */
    public PropertyException(String property, String problem) {
        this(property, problem, null);
    }

    /**
     * Its message is the sentence {@code Configuration property <property> <problem>}.
     *
     * @param property name of the JavaBean property
     * @param problem the rest of the sentence; must not contain a secret
     * @param cause null for none
     */
    public PropertyException(String property, String problem, Throwable cause) {
        super("Configuration property " + property + " " + problem, cause);
        this.property = property;
    }

    /**
     * The property that is wrong.
     *
     * @return name of the JavaBean property
     */
    public String property() {
        return property;
    }
}
