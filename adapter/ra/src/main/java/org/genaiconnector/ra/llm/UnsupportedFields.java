package org.genaiconnector.ra.llm;

import java.util.Locale;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/** What becomes of options that a provider's protocol cannot express or a model refuses. Content is never dropped. */
enum UnsupportedFields {
    /** The request fails before it is sent, naming the field. */
    FAIL {
        @Override
        void met(String field, String protocol) throws GenAiException {
            throw inexpressible(field, protocol);
        }
    },
    /** The request is sent without it. */
    DROP {
        @Override
        void met(String field, String protocol) {
            // as the administrator wants it
        }
    };

    /**
     * A request has such an option.
     *
     * @param field as the API calls it
     * @param protocol whose
     */
    abstract void met(String field, String protocol) throws GenAiException;

    /** What a request fails with that cannot be expressed. */
    static GenAiException inexpressible(String field, String protocol) {
        return new GenAiException(
                FailureCategory.INVALID_REQUEST, field + " cannot be expressed in " + protocol + "'s protocol");
    }

    /** By name, in any case; empty for an unknown one. */
    static Optional<UnsupportedFields> named(String name) {
        for (UnsupportedFields one : values()) {
            if (name != null && one.name().equals(name.strip().toUpperCase(Locale.ROOT))) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
