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
import org.genaiconnector.ra.json.JsonScanner;

/**
 * Answers of OpenAI's chat completions, whole or in chunks: {@code data: {...}} without names, tool calls in fragments by
 * index, usage in a chunk without choices, {@code [DONE]} at the end. A whole answer is read like a single chunk, with
 * {@code message} instead of {@code delta}. Local services leave out indexes, ids, the usage chunk and {@code [DONE]}.
 */
final class OpenAiAnswer implements StreamDecoder {
    /** For whole answers, which report no events. */
    private static final Consumer<StreamEvent> NO_EVENTS = event -> {};

    private final Function<String, Optional<String>> header;
    private final OpenAiContent content;
    private final OpenAiCalls calls;
    private final StringBuilder refusal = new StringBuilder(0);
    private String id = "";
    private String model = "";
    private String finishReason = "";
    private final UsageCounter usage = UsageCounter.openAi();
    private boolean hasChoices;
    private boolean atEnd;
    /** Whether there was content without a finish reason. */
    private boolean saidWithoutReason;
    /** Whether the answer comes in pieces. */
    private boolean inPieces;

    private long choice = -1;
    private boolean isFlatError;
    private Optional<JsonObject> error = Optional.empty();

    private OpenAiAnswer(Function<String, Optional<String>> header, String origin) {
        this.header = header;
        this.content = new OpenAiContent(origin);
        this.calls = new OpenAiCalls(origin);
    }

    // ---- the whole answer

    /** Reads a whole answer. The body decides about success, because LM Studio answers errors with status 200. */
    static ChatResponse whole(HttpAnswer answer, String origin) throws GenAiException {
        OpenAiAnswer reading = new OpenAiAnswer(answer::header, origin);
        try {
            JsonScanner json = new JsonScanner(answer.body());
            reading.body(json, NO_EVENTS);
            json.end();
        } catch (JsonException e) {
            throw LlmFailures.notJson(answer, e);
        }
        if (reading.isError()) {
            throw LlmFailures.inBody(answer, reading.isFlatError ? answer.jsonObject() : reading.error.orElseThrow())
                    .orElseGet(() -> answer.failure(
                            FailureCategory.PROTOCOL,
                            "answered with an error of an unknown form: " + answer.excerpt(),
                            null));
        }
        if (!reading.hasChoices) {
            throw LlmFailures.without(answer, "choices");
        }
        reading.finish(NO_EVENTS);
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
                throw LlmFailures.inStream(answer, event, reading.isFlatError ? Optional.empty() : reading.error);
            }
            return ended;
        }

        @Override
        public boolean isComplete() {
            return reading.isComplete();
        }

        @Override
        public boolean isAtEnd() {
            return reading.isAtEnd();
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
        if (!event.isMeaningless()) {
            body(event.json(), events);
        }
        return false;
    }

    /** True with a finish reason. A failed llama.cpp ends with the terminator alone. */
    @Override
    public boolean isComplete() {
        return !finishReason.isEmpty();
    }

    /** A finish reason beside content may come with every chunk, unless chunks before it had content and no reason. */
    @Override
    public boolean isAtEnd() {
        return atEnd;
    }

    /** Completes the calls only now, because some services give the finish reason with every chunk. */
    @Override
    public void finish(Consumer<StreamEvent> events) {
        calls.complete(FinishReasons.cuts(reason()), events);
    }

    // ---- shared by whole answers and streams

    private void body(JsonScanner json, Consumer<StreamEvent> events) {
        if (!json.isObject()) {
            throw new JsonException("Not a JSON object");
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

    /** The first value counts: some services repeat it in every chunk, some give another one. */
    private static String first(String known, JsonScanner json) {
        if (known.isEmpty()) {
            return json.string();
        }
        json.skip();
        return known;
    }

    private void error(JsonScanner json) {
        isFlatError |= json.isTrue(); // the message is beside it
        error = LlmFailures.error(json).or(() -> error);
    }

    private boolean isError() {
        return isFlatError || error.isPresent();
    }

    private void choices(JsonScanner json, Consumer<StreamEvent> events) {
        int position = 0;
        for (boolean more = json.enterArray(); more; more = json.next()) {
            choice(json, position++, events);
        }
    }

    /** Of several choices, which only {@code extra} can request, the first one counts, with any index. */
    private void choice(JsonScanner json, int position, Consumer<StreamEvent> events) {
        hasChoices = true;
        String reason = "";
        int before = content.size() + calls.size();
        boolean known = false;
        boolean other = false;
        JsonScanner delta = null;
        JsonScanner text = null;
        boolean hasMessage = false;
        boolean whole = false;
        for (boolean more = json.enterObject(); more; more = json.next()) {
            if (other) {
                json.skip();
                continue;
            }
            switch (json.name()) {
                case "index" -> {
                    known = true;
                    other = isOther(json.count());
                }
                case "delta", "message" -> {
                    hasMessage = true;
                    whole = json.name().equals("message");
                    if (whole && inPieces) {
                        json.skip(); // repeats the pieces
                    } else if (known) {
                        delta(json, whole, events);
                        inPieces |= !whole && before < content.size() + calls.size();
                    } else {
                        delta = json.later();
                    }
                }
                case "text" -> text = json.later(); // of /completions
                case "finish_reason" -> reason = FinishReasons.word(json.string());
                case "error" -> error(json); // OpenRouter
                case "usage" -> usage.read(json); // Moonshot
                default -> json.skip();
            }
        }
        if (other || !known && isOther(position)) {
            return;
        }
        if (delta != null) {
            delta(delta, whole, events);
        }
        if (text != null && !hasMessage) { // Together sends the text of a chat at both places
            content.read(text, events);
        }
        boolean said = before < content.size() + calls.size();
        inPieces |= said && !whole;
        if (!reason.isEmpty()) {
            finishReason = reason;
        }
        atEnd = !reason.isEmpty() && (!said || saidWithoutReason);
        saidWithoutReason |= said && reason.isEmpty();
    }

    private boolean isOther(long index) {
        if (choice < 0) {
            choice = Math.max(0, index);
        }
        return Math.max(0, index) != choice;
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

    /** Groq's place for the usage. */
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
