package org.genaiconnector.ra.llm;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.OpaquePart;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.ra.json.JsonScanner;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.json.JsonWriter;
import org.genaiconnector.ra.json.LenientJson;

/**
 * A content block of Anthropic's messages, whole or growing by deltas. A streamed block becomes what it would be in an answer
 * that is not streamed, because the service requires it back in that form.
 */
final class AnthropicBlock {
    private static final Set<String> OF_TEXT = Set.of("type", "text");
    private static final Set<String> OF_CALLS = Set.of("type", "id", "name", "input");

    /** The service that sent it. */
    private final String origin;

    /** As it came, or as it began. */
    private final byte[] start;

    private final String type;
    private final String id;
    private final String name;
    private final int callNumber;

    /** What the deltas have added, by the member that it belongs to. */
    private final Map<String, StringBuilder> grown = new LinkedHashMap<>(4);

    private final List<String> citations = new ArrayList<>(0);
    private boolean stopped;
    private ToolCall call;

    private AnthropicBlock(String origin, byte[] start, int callNumber) {
        String foundType = "";
        String foundId = "";
        String foundName = "";
        JsonScanner json = new JsonScanner(start);
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "type" -> foundType = json.word();
                case "id" -> foundId = json.string();
                case "name" -> foundName = json.string();
                default -> json.skip();
            }
        }
        this.origin = origin;
        this.start = start;
        this.type = foundType;
        this.id = foundId;
        this.name = foundName;
        this.callNumber = callNumber;
    }

    /**
     * Reads a block.
     *
     * @param origin the service that sends it
     * @param callNumber number of tool calls before this block; stream events carry it
     */
    static AnthropicBlock read(JsonScanner json, String origin, int callNumber) {
        return new AnthropicBlock(origin, json.bytes(), callNumber);
    }

    /** Whether the application is to call a tool; the service calls its own tools itself. */
    boolean isToolCall() {
        return type.equals("tool_use");
    }

    /** Reports that a stream begins the block, which may already hold the first words. */
    void start(Consumer<StreamEvent> events) {
        String first = type.equals("text") || type.equals("thinking") ? begun(type) : "";
        if (!first.isEmpty()) {
            events.accept(type.equals("text") ? new StreamEvent.Text(first) : new StreamEvent.Reasoning(first));
        }
    }

    /** Adds what a stream sends next for the block. */
    void delta(JsonScanner json, Consumer<StreamEvent> events) {
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "type" -> json.skip();
                case "text" -> {
                    String piece = grow("text", json);
                    if (!piece.isEmpty() && type.equals("text")) {
                        events.accept(new StreamEvent.Text(piece));
                    }
                }
                case "thinking" -> {
                    String piece = grow("thinking", json);
                    if (!piece.isEmpty() && type.equals("thinking")) {
                        events.accept(new StreamEvent.Reasoning(piece));
                    }
                }
                case "partial_json" -> {
                    String piece = grow("input", json);
                    if (!piece.isEmpty() && isToolCall()) {
                        events.accept(new StreamEvent.ToolCallDelta(callNumber, name, piece));
                    }
                }
                case "citation" -> citations.add(json.raw());
                default -> { // signature, content of a compaction, members of later versions
                    if (json.isString()) {
                        grow(json.name(), json);
                    } else {
                        json.skip();
                    }
                }
            }
        }
    }

    private String grow(String member, JsonScanner json) {
        String piece = json.string();
        if (!piece.isEmpty()) {
            grown.computeIfAbsent(member, absent -> new StringBuilder()).append(piece);
        }
        return piece;
    }

    /** Notes that a stream ends the block; whether the block was cut shows in what follows. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Reports the block as complete: nothing of it was cut. */
    void complete(Consumer<StreamEvent> events) {
        if (isToolCall() && call == null) {
            events.accept(new StreamEvent.ToolCallCompleted(call()));
        }
    }

    /** The block as a part of the API; absent if it is empty. */
    Optional<ContentPart> part() {
        return switch (type) {
            case "" -> Optional.empty();
            case "text" -> {
                String text = begun("text") + grown.getOrDefault("text", new StringBuilder(0));
                yield text.isEmpty() ? Optional.empty() : Optional.of(new TextPart(text, others(OF_TEXT)));
            }
            case "thinking", "redacted_thinking" -> {
                JsonObject whole = JsonValues.object(LenientJson.read(whole()));
                yield Optional.of(new ReasoningPart(
                        JsonValues.string(whole, "thinking"), Optional.of(whole), Optional.of(origin)));
            }
            case "tool_use" -> Optional.of(call());
            default -> Optional.of(new OpaquePart(new ProviderData(origin, JsonValues.verbatim(whole()))));
        };
    }

    /** A string member of the block as it began; empty if the block has no such member. */
    private String begun(String member) {
        JsonScanner json = new JsonScanner(start);
        String found = "";
        for (boolean more = json.enterObject(); more; more = json.next()) {
            if (json.name().equals(member)) {
                found = json.string();
            } else {
                json.skip();
            }
        }
        return found;
    }

    /** The members that the API has no name for; null and empty arrays do not count. */
    private Optional<ProviderData> others(Set<String> named) {
        JsonScanner json = new JsonScanner(whole());
        JsonWriter others = null; // a writer that is not brought to its end would keep the provider's buffer
        for (boolean more = json.enterObject(); more; more = json.next()) {
            String member = json.name();
            if (named.contains(member) || json.isNull()) {
                json.skip();
                continue;
            }
            String value = JsonValues.verbatim(json.bytes());
            if (!value.equals("[]")) {
                others = others == null ? new JsonWriter().beginObject() : others;
                others.name(member).verbatim(value);
            }
        }
        return others == null
                ? Optional.empty()
                : Optional.of(new ProviderData(origin, others.endObject().text()));
    }

    /** The block as it would be in an answer that is not streamed. */
    private byte[] whole() {
        if (grown.isEmpty() && citations.isEmpty()) {
            return start;
        }
        Map<String, StringBuilder> more = new LinkedHashMap<>(grown);
        boolean cited = citations.isEmpty();
        JsonWriter whole = new JsonWriter().beginObject();
        JsonScanner json = new JsonScanner(start);
        for (boolean member = json.enterObject(); member; member = json.next()) {
            String named = json.name();
            StringBuilder growth = more.remove(named);
            whole.name(named);
            if (growth != null) {
                grownMember(whole, named, json.string(), growth);
            } else if (named.equals("citations") && !cited) {
                cited = true;
                citations(whole, json);
            } else {
                whole.verbatim(json.raw());
            }
        }
        more.forEach((named, growth) -> grownMember(whole.name(named), named, "", growth));
        if (!cited) {
            citations(whole.name("citations"), new JsonScanner("[]".getBytes(StandardCharsets.US_ASCII)));
        }
        return whole.endObject().bytes(Set.of(), JsonValue.EMPTY_JSON_OBJECT);
    }

    /** The input arrives as pieces of JSON, every other member as pieces of a string. */
    private static void grownMember(JsonWriter json, String name, String begun, StringBuilder growth) {
        if (name.equals("input")) {
            json.verbatim(ToolCalls.argumentsText(growth.toString()));
        } else {
            json.value(begun + growth);
        }
    }

    private void citations(JsonWriter whole, JsonScanner begun) {
        whole.beginArray();
        for (boolean more = begun.enterArray(); more; more = begun.next()) {
            whole.verbatim(begun.raw());
        }
        citations.forEach(whole::verbatim);
        whole.endArray();
    }

    private ToolCall call() {
        if (call == null) {
            String arguments = grown.getOrDefault("input", new StringBuilder(0)).toString();
            if (arguments.isBlank()) {
                JsonObject begun = JsonValues.object(LenientJson.read(start));
                arguments = JsonValues.object(begun.get("input")).toString();
            }
            grown.remove("input"); // it may be broken, and is no other member
            call = new ToolCall(ToolCalls.id(id), name, arguments, others(OF_CALLS));
        }
        return call;
    }
}
