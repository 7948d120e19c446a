package org.genaiconnector.ra.llm;

import java.util.Locale;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/** What happens to options that a provider's protocol cannot express or a model refuses. Content is never dropped. */
enum UnsupportedFields {
    /** The request fails before it is sent; the message names the option. */
    FAIL {
        @Override
        void met(String field, String protocol) throws GenAiException {
            throw inexpressible(field, protocol, "omit it, or set the property unsupportedFields to DROP");
        }
    },
    /** The request is sent without it. */
    DROP {
        @Override
        void met(String field, String protocol) {
            // the configuration says so
        }
    };

    /**
     * Handles such an option of a request.
     *
     * @param field the option's name in the API
     * @param protocol the provider whose protocol lacks it
     */
    abstract void met(String field, String protocol) throws GenAiException;

    /** The failure of a request that cannot be expressed. */
    static GenAiException inexpressible(String what, String protocol, String remedy) {
        return new GenAiException(
                FailureCategory.INVALID_REQUEST,
                what + " cannot be expressed in " + protocol + "'s protocol: " + remedy);
    }

    /** The value of a name, in upper or lower case; empty if the name is unknown or null. */
    static Optional<UnsupportedFields> named(String name) {
        for (UnsupportedFields one : values()) {
            if (name != null && one.name().equals(name.strip().toUpperCase(Locale.ROOT))) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
