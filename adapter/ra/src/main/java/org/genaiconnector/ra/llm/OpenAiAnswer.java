package org.genaiconnector.ra.llm;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.OpenAnswer;

/**
 * Answers of OpenAI's chat completions, whole or in chunks: {@code data: {...}} without names, tool calls in fragments by
 * index, usage in a chunk without choices, {@code [DONE]} at the end. A whole answer is read like a single chunk, whose
 * {@code message} is what the others call {@code delta}. Local servers leave out indexes, ids, the usage chunk and
 * {@code [DONE]}.
 */
final class OpenAiAnswer implements StreamDecoder {
    /** Of a whole answer nobody hears before its end. */
    private static final Consumer<StreamEvent> NOBODY = event -> {};

    private final Function<String, Optional<String>> header;
    private final OpenAiContent content;
    private final OpenAiCalls calls;
    private final StringBuilder refusal = new StringBuilder(0);
    private String id = "";
    private String model = "";
    private String finishReason = "";
    private final UsageCounter usage = UsageCounter.openAi();
    private boolean hasChoices;
    private boolean isFlatError;
    private Optional<JsonObject> error = Optional.empty();

    private OpenAiAnswer(Function<String, Optional<String>> header, String origin) {
        this.header = header;
        this.content = new OpenAiContent(origin);
        this.calls = new OpenAiCalls(origin);
    }

    // ---- the whole answer

    /** Success is judged by the body: LM Studio answers errors with status 200. */
    static ChatResponse whole(HttpAnswer answer, String origin) throws GenAiException {
        OpenAiAnswer reading = new OpenAiAnswer(answer::header, origin);
        try {
            JsonScanner json = new JsonScanner(answer.body());
            reading.body(json, NOBODY);
            json.end();
        } catch (JsonException e) {
            throw answer.failure(
                    FailureCategory.PROTOCOL,
                    "answered " + answer.path() + " with something that is not JSON: " + answer.excerpt(),
                    e);
        }
        if (reading.isError()) {
            throw LlmFailures.inBody(answer, reading.error.orElse(answer.jsonObject()))
                    .orElseGet(() -> answer.failure(
                            FailureCategory.PROTOCOL, "answered with an odd error: " + answer.excerpt(), null));
        }
        if (!reading.hasChoices) {
            throw answer.failure(FailureCategory.PROTOCOL, "answered without choices: " + answer.excerpt(), null);
        }
        reading.finish(NOBODY);
        return reading.response();
    }

    // ---- the stream

    static StreamDecoder stream(OpenAnswer answer, String origin) {
        return new Chunks(answer, new OpenAiAnswer(answer::header, origin));
    }

    private record Chunks(OpenAnswer answer, OpenAiAnswer reading) implements StreamDecoder {
        @Override
        public boolean decode(SseReader.Event event, Consumer<StreamEvent> events) throws GenAiException {
            if (event.name().equals("error")) { // llama.cpp sends the bare error
                throw LlmFailures.inStream(answer, event, Optional.empty());
            }
            boolean ended;
            try {
                ended = reading.decode(event, events);
            } catch (JsonException e) {
                throw LlmFailures.notJson(answer, event, e);
            }
            if (reading.isError()) {
                throw LlmFailures.inStream(answer, event, reading.error);
            }
            return ended;
        }

        @Override
        public boolean isComplete() {
            return reading.isComplete();
        }

        @Override
        public void finish(Consumer<StreamEvent> events) {
            reading.finish(events);
        }

        @Override
        public ChatResponse response() {
            return reading.response();
        }
    }

    @Override
    public boolean decode(SseReader.Event event, Consumer<StreamEvent> events) {
        if (event.is("[DONE]")) {
            return true;
        }
        if (!event.isBlank()) {
            body(event.json(), events);
        }
        return false;
    }

    /** A terminator without a reason after nothing at all is how a failed llama.cpp ends; a reason alone is enough. */
    @Override
    public boolean isComplete() {
        return !finishReason.isEmpty();
    }

    /** Some give the reason with every chunk, so that only the end tells that a call is complete. */
    @Override
    public void finish(Consumer<StreamEvent> events) {
        calls.complete(reason() == FinishReason.LENGTH, events);
    }

    // ---- what both are made of

    private void body(JsonScanner json, Consumer<StreamEvent> events) {
        if (!json.isObject()) {
            throw new JsonException("No JSON object");
        }
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "id" -> id = first(id, json);
                case "model" -> model = first(model, json);
                case "choices" -> choices(json, events);
                case "usage" -> usage.read(json); // null in all chunks but one, or in every chunk, counted up
                case "x_groq" -> inside(json);
                case "error" -> error(json);
                case "object" -> isFlatError |= json.string().equals("error"); // old vLLM
                default -> json.skip();
            }
        }
    }

    /** Some repeat it in every chunk, some give another one. */
    private static String first(String known, JsonScanner json) {
        if (known.isEmpty()) {
            return json.string();
        }
        json.skip();
        return known;
    }

    private void error(JsonScanner json) {
        if (json.isNull()) {
            json.skip();
        } else {
            error = Optional.of(Json.PROVIDER
                    .createObjectBuilder()
                    .add("error", json.tree())
                    .build());
        }
    }

    private boolean isError() {
        return isFlatError || error.isPresent();
    }

    private void choices(JsonScanner json, Consumer<StreamEvent> events) {
        for (boolean more = json.enterArray(); more; more = json.next()) {
            choice(json, events);
        }
    }

    /** Of several, which only {@code extra} can ask for, the first one counts. */
    private void choice(JsonScanner json, Consumer<StreamEvent> events) {
        hasChoices = true;
        String told = "";
        boolean other = false;
        for (boolean more = json.enterObject(); more; more = json.next()) {
            if (other) {
                json.skip();
                continue;
            }
            switch (json.name()) {
                case "index" -> other = json.count() > 0;
                case "delta" -> delta(json, false, events);
                case "message" -> delta(json, true, events);
                case "text" -> content.read(json, events); // of /completions
                case "finish_reason" -> told = FinishReasons.told(json.string());
                case "error" -> error(json); // OpenRouter
                case "usage" -> usage.read(json); // Moonshot
                default -> json.skip();
            }
        }
        if (!told.isEmpty()) {
            finishReason = told;
        }
    }

    private void delta(JsonScanner json, boolean whole, Consumer<StreamEvent> events) {
        String thought = "";
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "content" -> content.read(json, events);
                case "refusal" -> refusal.append(json.string());
                case "tool_calls" -> calls.read(json, whole, events);
                default -> {
                    if (OpenAiContent.isKept(json.name())) {
                        thought = content.keep(json, thought, events);
                    } else {
                        json.skip();
                    }
                }
            }
        }
    }

    /** Groq's own place for it. */
    private void inside(JsonScanner json) {
        for (boolean more = json.enterObject(); more; more = json.next()) {
            if (json.name().equals("usage")) {
                usage.read(json);
            } else {
                json.skip();
            }
        }
    }

    @Override
    public ChatResponse response() {
        return new ChatResponse(
                content.message(calls.made()),
                refusal.isEmpty() ? Optional.empty() : Optional.of(refusal.toString()),
                reason(),
                finishReason,
                model,
                usage.usage(),
                id.isEmpty() ? Optional.empty() : Optional.of(id),
                header.apply("x-request-id"),
                RateLimitHeaders.openAi(header));
    }

    private FinishReason reason() {
        return FinishReasons.of(finishReason, !refusal.isEmpty(), !calls.isEmpty());
    }
}
