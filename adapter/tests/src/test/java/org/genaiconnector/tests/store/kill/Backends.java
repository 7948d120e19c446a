package org.genaiconnector.tests.store.kill;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.tests.Eventually;

/** Three ComfyUIs that are up all the time, and what they were asked to run. The number of a job is the colour of its picture. */
final class Backends implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final Match PROMPT = Match.method("POST").and(Match.path("/api/prompt"));
    private static final Pattern NUMBER = Pattern.compile("\"color\"\\s*:\\s*(\\d+)");

    private final List<Backend> all = List.of(
            // the prompt comes when who has sent it is dead
            new Backend(Fault.none().after(FOR_EVER)),
            // the prompt is taken, but the answer does not come
            new Backend(Fault.drip(1, FOR_EVER)),
            // the prompt never comes
            new Backend(Fault.silence(FOR_EVER)));

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

    /** The jobs that have run, once for each time. */
    List<Integer> ran() throws Exception {
        List<Integer> numbers = new ArrayList<>();
        for (String address : addresses()) {
            String history = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(address + "/history"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            numbers.addAll(numbers(history));
        }
        return numbers;
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
