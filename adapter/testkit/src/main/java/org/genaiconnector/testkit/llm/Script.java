package org.genaiconnector.testkit.llm;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Answers laid down in advance, in the place of what the simulator would say itself; each is used once, in order. Thread
 * safe.
 *
 * <p>{@link #says} and {@link #calls} leave the form to the simulator: the answer comes in the protocol of the request,
 * whole or streamed. {@link #json}, {@link #text} and {@link #events} are sent as they stand, after the check of the
 * key: so every oddity of every server can be played.
 */
public final class Script {
    private static final String ANY_POST = "POST";

    private final Deque<Function<Prompt, Completion>> lines = new ArrayDeque<>();
    private final Map<String, Deque<Exact>> exact = new HashMap<>();
    private final String place;
    private final Script whole;

    private record Exact(int status, String type, boolean stream, List<String> pieces) {}

    Script() {
        this.place = ANY_POST;
        this.whole = this;
    }

    private Script(String path, Script whole) {
        this.place = path;
        this.whole = whole;
    }

    /** The part of the script for requests to this path, whatever their method; otherwise exact answers are for POST. */
    public Script at(String path) {
        return new Script(path, whole);
    }

    /** The model's next answer is this text, within the limits that the request sets. */
    public Script says(String text) {
        return add(prompt -> TextModel.saying(prompt, text));
    }

    /** The model's next answer asks for these tools. */
    public Script calls(ToolCall... calls) {
        return add(prompt -> TextModel.calling(prompt, List.of(calls)));
    }

    /** The next answer is this JSON under status 200. */
    public Script json(String body) {
        return json(200, body);
    }

    /** The next answer is this JSON. */
    public Script json(int status, String body) {
        return text(status, "application/json", body);
    }

    /**
     * The next answer is this text.
     *
     * @param contentType null: no such header
     */
    public Script text(int status, String contentType, String body) {
        return add(new Exact(status, contentType, false, List.of(body)));
    }

    /** The next answer is a stream of exactly these pieces, line ends included; each goes out in an HTTP chunk. */
    public Script events(String... pieces) {
        return stream("text/event-stream", pieces);
    }

    /** As {@link #events}, under another content type. */
    public Script stream(String contentType, String... pieces) {
        return add(new Exact(200, contentType, true, List.of(pieces)));
    }

    /** How many answers have not been used yet. */
    public int pending() {
        synchronized (whole.lines) {
            return whole.lines.size()
                    + whole.exact.values().stream().mapToInt(Deque::size).sum();
        }
    }

    /** Forgets all answers not used yet. */
    public void clear() {
        synchronized (whole.lines) {
            whole.lines.clear();
            whole.exact.clear();
        }
    }

    private Script add(Function<Prompt, Completion> line) {
        synchronized (whole.lines) {
            whole.lines.add(line);
        }
        return this;
    }

    private Script add(Exact answer) {
        synchronized (whole.lines) {
            whole.exact.computeIfAbsent(place, any -> new ArrayDeque<>()).add(answer);
        }
        return this;
    }

    /** Plays an exact answer if one is due; false if the simulator has to answer itself. */
    boolean play(Call call) throws IOException {
        Exact answer = due(call);
        if (answer == null) {
            return false;
        }
        if (!answer.stream) {
            call.answer(answer.status, answer.type, answer.pieces.get(0));
            return true;
        }
        call.startStream(answer.status, answer.type);
        for (String piece : answer.pieces) {
            call.pause();
            call.write(piece);
        }
        call.endStream();
        return true;
    }

    private Exact due(Call call) {
        synchronized (lines) {
            Exact answer = exact.getOrDefault(call.path(), new ArrayDeque<>()).poll();
            return answer == null && call.method().equals("POST")
                    ? exact.getOrDefault(ANY_POST, new ArrayDeque<>()).poll()
                    : answer;
        }
    }

    /** What the model answers to a prompt: what the script says, otherwise its own. */
    Completion complete(Prompt prompt) {
        Function<Prompt, Completion> line;
        synchronized (lines) {
            line = lines.poll();
        }
        return line == null ? TextModel.complete(prompt) : line.apply(prompt);
    }
}
