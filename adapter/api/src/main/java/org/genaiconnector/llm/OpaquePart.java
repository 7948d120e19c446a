package org.genaiconnector.llm;

import java.util.Objects;

/**
 * A part of an answer for which this API has no type, such as the tool calls that Anthropic runs itself, with their
 * results, and {@code compaction} blocks. It keeps its place in the message. The adapter sends it back unchanged to the
 * service that it came from, and not to other services.
 *
 * @param data the whole part
 */
public record OpaquePart(ProviderData data) implements ContentPart {

    public OpaquePart {
        Objects.requireNonNull(data, "data");
    }
}
