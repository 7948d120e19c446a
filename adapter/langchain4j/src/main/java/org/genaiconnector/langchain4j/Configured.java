package org.genaiconnector.langchain4j;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Qualifier of beans that are not the default of their kind: with a name alone, CDI would take them for one. */
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@interface Configured {

    /** The qualifier. */
    final class Literal extends AnnotationLiteral<Configured> implements Configured {
        private static final long serialVersionUID = 1L;

        static final Literal INSTANCE = new Literal();

        private Literal() {}
    }
}
