package org.genaiconnector.ra.llm;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;

/** A content block of Anthropic's messages, whole or growing by deltas. */
final class AnthropicBlock {
    /** As it came, or as it began. */
    private final JsonObject start;

    private final String type;
    private final int callNumber;
    private final StringBuilder text = new StringBuilder(0);
    private final StringBuilder signature = new StringBuilder(0);
    private ToolCall call;

    private AnthropicBlock(JsonObject start, int callNumber) {
        this.start = start;
        this.type = Json.string(start, "type");
        this.callNumber = callNumber;
    }

    /**
     * Reads a block.
     *
     * @param callNumber number of tool calls before it, for the events of streams
     */
    static AnthropicBlock read(JsonScanner json, int callNumber) {
        return new AnthropicBlock(Json.object(json.tree()), callNumber);
    }

    boolean isToolCall() {
        return type.equals("tool_use");
    }

    /** A stream begins the block; some put the first words right into it. */
    void start(Consumer<StreamEvent> events) {
        switch (type) {
            case "text" -> Json.nonEmpty(start, "text").ifPresent(first -> events.accept(new StreamEvent.Text(first)));
            case "thinking" ->
                Json.nonEmpty(start, "thinking").ifPresent(first -> events.accept(new StreamEvent.Reasoning(first)));
            default -> {
                // tool calls begin without arguments
            }
        }
    }

    /** A stream goes on with the block. */
    void delta(JsonScanner json, Consumer<StreamEvent> events) {
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "text" -> {
                    String piece = append(json);
                    if (!piece.isEmpty()) {
                        events.accept(new StreamEvent.Text(piece));
                    }
                }
                case "thinking" -> {
                    String piece = append(json);
                    if (!piece.isEmpty()) {
                        events.accept(new StreamEvent.Reasoning(piece));
                    }
                }
                case "partial_json" -> {
                    String piece = append(json);
                    if (!piece.isEmpty()) {
                        events.accept(new StreamEvent.ToolCallDelta(callNumber, Json.string(start, "name"), piece));
                    }
                }
                case "signature" -> signature.append(json.string());
                default -> json.skip(); // the type says nothing new; citations, and what may come
            }
        }
    }

    private String append(JsonScanner json) {
        String piece = json.string();
        text.append(piece);
        return piece;
    }

    /** A stream ends the block. */
    void stop(Consumer<StreamEvent> events) {
        if (isToolCall()) {
            events.accept(new StreamEvent.ToolCallCompleted(call()));
        }
    }

    /** The block in the API's words; empty for kinds that have no place there, such as those of server-side tools. */
    Optional<ContentPart> part() {
        return switch (type) {
            case "text" -> {
                String whole = Json.string(start, "text") + text;
                yield whole.isEmpty() ? Optional.empty() : Optional.of(new TextPart(whole));
            }
            case "thinking" -> {
                JsonObject whole = thinking();
                yield Optional.of(new ReasoningPart(Json.string(whole, "thinking"), Optional.of(whole)));
            }
            case "redacted_thinking" -> Optional.of(new ReasoningPart("", Optional.of(start)));
            case "tool_use" -> Optional.of(call());
            default -> Optional.empty();
        };
    }

    /** As it would stand in an answer that is not streamed, for it must be sent back just so. */
    private JsonObject thinking() {
        if (text.isEmpty() && signature.isEmpty()) {
            return start;
        }
        JsonObjectBuilder whole = Json.PROVIDER.createObjectBuilder(start);
        whole.add("thinking", Json.string(start, "thinking") + text);
        whole.add("signature", Json.string(start, "signature") + signature);
        return whole.build();
    }

    private ToolCall call() {
        if (call == null) {
            String arguments = text.toString();
            call = AnswerBuilder.toolCall(
                    Json.string(start, "id"),
                    Json.string(start, "name"),
                    arguments.isBlank() ? Json.object(start.get("input")).toString() : arguments);
        }
        return call;
    }
}
