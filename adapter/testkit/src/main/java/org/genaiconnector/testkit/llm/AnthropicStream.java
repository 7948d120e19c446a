package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** A Messages answer as a stream of named events. */
final class AnthropicStream {
    private final Call call;
    private final ObjectNode message;
    private int index;

    /** @param message id, type, role and model of the answer */
    AnthropicStream(Call call, ObjectNode message) {
        this.call = call;
        this.message = message;
    }

    void send(Completion completion) throws IOException {
        call.startStream(200, "text/event-stream; charset=utf-8");
        ObjectNode start = event("message_start");
        ObjectNode opening = message.deepCopy();
        opening.putArray("content");
        opening.putNull("stop_reason").putNull("stop_sequence");
        opening.set("usage", AnthropicApi.usage(completion, 1));
        start.set("message", opening);
        call.namedEvent(start);
        thought(completion.beside().thought());
        if (!completion.beside().search().isEmpty()) {
            ObjectNode use = AnthropicApi.search(completion);
            String input = use.path("input").toString();
            use.putObject("input");
            block(use, Tokens.split(input), "input_json_delta", "partial_json");
            block(AnthropicApi.found(completion), List.of(), "", "");
        }
        if (!completion.tokens().isEmpty()) {
            ObjectNode block = Call.JSON.createObjectNode().put("type", "text").put("text", "");
            block(block, completion.tokens(), "text_delta", "text");
        }
        for (ToolCall toolCall : completion.toolCalls()) {
            ObjectNode block = Call.JSON
                    .createObjectNode()
                    .put("type", "tool_use")
                    .put("id", toolCall.id())
                    .put("name", toolCall.name());
            block.putObject("input");
            block(block, Tokens.split(toolCall.arguments()), "input_json_delta", "partial_json");
        }
        ObjectNode end = event("message_delta");
        end.putObject("delta")
                .put("stop_reason", completion.finish().anthropic())
                .put("stop_sequence", completion.stopSequence());
        end.set("usage", AnthropicApi.usage(completion, completion.completionTokens()));
        call.namedEvent(end);
        call.namedEvent(event("message_stop"));
        call.endStream();
    }

    private void thought(String thought) throws IOException {
        if (!thought.isEmpty()) {
            ObjectNode empty = Call.JSON
                    .createObjectNode()
                    .put("type", "thinking")
                    .put("thinking", "")
                    .put("signature", "");
            start(empty);
            deltas(Tokens.split(thought), "thinking_delta", "thinking");
            deltas(List.of(Thoughts.signature(thought)), "signature_delta", "signature");
            stop();
        }
    }

    private void block(ObjectNode empty, List<String> pieces, String deltaType, String field) throws IOException {
        start(empty);
        deltas(pieces, deltaType, field);
        stop();
    }

    private void start(ObjectNode empty) throws IOException {
        ObjectNode start = event("content_block_start").put("index", index);
        start.set("content_block", empty);
        call.namedEvent(start);
        if (index == 0) {
            call.namedEvent(event("ping"));
        }
    }

    private void deltas(List<String> pieces, String deltaType, String field) throws IOException {
        for (String piece : pieces) {
            call.pause();
            ObjectNode next = event("content_block_delta").put("index", index);
            next.putObject("delta").put("type", deltaType).put(field, piece);
            call.namedEvent(next);
        }
    }

    private void stop() throws IOException {
        call.namedEvent(event("content_block_stop").put("index", index));
        index++;
    }

    private static ObjectNode event(String type) {
        return Call.JSON.createObjectNode().put("type", type);
    }
}
