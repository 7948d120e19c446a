package org.genaiconnector.ra.messages;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test that makes the adapter log these operator messages; it fails if one of them is not logged. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ProducesExtension.class)
public @interface Produces {
    OperatorMessage[] value();
}
