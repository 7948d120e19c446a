package org.genaiconnector.testkit.llm;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.genaiconnector.testkit.llm.Completion.Beside;

/**
 * Answers set in advance, instead of the simulator's own; each is used once, in order. Thread
 * safe.
 *
 * <p>{@link #says} and {@link #calls} leave the form to the simulator: the answer comes in the protocol of the request,
 * whole or streamed. What {@link #thinks}, {@link #searches}, {@link #pauses} and {@link #cached} say belongs to the answer
 * that is laid down next:
 *
 * <pre>{@code
 * llm.script().thinks("They want the weather.").calls(new ToolCall("t1", "weather", "{}"));
 * }</pre>
 *
 * <p>{@link #json}, {@link #text} and {@link #events} are sent unchanged, after the check of the key, so that a script
 * can imitate every oddity of every service.
 */
public final class Script {
    private static final String ANY_POST = "POST";

    private final Deque<Function<Prompt, Completion>> lines = new ArrayDeque<>();
    private final Map<String, Deque<Exact>> exact = new HashMap<>();
    private final String place;
    private final Script whole;
    private Beside beside = Beside.NOTHING;

    private record Exact(int status, String type, boolean stream, List<String> pieces) {}

    Script() {
        this.place = ANY_POST;
        this.whole = this;
    }

    private Script(String path, Script whole) {
        this.place = path;
        this.whole = whole;
    }

    /** The part of the script for requests to this path with any method; otherwise exact answers are for POST. */
    public Script at(String path) {
        return new Script(path, whole);
    }

    /**
     * Before its next answer the model thinks: a block with a signature in the Anthropic protocol, which refuses it later
     * if it comes back changed; {@code reasoning_content} of local servers; only a count of tokens with OpenAI.
     */
    public Script thinks(String thought) {
        return beside(old -> new Beside(thought, old.search(), old.paused(), old.cacheRead(), old.cacheWritten()));
    }

    /** Before its next answer the service uses a tool of its own, a search, in the Anthropic protocol. */
    public Script searches(String query) {
        return beside(old -> new Beside(old.thought(), query, old.paused(), old.cacheRead(), old.cacheWritten()));
    }

    /** The next answer is no end of the turn: {@code pause_turn} in the Anthropic protocol. */
    public Script pauses() {
        return beside(old -> new Beside(old.thought(), old.search(), true, old.cacheRead(), old.cacheWritten()));
    }

    /**
     * The usage of the next answer has figures of the prompt cache.
     *
     * @param read tokens that came from it; beside the input in the Anthropic protocol, within it in OpenAI's
     * @param written tokens that were written to it, likewise
     */
    public Script cached(int read, int written) {
        return beside(old -> new Beside(old.thought(), old.search(), old.paused(), read, written));
    }

    private Script beside(UnaryOperator<Beside> change) {
        synchronized (whole.lines) {
            whole.beside = change.apply(whole.beside);
        }
        return this;
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
            whole.beside = Beside.NOTHING;
        }
    }

    private Script add(Function<Prompt, Completion> line) {
        synchronized (whole.lines) {
            Beside told = whole.beside;
            whole.beside = Beside.NOTHING;
            whole.lines.add(
                    told == Beside.NOTHING ? line : prompt -> line.apply(prompt).with(told));
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
