package org.genaiconnector.llm;

import java.util.Objects;
import java.util.Optional;

/**
 * Text in a message.
 *
 * @param text not null, may be empty
 * @param providerData what the service said about this text, such as Anthropic's {@code citations}; empty as a rule, and
 *     always in what the user says
 */
public record TextPart(String text, Optional<ProviderData> providerData) implements ContentPart {

    public TextPart {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(providerData, "providerData");
    }

    /**
     * Text alone.
     *
     * @param text not null, may be empty
     */
    public TextPart(String text) {
        this(text, Optional.empty());
    }
}
