package org.genaiconnector.ra.llm;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.llm.ChatMessage;
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
 * The content of an answer in OpenAI's protocol, whole or in pieces: text, reasoning under the names that services give it,
 * parts of an array (Mistral), and the members that a service requires back with the message.
 */
final class OpenAiContent {
    private final String origin;
    private String firstText = "";
    private final StringBuilder moreText = new StringBuilder(0);
    private final StringBuilder reasoning = new StringBuilder(0);

    private int pieces;

    /** The parts before the current text; a part of another type ends a text. */
    private final List<ContentPart> parts = new ArrayList<>(0);

    /** The pieces of the current thinking part. */
    private final List<JsonObject> thinking = new ArrayList<>(0);

    /** Members of the message that the service requires back: growing strings. */
    private final Map<String, StringBuilder> keptTexts = new LinkedHashMap<>(2);

    /** The same for values of other types: all that came. */
    private final Map<String, List<String>> keptValues = new LinkedHashMap<>(2);

    /**
     * Makes an empty one.
     *
     * @param origin the service that answers, see {@link Dialect#origin}
     */
    OpenAiContent(String origin) {
        this.origin = origin;
    }

    /** The number of pieces of text and reasoning so far. */
    int size() {
        return pieces;
    }

    /** Reads {@code content}: a string; null beside tool calls; from Mistral and some gateways an array of parts. */
    void read(JsonScanner json, Consumer<StreamEvent> events) {
        if (!json.isArray()) {
            text(json.string(), events);
            return;
        }
        for (boolean more = json.enterArray(); more; more = json.next()) {
            if (json.isString()) {
                text(json.string(), events);
            } else {
                part(json.bytes(), events);
            }
        }
    }

    private void text(String piece, Consumer<StreamEvent> events) {
        if (!piece.isEmpty()) {
            endThinking();
            pieces++;
            if (firstText.isEmpty()) {
                firstText = piece; // in a whole answer the only piece
            } else {
                moreText.append(piece);
            }
            events.accept(new StreamEvent.Text(piece));
        }
    }

    private void part(byte[] part, Consumer<StreamEvent> events) {
        String type = "";
        String text = "";
        JsonScanner json = new JsonScanner(part);
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "type" -> type = json.word();
                case "text" -> text = json.string();
                default -> json.skip();
            }
        }
        if (type.equals("thinking")) {
            thinking(JsonValues.object(LenientJson.read(part)), events);
        } else if (!text.isEmpty() || type.isEmpty() || type.equals("text")) {
            text(text, events);
        } else {
            endThinking();
            endText();
            parts.add(new OpaquePart(new ProviderData(origin, JsonValues.verbatim(part))));
        }
    }

    private void thinking(JsonObject piece, Consumer<StreamEvent> events) {
        endText();
        thinking.add(piece);
        thought(thought(piece), events);
    }

    private static String thought(JsonObject thinking) {
        StringBuilder text = new StringBuilder(JsonValues.string(thinking, "thinking"));
        JsonValues.array(thinking.get("thinking"))
                .forEach(chunk -> text.append(JsonValues.string(JsonValues.object(chunk), "text")));
        return text.toString();
    }

    private void thought(String text, Consumer<StreamEvent> events) {
        if (!text.isEmpty()) {
            pieces++;
            events.accept(new StreamEvent.Reasoning(text));
        }
    }

    private void endText() {
        if (!firstText.isEmpty()) {
            parts.add(new TextPart(firstText + moreText));
            firstText = "";
            moreText.setLength(0);
        }
    }

    private void endThinking() {
        if (!thinking.isEmpty()) {
            JsonObject whole = thinking.size() == 1 ? thinking.get(0) : Pieces.ofThinking(thinking);
            thinking.clear();
            parts.add(new ReasoningPart(thought(whole), Optional.of(whole), Optional.of(origin)));
        }
    }

    /** Whether a member of a message is one that its service requires back. */
    static boolean isKept(String member) {
        return member.startsWith("reasoning") || member.startsWith("thinking") || member.equals("extra_content");
    }

    /**
     * Reads such a member.
     *
     * @param known the reasoning that a previous member of this message had, because some services send it under two names
     * @return the reasoning of this member, or {@code known}
     */
    String keep(JsonScanner json, String known, Consumer<StreamEvent> events) {
        String member = json.name();
        if (json.isNull()) {
            json.skip();
            return known;
        }
        if (!json.isString()) {
            keptValues.computeIfAbsent(member, absent -> new ArrayList<>()).add(JsonValues.verbatim(json.bytes()));
            return known;
        }
        String text = json.string();
        keptTexts.computeIfAbsent(member, absent -> new StringBuilder()).append(text);
        boolean isThought = known.isEmpty() && !text.isEmpty() && saysThoughts(member);
        if (isThought) {
            reasoning.append(text);
            thought(text, events);
        }
        return isThought ? text : known;
    }

    /** Whether a member holds reasoning. OpenAI hides it; other services use different names. */
    private static boolean saysThoughts(String member) {
        return switch (member) {
            case "reasoning_content", "reasoning", "reasoning_text", "thinking" -> true;
            default -> false;
        };
    }

    /** The answer as a turn of the conversation. */
    ChatMessage message(List<ToolCall> calls) {
        endThinking();
        List<ContentPart> all = new ArrayList<>(parts);
        if (!reasoning.isEmpty()) {
            all.add(0, new ReasoningPart(reasoning.toString(), Optional.empty()));
        }
        if (!firstText.isEmpty()) {
            all.add(new TextPart(moreText.isEmpty() ? firstText : firstText + moreText));
        }
        all.addAll(calls);
        return Messages.assistant(all, data());
    }

    private Optional<ProviderData> data() {
        if (keptTexts.isEmpty() && keptValues.isEmpty()) {
            return Optional.empty();
        }
        JsonWriter json = new JsonWriter().beginObject();
        keptTexts.forEach((member, text) -> json.member(member, text.toString()));
        keptValues.forEach((member, pieces) -> {
            if (!keptTexts.containsKey(member)) {
                json.name(member).verbatim(pieces.size() == 1 ? pieces.get(0) : Pieces.joined(pieces));
            }
        });
        return Optional.of(new ProviderData(origin, json.endObject().text()));
    }

    /** Joins structures that come in pieces. */
    private static final class Pieces {

        /** Appends arrays; of other values the last one counts. */
        static String joined(List<String> pieces) {
            List<JsonObject> elements = new ArrayList<>();
            for (String piece : pieces) {
                if (!(LenientJson.read(piece) instanceof JsonArray array)) {
                    return pieces.get(pieces.size() - 1);
                }
                array.forEach(element -> add(elements, JsonValues.object(element)));
            }
            JsonArrayBuilder whole = JsonValues.PROVIDER.createArrayBuilder();
            elements.forEach(whole::add);
            return whole.build().toString();
        }

        /** Adds an element of OpenRouter's {@code reasoning_details}: texts and summaries grow, encrypted data comes whole. */
        private static void add(List<JsonObject> elements, JsonObject piece) {
            for (int i = elements.size() - 1; i >= 0; i--) {
                JsonObject known = elements.get(i);
                if (isSame(known, piece)) {
                    elements.set(i, grown(known, piece));
                    return;
                }
            }
            elements.add(piece);
        }

        private static boolean isSame(JsonObject known, JsonObject piece) {
            return piece.containsKey("index")
                    && piece.get("index").equals(known.get("index"))
                    && JsonValues.string(piece, "type").equals(JsonValues.string(known, "type"))
                    && !(piece.containsKey("data") && known.containsKey("data"))
                    && (JsonValues.string(piece, "id").isEmpty()
                            || JsonValues.string(known, "id").isEmpty()
                            || JsonValues.string(piece, "id").equals(JsonValues.string(known, "id")));
        }

        private static JsonObject grown(JsonObject known, JsonObject piece) {
            JsonObjectBuilder whole = JsonValues.PROVIDER.createObjectBuilder(known);
            piece.forEach((name, value) -> {
                boolean grows = name.equals("text") || name.equals("summary");
                if (grows && value instanceof JsonString more) {
                    whole.add(name, JsonValues.string(known, name) + more.getString());
                } else if (value != JsonValue.NULL || !known.containsKey(name)) {
                    whole.add(name, value);
                }
            });
            return whole.build();
        }

        /** Joins the pieces of Mistral's thinking; neighbouring texts become one. */
        static JsonObject ofThinking(List<JsonObject> pieces) {
            JsonObjectBuilder whole = JsonValues.PROVIDER.createObjectBuilder();
            StringBuilder plain = new StringBuilder();
            List<JsonObject> chunks = new ArrayList<>();
            for (JsonObject piece : pieces) {
                piece.forEach(whole::add);
                plain.append(JsonValues.string(piece, "thinking"));
                for (JsonValue value : JsonValues.array(piece.get("thinking"))) {
                    JsonObject chunk = JsonValues.object(value);
                    JsonObject last = chunks.isEmpty() ? JsonValue.EMPTY_JSON_OBJECT : chunks.get(chunks.size() - 1);
                    if (JsonValues.string(chunk, "type").equals("text")
                            && JsonValues.string(last, "type").equals("text")) {
                        chunks.set(chunks.size() - 1, grown(last, chunk));
                    } else {
                        chunks.add(chunk);
                    }
                }
            }
            if (chunks.isEmpty()) {
                return whole.add("thinking", plain.toString()).build();
            }
            JsonArrayBuilder all = JsonValues.PROVIDER.createArrayBuilder();
            chunks.forEach(all::add);
            return whole.add("thinking", all).build();
        }
    }
}
