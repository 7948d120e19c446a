package org.genaiconnector.tests.store.kill;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.tests.Eventually;

/** Three ComfyUIs, and what they were asked to run. The number of a job is the colour of its picture. */
final class Backends implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(2);
    /** Longer than any job that is ordered while ComfyUIs are killed. */
    private static final Duration LONGEST_JOB = Duration.ofSeconds(3);

    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Match PROMPT = Match.method("POST").and(Match.path("/api/prompt"));
    private static final Pattern NUMBER = Pattern.compile("\"color\"\\s*:\\s*(\\d+)");

    private final List<Backend> all = List.of(
            // the prompt comes when who has sent it is dead
            new Backend(Fault.none().after(FOR_EVER)),
            // the prompt is taken, but the answer does not come
            new Backend(Fault.drip(1, FOR_EVER)),
            // the prompt never comes
            new Backend(Fault.silence(FOR_EVER)));

    /** What was run by ComfyUIs that were killed. */
    private final List<Integer> ranBefore = new CopyOnWriteArrayList<>();

    /** @param hold what happens to a prompt while prompts are held */
    private record Backend(ComfyUiSimulator comfyUi, Faults faults, Fault hold) {
        Backend(Fault hold) {
            this(new Faults(), hold);
        }

        private Backend(Faults faults, Fault hold) {
            this(ComfyUiSimulator.builder().labNodes().wrap(faults::wrap).start(), faults, hold);
        }

        /** How many prompts were sent, whether they have arrived or not. */
        int sent() {
            return faults.traffic().requests(PROMPT).size();
        }
    }

    List<String> addresses() {
        return all.stream().map(backend -> backend.comfyUi().uri().toString()).toList();
    }

    /** From now on no sending of a prompt ends. Returns what has been sent so far. */
    List<Integer> hold() {
        all.forEach(backend -> backend.faults().always(PROMPT, backend.hold()));
        return sent();
    }

    /** Ends {@link #hold}. */
    void release() {
        all.forEach(backend -> backend.faults().clear());
    }

    List<Integer> sent() {
        return all.stream().map(Backend::sent).toList();
    }

    /** Waits until each has been sent so many prompts more. */
    void awaitSent(List<Integer> before, int more) throws Exception {
        for (int i = 0; i < all.size(); i++) {
            Backend backend = all.get(i);
            int count = before.get(i) + more;
            Eventually.isTrue(LONG, () -> backend.sent() >= count);
        }
    }

    /** The jobs whose prompts have arrived, once for each time. */
    List<Integer> arrived() {
        List<Integer> numbers = new ArrayList<>();
        for (Backend backend : all) {
            backend.comfyUi().requests().stream()
                    .filter(request ->
                            request.method().equals("POST") && request.path().equals("/api/prompt"))
                    .forEach(request -> numbers.addAll(numbers(request.text())));
        }
        return numbers;
    }

    /**
     * Kills a ComfyUI. It hangs before: first it begins no more jobs. What it has run and forgets would run again, so it is killed
     * when everybody knows that.
     *
     * @param known which of these jobs have ended for the application
     */
    void kill(int index, Predicate<Set<Integer>> known) throws Exception {
        ComfyUiSimulator comfyUi = all.get(index).comfyUi();
        comfyUi.killWorker();
        String last = running(comfyUi);
        long hung = System.nanoTime();
        Eventually.isTrue(
                LONG,
                () -> !running(comfyUi).equals(last)
                        || last.isEmpty()
                        || System.nanoTime() - hung > LONGEST_JOB.toNanos());
        List<Integer> ran = ran(comfyUi);
        Eventually.isTrue(LONG, () -> known.test(Set.copyOf(ran)));
        ranBefore.addAll(ran);
        comfyUi.kill();
    }

    void restart(int index) {
        all.get(index).comfyUi().restart();
    }

    /** The jobs that have run, once for each time. */
    List<Integer> ran() throws Exception {
        List<Integer> numbers = new ArrayList<>(ranBefore);
        for (Backend backend : all) {
            numbers.addAll(ran(backend.comfyUi()));
        }
        return numbers;
    }

    private static List<Integer> ran(ComfyUiSimulator comfyUi) throws Exception {
        List<Integer> numbers = new ArrayList<>();
        try (JsonReader history = Json.createReader(new StringReader(get(comfyUi, "/history")))) {
            for (JsonValue entry : history.readObject().values()) {
                if (entry.asJsonObject().getJsonObject("status").getBoolean("completed")) {
                    numbers.addAll(numbers(entry.toString()));
                }
            }
        }
        return numbers;
    }

    /** The job that runs; empty if none does. */
    private static String running(ComfyUiSimulator comfyUi) throws Exception {
        String queue = get(comfyUi, "/queue");
        List<Integer> numbers = numbers(queue.substring(0, queue.indexOf("queue_pending")));
        return numbers.isEmpty() ? "" : numbers.get(0).toString();
    }

    private static String get(ComfyUiSimulator comfyUi, String path) throws Exception {
        return CLIENT.send(
                        HttpRequest.newBuilder(comfyUi.uri().resolve(path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static List<Integer> numbers(String json) {
        List<Integer> numbers = new ArrayList<>();
        for (Matcher match = NUMBER.matcher(json); match.find(); ) {
            numbers.add(Integer.parseInt(match.group(1)));
        }
        return numbers;
    }

    @Override
    public void close() {
        all.forEach(backend -> backend.comfyUi().close());
    }
}
