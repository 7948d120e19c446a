package org.genaiconnector.ra.llm;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.OpaquePart;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.OpenAnswer;
import org.genaiconnector.ra.json.JsonScanner;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.json.LenientJson;

/**
 * Answers of OpenAI's responses: a list of items, whole, or by events that begin, continue and end each item and repeat the
 * whole answer at the end. There is no finish reason; it follows from status and items.
 */
final class ResponsesAnswer implements StreamDecoder {
    /** Members of a call that the API names. */
    private static final Set<String> OF_CALLS = Set.of("type", "call_id", "name", "arguments");

    private final OpenAnswer answer;
    private final String origin;

    /** The items that have ended, by their place. */
    private final Map<Integer, JsonObject> items = new TreeMap<>();

    /** Names of tools that are being called, by the place of their items, in the order of the calls. */
    private final Map<Integer, String> callNames = new HashMap<>();

    private final Map<Integer, Integer> callNumbers = new HashMap<>();

    /** Null until the end. */
    private ChatResponse whole;

    private ResponsesAnswer(OpenAnswer answer, String origin) {
        this.answer = answer;
        this.origin = origin;
    }

    // ---- the whole answer

    static ChatResponse whole(HttpAnswer answer, String origin) throws GenAiException {
        JsonObject body;
        try {
            if (!(LenientJson.read(answer.body()) instanceof JsonObject object)) {
                throw new JsonException("Not a JSON object");
            }
            body = object;
        } catch (JsonException e) {
            throw LlmFailures.notJson(answer, e);
        }
        Optional<GenAiException> failure = LlmFailures.inBody(answer, body);
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (!(body.get("output") instanceof JsonArray output)) {
            throw LlmFailures.without(answer, "output");
        }
        return response(body, JsonValues.elements(output).map(JsonValues::object), origin, answer::header);
    }

    private static ChatResponse response(
            JsonObject body, Stream<JsonObject> items, String origin, Function<String, Optional<String>> header) {
        List<ContentPart> parts = new ArrayList<>();
        StringBuilder refusal = new StringBuilder(0);
        items.forEach(item -> {
            parts.add(part(item, origin));
            if (JsonValues.string(item, "type").equals("message")) {
                refusal.append(joined(item.get("content"), "refusal", ""));
            }
        });
        UsageCounter usage = UsageCounter.openAi();
        usage.read(
                new JsonScanner(JsonValues.object(body.get("usage")).toString().getBytes(StandardCharsets.UTF_8)));
        String reason = JsonValues.nonEmpty(JsonValues.object(body.get("incomplete_details")), "reason")
                .orElseGet(() -> JsonValues.string(body, "status"));
        boolean calls = parts.stream().anyMatch(ToolCall.class::isInstance);
        return new ChatResponse(
                Messages.assistant(parts, Optional.empty()),
                refusal.isEmpty() ? Optional.empty() : Optional.of(refusal.toString()),
                FinishReasons.of(reason, !refusal.isEmpty(), calls),
                reason,
                JsonValues.string(body, "model"),
                usage.usage(),
                JsonValues.nonEmpty(body, "id"),
                header.apply("x-request-id"),
                RateLimitHeaders.openAi(header));
    }

    /** An item as a part of the API; the item itself stays with it, because it has to go back as it came. */
    private static ContentPart part(JsonObject item, String origin) {
        return switch (JsonValues.string(item, "type")) {
            case "message" -> {
                String text = joined(item.get("content"), "text", "");
                ProviderData data = new ProviderData(origin, item.toString());
                yield text.isEmpty() ? new OpaquePart(data) : new TextPart(text, Optional.of(data));
            }
            case "reasoning" ->
                new ReasoningPart(
                        Stream.of(joined(item.get("summary"), "text", "\n\n"), joined(item.get("content"), "text", ""))
                                .filter(text -> !text.isEmpty())
                                .findFirst()
                                .orElse(""),
                        Optional.of(item),
                        Optional.of(origin));
            case "function_call" ->
                new ToolCall(
                        ToolCalls.id(JsonValues.string(item, "call_id")),
                        JsonValues.string(item, "name"),
                        JsonValues.nonEmpty(item, "arguments").orElse("{}"),
                        others(item).map(json -> new ProviderData(origin, json)));
            default -> new OpaquePart(new ProviderData(origin, item.toString()));
        };
    }

    private static Optional<String> others(JsonObject call) {
        JsonObjectBuilder others = JsonValues.PROVIDER.createObjectBuilder(call);
        OF_CALLS.forEach(others::remove);
        JsonObject members = others.build();
        return members.isEmpty() ? Optional.empty() : Optional.of(members.toString());
    }

    private static String joined(JsonValue parts, String member, String between) {
        return JsonValues.elements(parts)
                .map(part -> JsonValues.string(JsonValues.object(part), member))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(between));
    }

    // ---- the stream

    static StreamDecoder stream(OpenAnswer answer, String origin) {
        return new ResponsesAnswer(answer, origin);
    }

    @Override
    public boolean decode(SseReader.Event event, Consumer<StreamEvent> events) throws GenAiException {
        if (event.isMeaningless() || event.is("[DONE]")) {
            return false;
        }
        JsonObject body;
        try {
            if (!(LenientJson.read(event.data()) instanceof JsonObject object)) {
                throw new JsonException("Not a JSON object");
            }
            body = object;
        } catch (JsonException e) {
            throw event.name().equals("error")
                    ? LlmFailures.inStream(answer, event, Optional.empty())
                    : LlmFailures.notJson(answer, event, e);
        }
        String type = JsonValues.nonEmpty(body, "type").orElse(event.name());
        int place = (int) JsonValues.number(body.get("output_index"));
        switch (type) {
            case "response.output_text.delta" -> text(body, events);
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" -> {
                String piece = JsonValues.string(body, "delta");
                if (!piece.isEmpty()) {
                    events.accept(new StreamEvent.Reasoning(piece));
                }
            }
            case "response.output_item.added" -> begun(place, JsonValues.object(body.get("item")));
            case "response.function_call_arguments.delta" -> {
                String piece = JsonValues.string(body, "delta");
                if (!piece.isEmpty()) {
                    events.accept(new StreamEvent.ToolCallDelta(
                            callNumbers.getOrDefault(place, 0), callNames.getOrDefault(place, ""), piece));
                }
            }
            case "response.output_item.done" -> items.put(place, JsonValues.object(body.get("item")));
            case "response.completed", "response.incomplete" -> end(JsonValues.object(body.get("response")));
            case "response.failed", "response.cancelled" ->
                throw LlmFailures.inStream(
                        answer,
                        event,
                        Optional.of(JsonValues.object(body.get("response")))
                                .filter(response -> !JsonValues.object(response.get("error"))
                                        .isEmpty()));
            case "error" ->
                throw LlmFailures.inStream(
                        answer, event, Optional.of(body).filter(error -> error.containsKey("error")));
            default -> {
                if (body.get("error") instanceof JsonObject) { // from gateways
                    throw LlmFailures.inStream(answer, event, Optional.of(body));
                }
                // parts that begin and end, tools of the service at work, events of later versions
            }
        }
        return whole != null;
    }

    private static void text(JsonObject body, Consumer<StreamEvent> events) {
        String piece = JsonValues.string(body, "delta");
        if (!piece.isEmpty()) {
            events.accept(new StreamEvent.Text(piece));
        }
    }

    private void begun(int place, JsonObject item) {
        if (JsonValues.string(item, "type").equals("function_call")) {
            callNumbers.putIfAbsent(place, callNumbers.size());
            callNames.put(place, JsonValues.string(item, "name"));
        }
    }

    /** The last event has the whole answer; some gateways leave its items out, because they came before. */
    private void end(JsonObject response) {
        JsonArray output = JsonValues.array(response.get("output"));
        whole = response(
                response,
                output.isEmpty()
                        ? items.values().stream()
                        : JsonValues.elements(output).map(JsonValues::object),
                origin,
                answer::header);
    }

    @Override
    public boolean isComplete() {
        return whole != null;
    }

    @Override
    public boolean isAtEnd() {
        return whole != null;
    }

    @Override
    public void finish(Consumer<StreamEvent> events) {
        FinishReason reason = whole.finishReason();
        if (!FinishReasons.cuts(reason)) {
            whole.toolCalls().forEach(call -> events.accept(new StreamEvent.ToolCallCompleted(call)));
        }
    }

    @Override
    public ChatResponse response() {
        return whole;
    }
}
