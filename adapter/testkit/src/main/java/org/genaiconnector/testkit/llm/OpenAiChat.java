package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.testkit.llm.Completion.Beside;
import org.genaiconnector.testkit.llm.StreamStyle.Role;
import org.genaiconnector.testkit.llm.StreamStyle.Usage;

/** {@code POST /v1/chat/completions}, whole and streamed. */
final class OpenAiChat {
    private final OpenAiFlavour flavour;
    private final Script script;

    OpenAiChat(OpenAiFlavour flavour, Script script) {
        this.flavour = flavour;
        this.script = script;
    }

    void answer(Call call) throws IOException {
        JsonNode body = call.json();
        flavour.check(body);
        int promptTokens = flavour.fit(body, OpenAiPrompt.read(body, flavour, 0).tokens());
        List<Completion> choices = new ArrayList<>();
        for (int i = 0; i < flavour.choices(body); i++) {
            Completion completion = script.complete(OpenAiPrompt.read(body, flavour, i));
            choices.add(flavour.think(body, completion).withPromptTokens(promptTokens));
        }
        flavour.rateLimits(call);
        if (body.path("stream").asBoolean()) {
            new Stream(call, body).send(choices);
        } else {
            call.answer(200, flavour.jsonType(), whole(call, body, choices));
        }
    }

    private ObjectNode whole(Call call, JsonNode body, List<Completion> choices) {
        ObjectNode answer = frame(call, body, "chat.completion");
        ArrayNode list = answer.putArray("choices");
        for (Completion completion : choices) {
            ObjectNode choice = list.addObject().put("index", list.size() - 1);
            ObjectNode message = choice.putObject("message").put("role", "assistant");
            if (flavour.showsThoughts() && !completion.beside().thought().isEmpty()) {
                message.put("reasoning_content", completion.beside().thought());
            }
            if (completion.toolCalls().isEmpty()) {
                message.put("content", completion.text());
            } else {
                message.putNull("content");
                ArrayNode calls = message.putArray("tool_calls");
                completion.toolCalls().forEach(toolCall -> putCall(calls.addObject(), toolCall, toolCall.arguments()));
            }
            if (body.path("logprobs").asBoolean()) {
                choice.set(
                        "logprobs",
                        Logprobs.of(completion, body.path("top_logprobs").asInt(0)));
            }
            flavour.decorateMessage(message, choice);
            choice.put("finish_reason", completion.finish().openAi());
        }
        answer.set("usage", usage(choices));
        flavour.decorateEnd(answer, choices.get(0));
        return answer;
    }

    private void putCall(ObjectNode node, ToolCall call, String arguments) {
        node.put("id", flavour.callId(call)).put("type", "function");
        node.putObject("function").put("name", call.name()).put("arguments", arguments);
    }

    private ObjectNode frame(Call call, JsonNode body, String object) {
        ObjectNode frame = Call.JSON
                .createObjectNode()
                .put("id", flavour.id(call))
                .put("object", object)
                .put("created", Instant.now().getEpochSecond())
                .put(
                        "model",
                        body.path("model")
                                .asText(flavour.settings.listedModels().get(0)));
        flavour.decorate(frame);
        return frame;
    }

    static ObjectNode usage(List<Completion> choices) {
        int prompt = choices.get(0).promptTokens();
        int completion = choices.stream().mapToInt(Completion::completionTokens).sum();
        Beside beside = choices.get(0).beside();
        int all = prompt + beside.cacheRead() + beside.cacheWritten();
        ObjectNode usage = Call.JSON
                .createObjectNode()
                .put("prompt_tokens", all)
                .put("completion_tokens", completion)
                .put("total_tokens", all + completion);
        if (all > prompt) {
            usage.putObject("prompt_tokens_details")
                    .put("cached_tokens", beside.cacheRead())
                    .put("cache_write_tokens", beside.cacheWritten());
        }
        if (!beside.thought().isEmpty()) {
            usage.putObject("completion_tokens_details").put("reasoning_tokens", Tokens.count(beside.thought()));
        }
        return usage;
    }

    /** The answer as a stream of chunks. */
    private final class Stream {
        private final Call call;
        private final StreamStyle style;
        private final boolean usageAsked;
        private final ObjectNode frame;

        private Stream(Call call, JsonNode body) {
            this.call = call;
            this.style = flavour.streamStyle();
            this.usageAsked = body.path("stream_options").path("include_usage").asBoolean();
            this.frame = frame(call, body, "chat.completion.chunk");
        }

        private void send(List<Completion> choices) throws IOException {
            call.startStream(200, "text/event-stream");
            for (int i = 0; i < choices.size(); i++) {
                send(i, choices.get(i));
            }
            if (style.usage() == Usage.OWN_CHUNK && usageAsked) {
                ObjectNode last = frame.deepCopy();
                last.putArray("choices");
                last.set("usage", usage(choices));
                call.event(last);
            }
            call.write("data: [DONE]\n\n");
            call.endStream();
            if (style.closes()) {
                call.closeConnectionAfterAnswer();
            }
        }

        private void send(int index, Completion completion) throws IOException {
            if (style.role() == Role.FIRST) {
                ObjectNode first = delta().put("role", "assistant");
                if (completion.toolCalls().isEmpty()) {
                    first.put("content", "");
                } else {
                    first.putNull("content");
                }
                send(index, first);
            }
            if (flavour.showsThoughts()) {
                for (String token : Tokens.split(completion.beside().thought())) {
                    call.pause();
                    send(index, delta().put("reasoning_content", token));
                }
            }
            for (String token : completion.tokens()) {
                call.pause();
                ObjectNode next = delta();
                if (style.role() == Role.ALWAYS) {
                    next.put("role", "assistant");
                }
                send(index, next.put("content", token));
            }
            for (int i = 0; i < completion.toolCalls().size(); i++) {
                send(index, i, completion.toolCalls().get(i));
            }
            ObjectNode last = chunk(index, delta(), completion.finish().openAi());
            if (style.usage() == Usage.LAST_CHUNK) {
                last.set("usage", usage(List.of(completion)));
            }
            flavour.decorateEnd(last, completion);
            call.event(last);
        }

        private void send(int index, int position, ToolCall toolCall) throws IOException {
            ObjectNode first = delta();
            ObjectNode opening = first.putArray("tool_calls").addObject().put("index", position);
            putCall(opening, toolCall, style.wholeToolCalls() ? toolCall.arguments() : "");
            send(index, first);
            if (style.wholeToolCalls()) {
                return;
            }
            for (String fragment : Tokens.split(toolCall.arguments())) {
                call.pause();
                ObjectNode next = delta();
                next.putArray("tool_calls")
                        .addObject()
                        .put("index", position)
                        .putObject("function")
                        .put("arguments", fragment);
                send(index, next);
            }
        }

        private void send(int index, ObjectNode delta) throws IOException {
            call.event(chunk(index, delta, null));
        }

        private ObjectNode chunk(int index, ObjectNode delta, String finishReason) {
            ObjectNode chunk = frame.deepCopy();
            ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
            choice.set("delta", delta);
            choice.put("finish_reason", finishReason);
            if (style.usage() == Usage.OWN_CHUNK && usageAsked) {
                chunk.putNull("usage");
            }
            return chunk;
        }

        private ObjectNode delta() {
            return Call.JSON.createObjectNode();
        }
    }
}
