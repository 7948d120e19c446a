package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A client that reads an endless event stream on a thread of its own. */
final class EventStreamReader implements AutoCloseable {

    /** An event with its name. */
    record Event(String name, String id, JsonObject json) {}

    private final HttpResponse<Stream<String>> response;
    private final List<Event> seen = new CopyOnWriteArrayList<>();

    private EventStreamReader(HttpResponse<Stream<String>> response) {
        this.response = response;
        Thread reader = new Thread(this::read, "event tap");
        reader.setDaemon(true);
        reader.start();
    }

    static EventStreamReader open(Rest rest, String path, String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = rest.request(path);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<Stream<String>> response = rest.stream(request);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        return new EventStreamReader(response);
    }

    /** Waits for an event, or finds one that has already come. */
    Event await(Predicate<Event> wanted) throws Exception {
        return Eventually.eventually(
                () -> seen.stream().filter(wanted).findFirst().orElse(null), event -> event != null);
    }

    List<Event> seen() {
        return List.copyOf(seen);
    }

    private void read() {
        String name = "message";
        String id = "";
        try (Stream<String> lines = response.body()) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.startsWith("event:")) {
                    name = line.substring("event:".length()).strip();
                } else if (line.startsWith("id:")) {
                    id = line.substring("id:".length()).strip();
                } else if (line.startsWith("data:")) {
                    try (JsonReader json = Json.createReader(new StringReader(line.substring("data:".length())))) {
                        seen.add(new Event(name, id, json.readObject()));
                    }
                }
            }
        } catch (UncheckedIOException closed) {
            // closed by this client
        }
    }

    @Override
    public void close() {
        response.body().close();
    }
}
