package org.genaiconnector.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a {@link Faults} parameter or field of a test with the simulator whose faults are meant. */
@Target({ElementType.PARAMETER, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
public @interface FaultsOf {
    /** The simulator's class. */
    Class<?> value();
}
