package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** A response as a stream of named, numbered events. */
final class ResponsesStream {
    private final Call call;
    private final ObjectNode response;
    private int number;

    /** @param response the whole answer */
    ResponsesStream(Call call, ObjectNode response) {
        this.call = call;
        this.response = response;
    }

    void send(Completion completion) throws IOException {
        call.startStream(200, "text/event-stream; charset=utf-8");
        for (String type : List.of("response.created", "response.in_progress")) {
            ObjectNode begun = response.deepCopy().put("status", "in_progress");
            begun.putNull("incomplete_details").putNull("usage").putArray("output");
            send(event(type).set("response", begun));
        }
        for (int place = 0; place < response.path("output").size(); place++) {
            item(place, response.path("output").get(place), completion);
        }
        send(event("response." + response.path("status").asText()).set("response", response));
        call.endStream();
    }

    private void item(int place, JsonNode item, Completion completion) throws IOException {
        ObjectNode begun = item.deepCopy();
        String type = item.path("type").asText();
        switch (type) {
            case "message" -> begun.put("status", "in_progress").putArray("content");
            case "function_call" -> begun.put("status", "in_progress").put("arguments", "");
            default -> begun.putArray("summary");
        }
        send(event("response.output_item.added").put("output_index", place).set("item", begun));
        switch (type) {
            case "message" -> {
                ObjectNode part =
                        Call.JSON.createObjectNode().put("type", "output_text").put("text", "");
                part.putArray("annotations");
                send(of("response.content_part.added", place, item).set("part", part));
                for (String token : completion.tokens()) {
                    call.pause();
                    send(of("response.output_text.delta", place, item).put("delta", token));
                }
                send(of("response.output_text.done", place, item).put("text", completion.text()));
                send(of("response.content_part.done", place, item)
                        .set("part", item.path("content").get(0)));
            }
            case "function_call" -> {
                String arguments = item.path("arguments").asText();
                for (String piece : Tokens.split(arguments)) {
                    call.pause();
                    send(of("response.function_call_arguments.delta", place, item)
                            .put("delta", piece));
                }
                send(of("response.function_call_arguments.done", place, item).put("arguments", arguments));
            }
            default -> {
                for (JsonNode summary : item.path("summary")) {
                    for (String piece : Tokens.split(summary.path("text").asText())) {
                        call.pause();
                        send(of("response.reasoning_summary_text.delta", place, item)
                                .put("summary_index", 0)
                                .put("delta", piece));
                    }
                }
            }
        }
        send(event("response.output_item.done").put("output_index", place).set("item", item));
    }

    private ObjectNode of(String type, int place, JsonNode item) {
        return event(type)
                .put("item_id", item.path("id").asText())
                .put("output_index", place)
                .put("content_index", 0);
    }

    private ObjectNode event(String type) {
        return Call.JSON.createObjectNode().put("type", type).put("sequence_number", number++);
    }

    private void send(JsonNode event) throws IOException {
        call.namedEvent((ObjectNode) event);
    }
}
