package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.genaiconnector.testkit.llm.Completion.Finish;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/** {@code POST /v1/responses}, whole and streamed, and the count of its tokens. */
final class ResponsesApi {
    private final OpenAiFlavour flavour;
    private final Script script;

    /** What came and went, by the ids of the responses that were to be stored. */
    private final Map<String, ArrayNode> stored = new ConcurrentHashMap<>();

    ResponsesApi(OpenAiFlavour flavour, Script script) {
        this.flavour = flavour;
        this.script = script;
    }

    void answer(Call call) throws IOException {
        JsonNode body = call.json();
        ArrayNode input = checked(body);
        ObjectNode chat = asChat(body, input);
        int promptTokens = flavour.fit(chat, OpenAiPrompt.read(chat, flavour, 0).tokens());
        Completion completion = flavour.think(chat, script.complete(OpenAiPrompt.read(chat, flavour, 0)))
                .withPromptTokens(promptTokens);
        flavour.rateLimits(call);
        ObjectNode response = response(call, body, completion);
        if (body.path("store").asBoolean(true)) {
            stored.put(response.path("id").asText(), input.addAll((ArrayNode) response.get("output")));
        }
        if (body.path("stream").asBoolean()) {
            new ResponsesStream(call, response).send(completion);
        } else {
            call.answer(200, flavour.jsonType(), response);
        }
    }

    void count(Call call) throws IOException {
        JsonNode body = call.json();
        ObjectNode chat = asChat(body, checked(body));
        call.answer(
                200,
                flavour.jsonType(),
                Call.JSON
                        .createObjectNode()
                        .put("object", "response.input_tokens")
                        .put("input_tokens", OpenAiPrompt.read(chat, flavour, 0).tokens()));
    }

    /** The whole conversation, after the checks. */
    private ArrayNode checked(JsonNode body) {
        flavour.checkModel(body);
        ArrayNode all = Call.JSON.createArrayNode();
        if (body.hasNonNull("previous_response_id")) {
            ArrayNode before = stored.get(body.get("previous_response_id").asText());
            if (before == null) {
                throw new Refusal(
                        Kind.INVALID,
                        "Previous response with id '"
                                + body.get("previous_response_id").asText() + "' not found.",
                        "previous_response_id",
                        "previous_response_not_found");
            }
            all.addAll(before);
        }
        JsonNode input = body.path("input");
        if (input.isTextual()) {
            all.addObject().put("role", "user").put("content", input.asText());
        } else {
            input.forEach(all::add);
        }
        ResponsesChecks.check(body, all);
        return all;
    }

    /** The same request in the form of chat completions, which the model reads. */
    private static ObjectNode asChat(JsonNode body, ArrayNode input) {
        ObjectNode chat = Call.JSON.createObjectNode();
        chat.set("model", body.get("model"));
        ArrayNode messages = chat.putArray("messages");
        if (body.hasNonNull("instructions")) {
            messages.addObject().put("role", "system").set("content", body.get("instructions"));
        }
        for (JsonNode item : input) {
            switch (item.path("type").asText("message")) {
                case "message" ->
                    messages.addObject().put("role", item.path("role").asText()).set("content", item.path("content"));
                case "function_call_output" ->
                    messages.addObject().put("role", "tool").set("content", item.path("output"));
                default -> {
                    // calls and thoughts of the model itself
                }
            }
        }
        ArrayNode tools = chat.putArray("tools");
        body.path("tools").forEach(tool -> tools.addObject().set("function", tool));
        JsonNode choice = body.path("tool_choice");
        if (choice.isObject()) {
            chat.putObject("tool_choice").set("function", choice);
        } else if (choice.isTextual()) {
            chat.set("tool_choice", choice);
        }
        JsonNode format = body.path("text").path("format");
        if (format.isObject()) {
            ObjectNode wanted = chat.putObject("response_format")
                    .put("type", format.path("type").asText());
            wanted.set("json_schema", format);
        }
        if (body.hasNonNull("max_output_tokens")) {
            chat.set("max_completion_tokens", body.get("max_output_tokens"));
        }
        if (body.path("reasoning").hasNonNull("effort")) {
            chat.set("reasoning_effort", body.path("reasoning").get("effort"));
        }
        return chat;
    }

    private ObjectNode response(Call call, JsonNode body, Completion completion) {
        boolean cut = completion.finish() == Finish.LENGTH;
        ObjectNode response = Call.JSON
                .createObjectNode()
                .put("id", "resp_sim%024d".formatted(call.number()))
                .put("object", "response")
                .put("created_at", Instant.now().getEpochSecond())
                .put("status", cut ? "incomplete" : "completed")
                .put("background", false)
                .putNull("error");
        if (cut) {
            response.putObject("incomplete_details").put("reason", "max_output_tokens");
        } else {
            response.putNull("incomplete_details");
        }
        response.put("model", body.path("model").asText());
        output(response.putArray("output"), call.number(), body, completion, cut);
        response.put("parallel_tool_calls", body.path("parallel_tool_calls").asBoolean(true))
                .put("store", body.path("store").asBoolean(true))
                .put("temperature", body.path("temperature").asDouble(1))
                .put("truncation", "disabled");
        response.putObject("metadata");
        ObjectNode usage = response.putObject("usage");
        Completion.Beside beside = completion.beside();
        int prompt = completion.promptTokens() + beside.cacheRead() + beside.cacheWritten();
        usage.put("input_tokens", prompt)
                .putObject("input_tokens_details")
                .put("cached_tokens", beside.cacheRead())
                .put("cache_write_tokens", beside.cacheWritten());
        usage.put("output_tokens", completion.completionTokens())
                .putObject("output_tokens_details")
                .put("reasoning_tokens", Tokens.count(beside.thought()));
        usage.put("total_tokens", prompt + completion.completionTokens());
        return response;
    }

    /** Ids of items tell whether thoughts stood before them: those of a thinking model are no good without. */
    private static void output(ArrayNode output, long number, JsonNode body, Completion completion, boolean cut) {
        String thought = completion.beside().thought();
        String origin = (thought.isEmpty() ? "s" : "r") + number;
        if (!thought.isEmpty()) {
            String id = "rs_" + origin;
            ObjectNode reasoning = output.addObject().put("id", id).put("type", "reasoning");
            ArrayNode summary = reasoning.putArray("summary");
            if (body.path("reasoning").hasNonNull("summary")) {
                summary.addObject().put("type", "summary_text").put("text", thought);
            }
            if (OpenAiPrompt.strings(body.path("include")).contains(ResponsesChecks.ENCRYPTED)) {
                reasoning.put("encrypted_content", Thoughts.signature(id));
            }
        }
        if (completion.toolCalls().isEmpty()) {
            ObjectNode message = output.addObject()
                    .put("id", "msg_" + origin)
                    .put("type", "message")
                    .put("status", cut ? "incomplete" : "completed")
                    .put("role", "assistant");
            ObjectNode text = message.putArray("content")
                    .addObject()
                    .put("type", "output_text")
                    .put("text", completion.text());
            text.putArray("annotations");
            text.putArray("logprobs");
        }
        for (int i = 0; i < completion.toolCalls().size(); i++) {
            ToolCall toolCall = completion.toolCalls().get(i);
            output.addObject()
                    .put("id", "fc_" + origin + "_" + i)
                    .put("type", "function_call")
                    .put("status", "completed")
                    .put("call_id", toolCall.id())
                    .put("name", toolCall.name())
                    .put("arguments", toolCall.arguments());
        }
    }
}
