package org.genaiconnector.llm;

import java.util.Objects;

/**
 * The result of a tool call, or why it failed.
 *
 * @param callId of the {@link ToolCall}
 * @param text result or error, for the model to read
 * @param error whether the tool failed; for a provider without such a flag the adapter says so in the text
 */
public record ToolResult(String callId, String text, boolean error) implements ContentPart {

    public ToolResult {
        Objects.requireNonNull(callId, "callId");
        Objects.requireNonNull(text, "text");
    }

    /**
     * A result.
     *
     * @param call that it answers
     * @param text for the model
     * @return the result
     */
    public static ToolResult of(ToolCall call, String text) {
        return new ToolResult(call.id(), text, false);
    }

    /**
     * A failure.
     *
     * @param call that it answers
     * @param text what went wrong, so that the model can correct it
     * @return the result
     */
    public static ToolResult failed(ToolCall call, String text) {
        return new ToolResult(call.id(), text, true);
    }
}
