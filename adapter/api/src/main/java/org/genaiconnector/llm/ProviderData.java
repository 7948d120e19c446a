package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.Objects;

/**
 * Data that a service sent with a message, a text or a tool call, and may require back unchanged when the conversation
 * goes on: thought signatures, citations, reasoning. The adapter sends it back to that service only, under the same
 * names and in the same place. Both components are plain texts, so that a stored conversation can hold them.
 *
 * @param origin the protocol and the address of the service, for example {@code openai https://api.deepseek.com/v1}
 * @param json a JSON object as the service wrote it, which only the service can interpret
 */
public record ProviderData(String origin, String json) implements Serializable {

    public ProviderData {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(json, "json");
        String object = json.strip();
        if (!object.startsWith("{") || !object.endsWith("}")) {
            throw new IllegalArgumentException("Provider data must be a JSON object");
        }
    }

    /**
     * Whether it may go to a service.
     *
     * @param service in the form of {@link #origin()}
     * @return true for the one that it came from
     */
    public boolean isOf(String service) {
        return origin.equals(service);
    }
}
