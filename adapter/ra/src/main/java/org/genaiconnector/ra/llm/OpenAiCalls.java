package org.genaiconnector.ra.llm;

import jakarta.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.ra.json.JsonScanner;
import org.genaiconnector.ra.json.JsonWriter;

/**
 * The tool calls of an answer in OpenAI's protocol. Streams send them in fragments, and OpenAI marks each with the index of its
 * call. Other services number every call 0 (vLLM), leave out index and id (Gemini), give another id with every fragment, or
 * split the name. So a fragment continues the call of its index (or of its position in the chunk), unless it names a tool when
 * the arguments of that call are complete, or names a tool with another id.
 */
final class OpenAiCalls {
    private final String origin;
    private final List<Call> calls = new ArrayList<>(0);
    private final Map<Integer, Call> byIndex = new HashMap<>(2);
    private final Map<Integer, Call> byPosition = new HashMap<>(2);
    private int fragments;

    /** A call while its fragments arrive. */
    private static final class Call {
        private final int number;
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
        private boolean argumentsSeen;
        private final Map<String, String> others = new LinkedHashMap<>(0);
        private final Map<String, String> othersOfFunction = new LinkedHashMap<>(0);
        private ToolCall made;

        Call(int number) {
            this.number = number;
        }

        /** Whether the arguments are a complete object. */
        boolean isComplete() {
            return isObject(arguments.toString());
        }

        boolean isBegun() {
            return !arguments.toString().isBlank();
        }
    }

    /**
     * Makes an empty list.
     *
     * @param origin the service that answers, see {@link Dialect#origin}
     */
    OpenAiCalls(String origin) {
        this.origin = origin;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** The number of fragments so far. */
    int size() {
        return fragments;
    }

    /**
     * Reads {@code tool_calls}: an array, or an object if there is only one.
     *
     * @param whole whether the elements are whole calls, not fragments
     */
    void read(JsonScanner json, boolean whole, Consumer<StreamEvent> events) {
        if (json.isObject()) {
            element(json, 0, whole, events);
            return;
        }
        int position = 0;
        for (boolean more = json.enterArray(); more; more = json.next()) {
            element(json, position++, whole, events);
        }
    }

    private void element(JsonScanner json, int position, boolean whole, Consumer<StreamEvent> events) {
        OpenAiFragment fragment = OpenAiFragment.read(json);
        fragments++;
        Call call = whole ? begin() : callOf(fragment, position);
        if (fragment.index() != OpenAiFragment.NONE) {
            byIndex.put(fragment.index(), call);
        }
        byPosition.put(position, call);
        add(call, fragment, events);
    }

    // ---- which call a fragment belongs to

    private Call callOf(OpenAiFragment fragment, int position) {
        Call known = fragment.index() == OpenAiFragment.NONE ? withoutIndex(fragment, position) : withIndex(fragment);
        return known == null || begins(fragment, known) ? begin() : known;
    }

    private Call withIndex(OpenAiFragment fragment) {
        boolean goesOn =
                byIndex.isEmpty() && fragment.id().isEmpty() && fragment.name().isEmpty();
        return goesOn ? last() : byIndex.get(fragment.index());
    }

    private Call withoutIndex(OpenAiFragment fragment, int position) {
        for (int i = calls.size() - 1; i >= 0 && !fragment.id().isEmpty(); i--) {
            if (calls.get(i).id.equals(fragment.id())) {
                return calls.get(i);
            }
        }
        Call atPosition = byPosition.get(position);
        return atPosition == null && fragment.name().isEmpty() ? last() : atPosition;
    }

    private Call last() {
        return calls.isEmpty() ? null : calls.get(calls.size() - 1);
    }

    private Call begin() {
        calls.add(new Call(calls.size()));
        return last();
    }

    /** Whether a fragment begins a new call. Only one with a name can; a name may come in pieces, or in every fragment. */
    private static boolean begins(OpenAiFragment fragment, Call call) {
        if (fragment.name().isEmpty() || call.name.isEmpty()) {
            return false;
        }
        boolean sameName = fragment.name().equals(call.name);
        boolean open = call.isBegun() && !call.isComplete();
        if (open) {
            return !sameName;
        }
        boolean bothNamed = !fragment.id().isEmpty() && !call.id.isEmpty();
        if (bothNamed && !fragment.id().equals(call.id)) {
            return true;
        }
        if (call.isBegun()) { // and complete
            boolean repeats = bothNamed && fragment.arguments().contentEquals(call.arguments);
            return !(sameName && (fragment.arguments().isBlank() || repeats));
        }
        return fragment.index() == OpenAiFragment.NONE && fragment.id().isEmpty() && call.argumentsSeen;
    }

    private static void add(Call call, OpenAiFragment fragment, Consumer<StreamEvent> events) {
        if (call.id.isEmpty()) {
            call.id = fragment.id();
        }
        call.name = name(call, fragment.name());
        call.argumentsSeen |= fragment.argumentsSeen();
        call.others.putAll(fragment.others());
        call.othersOfFunction.putAll(fragment.othersOfFunction());
        boolean repeated = !fragment.name().isEmpty()
                && call.isBegun()
                && fragment.arguments().contentEquals(call.arguments)
                && call.isComplete();
        if (!fragment.arguments().isEmpty() && !repeated) {
            call.arguments.append(fragment.arguments());
            events.accept(new StreamEvent.ToolCallDelta(call.number, call.name, fragment.arguments()));
        }
    }

    private static String name(Call call, String more) {
        if (call.isBegun() && !call.name.isEmpty() || more.equals(call.name)) {
            return call.name;
        }
        return more.startsWith(call.name) ? more : call.name + more;
    }

    // ---- the calls

    /**
     * Makes the calls, because no more fragments come.
     *
     * @param cut whether the answer was cut; then no call is reported as complete, because it may be broken
     */
    void complete(boolean cut, Consumer<StreamEvent> events) {
        Set<String> ids = new HashSet<>();
        for (Call call : calls) {
            if (call.made == null && !(call.name.isEmpty() && call.id.isEmpty() && !call.isBegun())) {
                call.made = new ToolCall(unique(ToolCalls.id(call.id), ids), call.name, arguments(call), data(call));
                if (!cut) {
                    events.accept(new StreamEvent.ToolCallCompleted(call.made));
                }
            }
        }
    }

    /** An id that no other call has, because results refer to calls by id. */
    private static String unique(String id, Set<String> ids) {
        String free = id;
        for (int i = 2; !ids.add(free); i++) {
            free = id + "_" + i;
        }
        return free;
    }

    /** The arguments. Some services begin with an empty object as a placeholder. */
    private static String arguments(Call call) {
        String text = call.arguments.toString();
        if (text.startsWith("{}") && isObject(text.substring(2))) {
            return text.substring(2);
        }
        return text.isBlank() ? "{}" : text;
    }

    private static boolean isObject(String text) {
        JsonScanner json = new JsonScanner(text.getBytes(StandardCharsets.UTF_8));
        try {
            boolean object = json.isObject();
            json.skip();
            json.end();
            return object;
        } catch (JsonException incomplete) {
            return false;
        }
    }

    private Optional<ProviderData> data(Call call) {
        if (!call.othersOfFunction.isEmpty()) {
            call.others.put("function", object(call.othersOfFunction));
        }
        return call.others.isEmpty() ? Optional.empty() : Optional.of(new ProviderData(origin, object(call.others)));
    }

    private static String object(Map<String, String> members) {
        JsonWriter json = new JsonWriter().beginObject();
        members.forEach((name, value) -> json.name(name).verbatim(value));
        return json.endObject().text();
    }

    /** The calls that {@link #complete} has made, in the order of their first fragments. */
    List<ToolCall> made() {
        return calls.stream()
                .filter(call -> call.made != null)
                .map(call -> call.made)
                .toList();
    }

    // ---- calls in requests

    /** Writes a call into the history of a conversation, with the members that its own service added. */
    static void write(JsonWriter json, ToolCall call, String arguments, String origin) {
        json.beginObject().member("type", "function").member("id", call.id());
        json.name("function").beginObject().member("name", call.name()).member("arguments", arguments);
        Optional<String> data =
                call.providerData().filter(given -> given.isOf(origin)).map(ProviderData::json);
        data.ifPresent(given -> each(given, "function", json::members));
        json.endObject();
        data.ifPresent(given -> {
            JsonScanner others = new JsonScanner(given.getBytes(StandardCharsets.UTF_8));
            for (boolean more = others.enterObject(); more; more = others.next()) {
                if (others.name().equals("function")) {
                    others.skip();
                } else {
                    json.name(others.name()).verbatim(others.raw());
                }
            }
        });
        json.endObject();
    }

    private static void each(String object, String member, Consumer<String> taker) {
        JsonScanner json = new JsonScanner(object.getBytes(StandardCharsets.UTF_8));
        for (boolean more = json.enterObject(); more; more = json.next()) {
            if (json.name().equals(member) && json.isObject()) {
                taker.accept(json.raw());
            } else {
                json.skip();
            }
        }
    }
}
