package org.genaiconnector.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that may ask for connection factories and simulators as parameters, as {@link GenAiExtension} describes: on a
 * method in place of {@code @Test}, or on a class whose methods have {@code @Test}, {@code @ParameterizedTest} and so on.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(GenAiExtension.class)
public @interface GenAiTest {}
