package org.genaiconnector.ra.llm;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.OpenAnswer;
import org.genaiconnector.ra.json.JsonScanner;
import org.genaiconnector.ra.json.JsonWriter;

/**
 * Answers of Anthropic's messages, whole or as events: the message with empty content, each block started, continued and
 * stopped, the stop reason with the usage so far, and {@code message_stop}. Pings anywhere; unknown events, blocks and
 * deltas are to be ignored.
 */
final class AnthropicAnswer implements StreamDecoder {
    private final Function<String, Optional<String>> header;

    /** The service that answers, see {@link Dialect#origin}. */
    private final String origin;

    private final Map<Integer, AnthropicBlock> blocks = new TreeMap<>();
    private String id = "";
    private String model = "";
    private String stopReason = "";
    private final UsageCounter usage = UsageCounter.anthropic();
    private boolean hasContent;
    private boolean ended;
    /** Whether the event with the stop reason, the last but one, has come. */
    private boolean hasStopReason;

    private Optional<JsonObject> error = Optional.empty();

    private AnthropicAnswer(Function<String, Optional<String>> header, String origin) {
        this.header = header;
        this.origin = origin;
    }

    // ---- the whole answer

    static ChatResponse whole(HttpAnswer answer, String origin) throws GenAiException {
        AnthropicAnswer reading = new AnthropicAnswer(answer::header, origin);
        try {
            JsonScanner json = new JsonScanner(answer.body());
            if (!json.isObject()) {
                throw new JsonException("Not a JSON object");
            }
            reading.message(json);
            json.end();
        } catch (JsonException e) {
            throw LlmFailures.notJson(answer, e);
        }
        Optional<GenAiException> failure = reading.error.flatMap(body -> LlmFailures.inBody(answer, body));
        if (failure.isPresent()) {
            throw failure.get();
        }
        if (!reading.hasContent) {
            throw LlmFailures.without(answer, "content");
        }
        return reading.response();
    }

    // ---- the stream

    static StreamDecoder stream(OpenAnswer answer, String origin) {
        return new Events(answer, new AnthropicAnswer(answer::header, origin));
    }

    private record Events(OpenAnswer answer, AnthropicAnswer reading) implements StreamDecoder {
        @Override
        public boolean decode(SseReader.Event event, Consumer<StreamEvent> events) throws GenAiException {
            boolean ended;
            try {
                ended = reading.decode(event, events);
            } catch (JsonException e) {
                throw event.name().equals("error")
                        ? LlmFailures.inStream(answer, event, Optional.empty())
                        : LlmFailures.notJson(answer, event, e);
            }
            if (reading.error.isPresent() || event.name().equals("error")) {
                throw LlmFailures.inStream(answer, event, reading.error);
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
        if (event.isMeaningless()) {
            return false;
        }
        if (event.is("[DONE]")) { // from gateways
            return true;
        }
        JsonScanner json = event.json();
        if (!json.isObject()) {
            throw new JsonException("Not a JSON object");
        }
        String type = "";
        int index = 0;
        JsonScanner content = null;
        JsonScanner counts = null;
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "type" -> type = json.word();
                case "index" -> index = (int) json.count();
                case "message", "content_block", "delta" -> content = json.later();
                case "usage" -> counts = json.later();
                case "error" -> error(json);
                default -> json.skip();
            }
        }
        event(type, index, content, events);
        if (counts != null) {
            usage.read(counts);
        }
        return ended;
    }

    private void event(String type, int index, JsonScanner content, Consumer<StreamEvent> events) {
        switch (type) {
            case "message_stop" -> ended = true;
            case "content_block_stop" -> {
                AnthropicBlock block = blocks.get(index);
                if (block != null) {
                    block.stop();
                }
            }
            case "message_start" -> {
                if (content != null) {
                    message(content);
                }
            }
            case "message_delta" -> {
                if (content != null) {
                    message(content);
                    hasStopReason = !stopReason.isEmpty();
                }
            }
            case "content_block_start" -> {
                if (content != null) {
                    start(index, content, events);
                }
            }
            case "content_block_delta" -> {
                AnthropicBlock block = blocks.get(index);
                if (content != null && block != null) {
                    block.delta(content, events);
                }
            }
            default -> {
                // ping, and events of later versions of the protocol
            }
        }
    }

    private void start(int index, JsonScanner json, Consumer<StreamEvent> events) {
        int calls = (int) blocks.values().stream()
                .filter(AnthropicBlock::isToolCall)
                .count(); // blocks are numbered together, tool calls by themselves
        blocks.values().stream()
                .filter(AnthropicBlock::isStopped)
                .forEach(block -> block.complete(events)); // the limit of tokens cuts the last block only
        AnthropicBlock block = AnthropicBlock.read(json, origin, calls);
        blocks.put(index, block);
        block.start(events);
    }

    @Override
    public boolean isComplete() {
        return ended || hasStopReason;
    }

    @Override
    public boolean isAtEnd() {
        return isComplete();
    }

    /** Some gateways leave out the events that stop blocks. */
    @Override
    public void finish(Consumer<StreamEvent> events) {
        if (!FinishReasons.cuts(reason())) {
            blocks.values().forEach(block -> block.complete(events));
        }
    }

    // ---- shared by whole answers and streams

    private void message(JsonScanner json) {
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "id" -> id = json.string();
                case "model" -> model = json.string();
                case "stop_reason" -> stopReason = later(stopReason, json);
                case "content" -> content(json);
                case "usage" -> usage.read(json);
                case "error" -> error(json);
                default -> json.skip();
            }
        }
    }

    private static String later(String known, JsonScanner json) {
        String reason = FinishReasons.word(json.string());
        return reason.isEmpty() ? known : reason;
    }

    private void content(JsonScanner json) {
        hasContent = true;
        if (json.isString()) { // from some gateways
            String text = json.string();
            byte[] block = new JsonWriter()
                    .beginObject()
                    .member("type", "text")
                    .member("text", text)
                    .endObject()
                    .text()
                    .getBytes(StandardCharsets.UTF_8);
            blocks.put(0, AnthropicBlock.read(new JsonScanner(block), origin, 0));
            return;
        }
        for (boolean more = json.enterArray(); more; more = json.next()) {
            blocks.put(blocks.size(), AnthropicBlock.read(json, origin, 0));
        }
    }

    private FinishReason reason() {
        return FinishReasons.of(stopReason, false, blocks.values().stream().anyMatch(AnthropicBlock::isToolCall));
    }

    private void error(JsonScanner json) {
        error = LlmFailures.error(json).or(() -> error);
    }

    @Override
    public ChatResponse response() {
        List<ContentPart> parts = new ArrayList<>(blocks.size());
        blocks.values().forEach(block -> block.part().ifPresent(parts::add));
        return new ChatResponse(
                Messages.assistant(parts, Optional.empty()),
                Optional.empty(),
                reason(),
                stopReason,
                model,
                usage.usage(),
                id.isEmpty() ? Optional.empty() : Optional.of(id),
                header.apply("request-id"),
                RateLimitHeaders.anthropic(header));
    }
}
