package org.genaiconnector.ra;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.genaiconnector.ra.http.HttpAnswer;

/** The conversations with real servers recorded in {@code adapter/traces}; see the README there. */
public final class Traces {
    private static final Path ROOT = Path.of("..", "traces");

    private Traces() {}

    /**
     * A recorded request and its answer.
     *
     * @param chunks the pieces of an answer that was streamed, as they came; then the body of the answer is empty
     */
    public record Exchange(
            String file, String method, String path, JsonValue requestBody, HttpAnswer answer, List<String> chunks) {

        /** Whether the answer came piece by piece. */
        public boolean isStream() {
            return !chunks.isEmpty();
        }

        @Override
        public String toString() {
            return file + " " + method + " " + path + " -> " + answer.status();
        }
    }

    /** All exchanges of a folder. */
    public static List<Exchange> exchanges(String folder) {
        return files(folder).flatMap(file -> exchanges(file).stream()).toList();
    }

    /** All that is in a folder, also what is no recording. */
    public static List<Path> everything(String folder) {
        try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A text message that a server sent over a WebSocket, as it came. */
    public static String event(JsonObject line) {
        return text(line.get("body"));
    }

    /** The exchanges of one recording. */
    public static List<Exchange> exchanges(Path file) {
        Map<Integer, JsonObject> requests = new HashMap<>();
        Map<Integer, JsonObject> responses = new TreeMap<>();
        Map<Integer, List<String>> chunks = new HashMap<>();
        lines(file).forEach(line -> {
            switch (line.getString("dir")) {
                case "http-req" -> requests.put(line.getInt("n"), line);
                case "http-res" -> responses.put(line.getInt("n"), line);
                case "http-res-chunk" ->
                    chunks.computeIfAbsent(line.getInt("n"), n -> new ArrayList<>())
                            .add(line.getString("text"));
                default -> {
                    // notes, ends and sockets
                }
            }
        });
        return responses.entrySet().stream()
                .map(entry -> exchange(
                        file,
                        requests.get(entry.getKey()),
                        entry.getValue(),
                        chunks.getOrDefault(entry.getKey(), List.of())))
                .toList();
    }

    private static Exchange exchange(Path file, JsonObject request, JsonObject response, List<String> chunks) {
        MultivaluedHashMap<String, String> headers = new MultivaluedHashMap<>();
        response.getJsonObject("headers").forEach((name, value) -> headers.add(name, ((JsonString) value).getString()));
        return new Exchange(
                file.getFileName().toString(),
                request.getString("method"),
                request.getString("path"),
                request.getOrDefault("body", JsonValue.NULL),
                new HttpAnswer(
                        "Server",
                        request.getString("path"),
                        response.getInt("status"),
                        headers,
                        (chunks.isEmpty() ? text(response.get("body")) : "").getBytes(StandardCharsets.UTF_8)),
                chunks);
    }

    /** Bodies are JSON, or {@code {"text": ...}} where they were not strict JSON, or null. */
    private static String text(JsonValue body) {
        if (body == null || body == JsonValue.NULL) {
            return "";
        }
        return body instanceof JsonObject object && object.keySet().equals(java.util.Set.of("text"))
                ? object.getString("text")
                : body.toString();
    }

    private static Stream<Path> files(String folder) {
        return everything(folder).stream().filter(file -> file.toString().endsWith(".jsonl"));
    }

    /** One recording, line by line. */
    public static Stream<JsonObject> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().map(line -> {
                try (JsonReader reader = Json.createReader(new StringReader(line))) {
                    return reader.readObject();
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
