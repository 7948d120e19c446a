package org.genaiconnector.ra.llm;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.ra.http.OpenAnswer;

/**
 * Events of Anthropic's messages: the message with empty content, each block started, continued and stopped, the stop
 * reason with the usage so far, and {@code message_stop}. Pings anywhere; unknown events and deltas are to be ignored.
 */
final class AnthropicStreamDecoder implements StreamDecoder {
    private final OpenAnswer answer;
    private final Map<Integer, Block> blocks = new TreeMap<>();
    private JsonObject message = JsonValue.EMPTY_JSON_OBJECT;
    private JsonObject usage = JsonValue.EMPTY_JSON_OBJECT;
    private JsonObject stop = JsonValue.EMPTY_JSON_OBJECT;
    private boolean ended;

    /** A content block in the making. */
    private static final class Block {
        private final JsonObject start;
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder signature = new StringBuilder();

        private Block(JsonObject start) {
            this.start = start;
        }

        private String type() {
            return Json.string(start, "type");
        }

        /** The block as it would stand in an answer that is not streamed. */
        private JsonObject complete() {
            JsonObjectBuilder block = Json.PROVIDER.createObjectBuilder(start);
            switch (type()) {
                case "text" -> block.add("text", Json.string(start, "text") + text);
                case "thinking" ->
                    block.add("thinking", Json.string(start, "thinking") + text)
                            .add("signature", Json.string(start, "signature") + signature);
                default -> {
                    // tool_use keeps its arguments as text, the rest came whole
                }
            }
            return block.build();
        }
    }

    AnthropicStreamDecoder(OpenAnswer answer) {
        this.answer = answer;
    }

    @Override
    public boolean decode(SseReader.Event event, Consumer<StreamEvent> events) throws GenAiException {
        if (event.data().isBlank()) {
            return false;
        }
        JsonObject data = LlmFailures.chunk(answer, event);
        int index = data.getInt("index", 0);
        switch (Json.string(data, "type")) {
            case "message_start" -> {
                message = Json.object(data.get("message"));
                usage = Json.object(message.get("usage"));
            }
            case "content_block_start" -> start(index, Json.object(data.get("content_block")), events);
            case "content_block_delta" -> delta(index, Json.object(data.get("delta")), events);
            case "content_block_stop" -> stop(index, events);
            case "message_delta" -> {
                stop = Json.object(data.get("delta"));
                JsonObjectBuilder counted = Json.PROVIDER.createObjectBuilder(usage);
                Json.object(data.get("usage")).forEach(counted::add);
                usage = counted.build();
            }
            case "message_stop" -> ended = true;
            default -> {
                // ping, and what may come
            }
        }
        return ended;
    }

    private void start(int index, JsonObject block, Consumer<StreamEvent> events) {
        blocks.put(index, new Block(block));
        Json.nonEmpty(block, "text").ifPresent(text -> events.accept(new StreamEvent.Text(text)));
    }

    private void delta(int index, JsonObject delta, Consumer<StreamEvent> events) {
        Block block = blocks.get(index);
        if (block == null) {
            return;
        }
        switch (Json.string(delta, "type")) {
            case "text_delta" -> append(block, Json.string(delta, "text"), StreamEvent.Text::new, events);
            case "thinking_delta" -> append(block, Json.string(delta, "thinking"), StreamEvent.Reasoning::new, events);
            case "signature_delta" -> block.signature.append(Json.string(delta, "signature"));
            case "input_json_delta" ->
                append(
                        block,
                        Json.string(delta, "partial_json"),
                        json -> new StreamEvent.ToolCallDelta(
                                callNumber(index), Json.string(block.start, "name"), json),
                        events);
            default -> {
                // citations, and what may come
            }
        }
    }

    private static void append(
            Block block, String piece, Function<String, StreamEvent> event, Consumer<StreamEvent> events) {
        if (!piece.isEmpty()) {
            block.text.append(piece);
            events.accept(event.apply(piece));
        }
    }

    /** Blocks are numbered together, tool calls by themselves. */
    private int callNumber(int index) {
        return (int) blocks.entrySet().stream()
                .filter(entry ->
                        entry.getKey() < index && entry.getValue().type().equals("tool_use"))
                .count();
    }

    private void stop(int index, Consumer<StreamEvent> events) {
        Block block = blocks.get(index);
        if (block != null && block.type().equals("tool_use")) {
            events.accept(new StreamEvent.ToolCallCompleted(toolCall(block)));
        }
    }

    private static ToolCall toolCall(Block block) {
        String arguments = block.text.toString();
        return AnswerBuilder.toolCall(
                Json.string(block.start, "id"),
                Json.string(block.start, "name"),
                arguments.isBlank() ? Json.object(block.start.get("input")).toString() : arguments);
    }

    @Override
    public boolean isComplete() {
        return ended;
    }

    @Override
    public ChatResponse response() {
        List<ContentPart> parts = new ArrayList<>();
        for (Block block : blocks.values()) {
            if (block.type().equals("tool_use")) {
                parts.add(toolCall(block));
            } else {
                AnthropicDialect.part(block.complete()).ifPresent(parts::add);
            }
        }
        JsonObjectBuilder whole = Json.PROVIDER.createObjectBuilder(message).add("usage", usage);
        stop.forEach(whole::add);
        return AnthropicDialect.response(
                parts, whole.build(), answer.header("request-id"), RateLimitHeaders.anthropic(answer::header));
    }
}
