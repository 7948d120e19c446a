package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * A model that a service offers.
 *
 * @param id the name for {@link ChatRequest#model()}
 * @param displayName for people; only Anthropic has one
 * @param ownedBy organisation; only OpenAI-compatible services give it
 */
public record LlmModel(String id, Optional<String> displayName, Optional<String> ownedBy) implements Serializable {

    public LlmModel {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(displayName, "displayName");
        Objects.requireNonNull(ownedBy, "ownedBy");
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
