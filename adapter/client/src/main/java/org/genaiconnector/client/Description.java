package org.genaiconnector.client;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Tells a model what a record, or a component of one, is for; see {@link RecordSchema}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
public @interface Description {
    /**
     * A few words in the language of the conversation.
     *
     * @return not empty
     */
    String value();
}
