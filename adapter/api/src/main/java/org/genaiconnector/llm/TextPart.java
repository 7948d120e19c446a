package org.genaiconnector.llm;

import java.util.Objects;

/**
 * Text in a message.
 *
 * @param text not null, may be empty
 */
public record TextPart(String text) implements ContentPart {

    public TextPart {
        Objects.requireNonNull(text, "text");
    }
}
