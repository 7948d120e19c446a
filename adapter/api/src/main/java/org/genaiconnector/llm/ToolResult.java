package org.genaiconnector.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The result of a tool call, or why it failed.
 *
 * @param callId of the {@link ToolCall}
 * @param text result or error, for the model to read
 * @param error whether the tool failed; for a provider without such a flag the adapter says so in the text
 * @param attachments images and files that the tool made, mostly none. Anthropic and OpenAI's responses take them; with
 *     other protocols the request fails before it is sent
 */
public record ToolResult(String callId, String text, boolean error, List<ContentPart> attachments)
        implements ContentPart {

    public ToolResult {
        Objects.requireNonNull(callId, "callId");
        Objects.requireNonNull(text, "text");
        attachments =
                attachments == null ? List.of() : List.copyOf(attachments); // null: serialized by an older version
        for (ContentPart part : attachments) {
            if (!(part instanceof ImagePart || part instanceof FilePart)) {
                throw new IllegalArgumentException(
                        "A " + part.getClass().getSimpleName() + " cannot be attached to a tool result");
            }
        }
    }

    /**
     * A result of text alone.
     *
     * @param callId of the {@link ToolCall}
     * @param text result or error, for the model to read
     * @param error whether the tool failed
     */
    public ToolResult(String callId, String text, boolean error) {
        this(callId, text, error, List.of());
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

    /**
     * The same with images or files.
     *
     * @param more {@link ImagePart}s and {@link FilePart}s; they come after those that are there
     * @return a new result
     * @throws IllegalArgumentException if one is of another type
     */
    public ToolResult with(ContentPart... more) {
        List<ContentPart> all = new ArrayList<>(attachments);
        all.addAll(List.of(more));
        return new ToolResult(callId, text, error, all);
    }
}
