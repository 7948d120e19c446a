package org.genaiconnector.llm;

import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * Text in a message.
 *
 * @param text may be empty
 * @param providerData other members of this text in the service's answer, such as Anthropic's {@code citations};
 *     usually empty, and always in a user's message
 */
public record TextPart(String text, Optional<ProviderData> providerData) implements ContentPart {

    public TextPart {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(providerData, "providerData");
    }

    /**
     * Text alone.
     *
     * @param text may be empty
     */
    public TextPart(String text) {
        this(text, Optional.empty());
    }

    /**
     * Text alone.
     *
     * @param text may be empty
     * @return the part
     */
    public static TextPart of(String text) {
        return new TextPart(text);
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
