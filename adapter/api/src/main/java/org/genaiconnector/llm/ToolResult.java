package org.genaiconnector.llm;

import java.util.Objects;

/**
 * What a tool gave back, or why it failed.
 *
 * @param callId of the {@link ToolCall}
 * @param text result or error, for the model to read
 * @param error whether the tool failed; providers without such a mark get it in the text
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
     * @param text what went wrong, so that the model can mend it
     * @return the result
     */
    public static ToolResult failed(ToolCall call, String text) {
        return new ToolResult(call.id(), text, true);
    }
}
