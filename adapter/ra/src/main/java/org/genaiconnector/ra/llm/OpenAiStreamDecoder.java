package org.genaiconnector.ra.llm;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.http.OpenAnswer;

/**
 * Chunks of OpenAI's chat completions: {@code data: {...}} without names, tool calls in fragments by index, usage in a chunk
 * without choices, {@code [DONE]} at the end. Local servers leave out indexes, ids, the usage chunk and {@code [DONE]}.
 */
final class OpenAiStreamDecoder implements StreamDecoder {
    private final OpenAnswer answer;
    private final AnswerBuilder builder = new AnswerBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private String id = "";
    private String model = "";
    private String finishReason = "";
    private JsonObject usage = JsonValue.EMPTY_JSON_OBJECT;

    OpenAiStreamDecoder(OpenAnswer answer) {
        this.answer = answer;
    }

    @Override
    public boolean decode(SseReader.Event event, Consumer<StreamEvent> events) throws GenAiException {
        if (event.data().strip().equals("[DONE]")) {
            return true;
        }
        if (event.data().isBlank()) {
            return false;
        }
        JsonObject chunk = LlmFailures.chunk(answer, event);
        id = id.isEmpty() ? Json.string(chunk, "id") : id;
        model = model.isEmpty() ? Json.string(chunk, "model") : model;
        if (chunk.get("usage") instanceof JsonObject counted) {
            usage = counted;
        }
        for (JsonValue value : Json.array(chunk.get("choices"))) {
            choice(event, Json.object(value), events);
        }
        return false;
    }

    private void choice(SseReader.Event event, JsonObject choice, Consumer<StreamEvent> events) throws GenAiException {
        if (choice.get("error") instanceof JsonObject) { // OpenRouter
            throw LlmFailures.inStream(answer, event, choice);
        }
        JsonObject delta = Json.object(choice.get("delta"));
        OpenAiDialect.reasoning(delta).ifPresent(text -> {
            reasoning.append(text);
            events.accept(new StreamEvent.Reasoning(text));
        });
        refusal.append(Json.string(delta, "refusal"));
        builder.text(OpenAiDialect.content(delta.get("content")), events);
        for (JsonValue call : Json.array(delta.get("tool_calls"))) {
            toolCall(Json.object(call), events);
        }
        Json.nonEmpty(choice, "finish_reason").ifPresent(told -> {
            finishReason = told;
            builder.completeCalls(events);
        });
    }

    /** Without index a new id begins a new call; some servers give every call the same index. */
    private void toolCall(JsonObject call, Consumer<StreamEvent> events) {
        String callId = Json.string(call, "id");
        JsonObject function = Json.object(call.get("function"));
        String name = Json.string(function, "name");
        int index = call.getInt("index", Math.max(0, builder.lastIndex()));
        if (!builder.isSameCall(index, callId)) {
            index = builder.lastIndex() + 1;
        }
        builder.toolCall(index, callId, name, OpenAiDialect.arguments(function.get("arguments")), events);
    }

    /** A terminator without a reason after nothing at all is how a failed llama.cpp ends; a reason alone is enough. */
    @Override
    public boolean isComplete() {
        return !finishReason.isEmpty();
    }

    @Override
    public ChatResponse response() {
        JsonObjectBuilder body = Json.PROVIDER
                .createObjectBuilder()
                .add("id", id)
                .add("model", model)
                .add("usage", usage);
        return OpenAiDialect.response(
                builder.message(
                        reasoning.isEmpty()
                                ? List.of()
                                : List.of(new ReasoningPart(reasoning.toString(), Optional.empty()))),
                refusal.isEmpty() ? Optional.empty() : Optional.of(refusal.toString()),
                finishReason,
                body.build(),
                answer.header("x-request-id"),
                RateLimitHeaders.openAi(answer::header));
    }
}
