package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param parts at least one; texts in all messages but the tools', images and files in the user's, tool calls,
 *     reasoning and opaque pieces in the model's, tool results in the tools', cache points in all but the model's;
 *     other combinations fail with {@code IllegalArgumentException}
 * @param providerData members of the model's message that its service expects to get back, such as {@code
 *     reasoning_content} of DeepSeek and Kimi; empty in all other messages
 */
public record ChatMessage(Role role, List<ContentPart> parts, Optional<ProviderData> providerData)
        implements Serializable {

    public ChatMessage {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(providerData, "providerData");
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("A message needs at least one part");
        }
        if (parts.get(0) instanceof CachePoint) {
            throw new IllegalArgumentException("A CachePoint stands after what is to be cached, not first");
        }
        for (ContentPart part : parts) {
            if (!mayStandIn(role, part)) {
                throw new IllegalArgumentException(
                        "A " + part.getClass().getSimpleName() + " cannot stand in a message of role " + role);
            }
        }
    }

    /**
     * A turn without data of a provider.
     *
     * @param role who speaks
     * @param parts at least one
     */
    public ChatMessage(Role role, List<ContentPart> parts) {
        this(role, parts, Optional.empty());
    }

    /** No provider supports other combinations, and some would silently drop them. */
    private static boolean mayStandIn(Role role, ContentPart part) {
        return switch (role) {
            case SYSTEM -> part instanceof TextPart || part instanceof CachePoint;
            case USER ->
                part instanceof TextPart
                        || part instanceof ImagePart
                        || part instanceof FilePart
                        || part instanceof CachePoint;
            case ASSISTANT ->
                part instanceof TextPart
                        || part instanceof ToolCall
                        || part instanceof ReasoningPart
                        || part instanceof OpaquePart;
            case TOOL -> part instanceof ToolResult || part instanceof CachePoint;
        };
    }

    /**
     * Instructions to the model.
     *
     * @param text may be empty
     * @return the message
     */
    public static ChatMessage system(String text) {
        return new ChatMessage(Role.SYSTEM, List.of(new TextPart(text)));
    }

    /**
     * What the user says.
     *
     * @param text may be empty
     * @return the message
     */
    public static ChatMessage user(String text) {
        return new ChatMessage(Role.USER, List.of(new TextPart(text)));
    }

    /**
     * What the model said before.
     *
     * @param text may be empty
     * @return the message
     */
    public static ChatMessage assistant(String text) {
        return new ChatMessage(Role.ASSISTANT, List.of(new TextPart(text)));
    }

    /**
     * What the user says, in parts.
     *
     * @param parts texts, images, files; at least one
     * @return the message
     */
    public static ChatMessage user(ContentPart... parts) {
        return new ChatMessage(Role.USER, List.of(parts));
    }

    /**
     * What the user says, with pictures or documents.
     *
     * @param text the first part
     * @param more images, files, texts
     * @return the message
     */
    public static ChatMessage user(String text, ContentPart... more) {
        List<ContentPart> parts = new ArrayList<>(List.of(more));
        parts.add(0, TextPart.of(text));
        return new ChatMessage(Role.USER, parts);
    }

    /**
     * Results of tools.
     *
     * @param results at least one
     * @return the message
     */
    public static ChatMessage tool(ToolResult... results) {
        return new ChatMessage(Role.TOOL, List.of(results));
    }

    /**
     * The parts of one kind.
     *
     * @param type for example {@code ToolCall.class}
     * @return in their order, may be empty
     */
    public <T extends ContentPart> List<T> parts(Class<T> type) {
        return parts.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /**
     * The text of all text parts together.
     *
     * @return may be empty
     */
    public String text() {
        StringBuilder text = null;
        String first = "";
        for (ContentPart part : parts) {
            if (part instanceof TextPart next) {
                if (first.isEmpty()) {
                    first = next.text(); // mostly the only one
                } else {
                    text = text == null ? new StringBuilder(first) : text;
                    text.append(next.text());
                }
            }
        }
        return text == null ? first : text.toString();
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
