package org.genaiconnector.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.util.Objects;
import org.genaiconnector.llm.ChatResponse;

/**
 * Metadata of an answer, with everything that the connection said: the target that answered, the tries before and the cost
 * ({@link ChatResponse#routing()}), cached and reasoning tokens, the provider's own finish reason, its limits and its id of
 * the request.
 *
 * <pre>{@code
 * if (response.metadata() instanceof ConnectorResponseMetadata metadata) {
 *     metadata.original().routing().ifPresent(routing -> log(routing.target(), routing.cost()));
 * }
 * }</pre>
 */
public final class ConnectorResponseMetadata extends ChatResponseMetadata {
    private final ChatResponse original;

    ConnectorResponseMetadata(Builder<?> common, ChatResponse original) {
        super(common);
        this.original = original;
    }

    /**
     * The answer as the connection gave it.
     *
     * @return not null
     */
    public ChatResponse original() {
        return original;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof ConnectorResponseMetadata metadata
                && original.equals(metadata.original);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), original);
    }
}
