package org.genaiconnector.llm;

import java.util.Objects;

/**
 * A piece of what a model said that this API does not name, such as the tool calls that Anthropic makes itself,
 * with their results, and {@code compaction} blocks. Keeps its place in the message, and goes back as it came to the service
 * that gave it; other services do not get it.
 *
 * @param data the whole piece
 */
public record OpaquePart(ProviderData data) implements ContentPart {

    public OpaquePart {
        Objects.requireNonNull(data, "data");
    }
}
