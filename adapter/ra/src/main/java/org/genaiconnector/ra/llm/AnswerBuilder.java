package org.genaiconnector.ra.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;

/** Puts the pieces of an answer together: text, and tool calls whose arguments come in fragments. */
final class AnswerBuilder {
    private String firstText = "";
    private final StringBuilder moreText = new StringBuilder(0);
    private final NavigableMap<Integer, PartialCall> calls = new TreeMap<>();

    private static final class PartialCall {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
        private boolean completed;
        private ToolCall call;
    }

    void text(String piece, Consumer<StreamEvent> events) {
        if (!piece.isEmpty()) {
            if (firstText.isEmpty()) {
                firstText = piece; // of a whole answer the only one
            } else {
                moreText.append(piece);
            }
            events.accept(new StreamEvent.Text(piece));
        }
    }

    boolean hasCalls() {
        return !calls.isEmpty();
    }

    /** The highest index so far, -1 for none. */
    int lastIndex() {
        return calls.isEmpty() ? -1 : calls.lastKey();
    }

    /** Whether the call of an index has this id, or none yet. */
    boolean isSameCall(int index, String id) {
        PartialCall call = calls.get(index);
        return call == null || id.isEmpty() || call.id.isEmpty() || call.id.equals(id);
    }

    void toolCall(int index, String id, String name, String fragment, Consumer<StreamEvent> events) {
        PartialCall call = calls.computeIfAbsent(index, absent -> new PartialCall());
        if (!id.isEmpty()) {
            call.id = id;
        }
        if (!name.isEmpty()) {
            call.name = name;
        }
        if (!fragment.isEmpty()) {
            call.arguments.append(fragment);
            events.accept(new StreamEvent.ToolCallDelta(index, call.name, fragment));
        }
    }

    /** The call of an index is complete. */
    void completeCall(int index, Consumer<StreamEvent> events) {
        PartialCall call = calls.get(index);
        if (call != null && !call.completed) {
            call.completed = true;
            call.call = toolCall(call.id, call.name, call.arguments.toString());
            events.accept(new StreamEvent.ToolCallCompleted(call.call));
        }
    }

    void completeCalls(Consumer<StreamEvent> events) {
        new ArrayList<>(calls.keySet()).forEach(index -> completeCall(index, events));
    }

    /** A call as the API has it: with an id, and with arguments even where there are none. */
    static ToolCall toolCall(String id, String name, String arguments) {
        return new ToolCall(
                id.isEmpty() ? "call_" + UUID.randomUUID() : id, name, arguments.isBlank() ? "{}" : arguments);
    }

    /** The answer as a turn of the conversation. */
    ChatMessage message(List<? extends ContentPart> reasoning) {
        List<ContentPart> parts = new ArrayList<>(reasoning);
        if (!firstText.isEmpty()) {
            parts.add(new TextPart(moreText.isEmpty() ? firstText : firstText + moreText));
        }
        calls.values().forEach(call -> {
            if (call.call != null) {
                parts.add(call.call);
            }
        });
        return assistant(parts);
    }

    /** A turn of the model, which has at least one part even if it said nothing. */
    static ChatMessage assistant(List<ContentPart> parts) {
        return new ChatMessage(Role.ASSISTANT, parts.isEmpty() ? List.of(new TextPart("")) : parts);
    }
}
