package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Plays the client's side of a recording against a simulator and compares the server's side. Requests wait for the
 * messages that were recorded before them, not for the recorded time.
 */
final class Replay {
    /** What is compared of the headers of an answer: the selection that was recorded. */
    private static final Set<String> HEADERS = Set.of(
            "Content-Type",
            "Content-Length",
            "Content-Disposition",
            "Content-Range",
            "Transfer-Encoding",
            "ETag",
            "Last-Modified",
            "Accept-Ranges",
            "Allow",
            "X-Content-Type-Options",
            "Cache-Control",
            "Vary",
            "Connection");

    private static final double LONG_GAP = 0.15;
    private static final long POLL_NANOS = 10_000_000;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final ComfyUiSimulator server;
    private final HttpClient client;
    private final RecordedNames names;
    private final JsonComparison comparison;
    private final Trace trace;
    private final Map<Integer, SocketReplay> sockets = new HashMap<>();
    private double lastTime;

    Replay(ComfyUiSimulator server, HttpClient client, RecordedNames names, Trace trace) {
        this.server = server;
        this.client = client;
        this.names = names;
        this.comparison = new JsonComparison(names, server.outputDirectory().getParent());
        this.trace = trace;
    }

    void run() throws IOException, InterruptedException {
        for (Trace.Line line : trace.lines()) {
            switch (line.dir()) {
                case "http-req" -> request(line);
                case "ws-open" -> open(line);
                case "ws-out-text" ->
                    socket(line)
                            .send(
                                    Trace.isText(line.body())
                                            ? line.body().get("text").textValue()
                                            : Json.write(line.body()));
                case "ws-in-text", "ws-in-binary" -> socket(line).expect(line);
                case "ws-close" -> close(line);
                case "note" -> remark(line.text("text"));
                case "http-res", "http-fail" -> lastTime = line.time();
                default -> fail(where(line) + ": unknown kind of line " + line.dir());
            }
        }
    }

    private SocketReplay socket(Trace.Line line) {
        return sockets.get(line.socket());
    }

    /** Opens a socket; what comes next was recorded after the server had registered it, which it does before it greets. */
    private void open(Trace.Line line) {
        TestSocket socket = TestSocket.open(client, server.uri(), line.text("path"));
        if (!socket.await(messages -> !messages.isEmpty())) {
            fail(where(line) + ": the server does not greet the socket");
        }
        sockets.put(line.socket(), new SocketReplay(this, socket));
    }

    /** Ends a socket; what comes next was recorded after the server had noticed. */
    private void close(Trace.Line line) throws IOException {
        int open = server.openSockets().size();
        socket(line).close(line);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (line.json().get("code").intValue() != TestSocket.BROKEN
                && server.openSockets().size() >= open) {
            if (System.nanoTime() > end) {
                fail(where(line) + ": the server does not notice that the socket is closed");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void remark(String text) {
        if (text.startsWith("server process killed")) {
            server.kill();
        } else if (text.startsWith("server process started again")) {
            server.restart();
        }
    }

    String where(Trace.Line line) {
        return trace.name() + ".jsonl line " + line.number();
    }

    private void request(Trace.Line line) throws IOException, InterruptedException {
        sockets.values().forEach(SocketReplay::catchUp);
        if (line.time() - lastTime >= LONG_GAP && line.number() > 1) {
            awaitIdleQueue(line.time() - lastTime);
        }
        Trace.Line answer = answerTo(line.n());
        if (answer.dir().equals("http-fail")) {
            assertThatThrownBy(() -> send(line)).as(where(answer)).isInstanceOf(ConnectException.class);
            return;
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        Optional<String> difference = compare(answer, send(line));
        boolean polled =
                line.text("method").equals("GET") && line.text("path").matches("/(api/)?(jobs|history|queue|prompt).*");
        while (difference.isPresent() && polled && System.nanoTime() < end) {
            HttpResponse<byte[]> response = send(line);
            difference = compare(answer, response);
            if (difference.isPresent()
                    && laterPoll(line)
                            .flatMap(later -> compareLater(later, response))
                            .isPresent()) {
                return;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        if (difference.isPresent()) {
            fail(where(answer) + " (answer to " + line.text("method") + " " + line.text("path") + "): "
                    + difference.get());
        }
    }

    /** Something if the response is like that to a later poll. */
    private Optional<Boolean> compareLater(Trace.Line later, HttpResponse<byte[]> response) {
        try {
            return compare(later, response).isPresent() ? Optional.empty() : Optional.of(true);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The answer to the same question asked again before anything else was requested: the simulator may be faster. */
    private Optional<Trace.Line> laterPoll(Trace.Line line) {
        return trace.lines().stream()
                .filter(other -> other.number() > line.number() && other.dir().equals("http-req"))
                .takeWhile(other -> other.text("method").equals("GET"))
                .filter(other -> other.text("path").equals(line.text("path")))
                .map(other -> answerTo(other.n()))
                .findFirst();
    }

    private Trace.Line answerTo(int n) {
        return trace.lines().stream()
                .filter(line -> line.dir().matches("http-(res|fail)") && line.n() == n)
                .findFirst()
                .orElseThrow();
    }

    /** In a long pause of the recording the worker took what waited; but a worker that has ended takes nothing. */
    private void awaitIdleQueue(double seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        HttpRequest queue =
                HttpRequest.newBuilder(server.uri().resolve("/api/queue")).build();
        try {
            while (System.nanoTime() < end
                    && !client.send(queue, HttpResponse.BodyHandlers.ofString())
                            .body()
                            .endsWith("\"queue_pending\": []}")) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        } catch (ConnectException e) {
            // Recorded while the server was down
            assertThat(trace.name()).isEqualTo("server-killed-and-restarted");
        }
    }

    private HttpResponse<byte[]> send(Trace.Line line) throws IOException, InterruptedException {
        String path = names.translate(line.text("path")).replace(";", "%3B");
        byte[] body = names.translate(new String(Trace.bytes(line), StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .method(
                        line.text("method"),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        for (Map.Entry<String, JsonNode> header : line.json().get("headers").properties()) {
            if (!Set.of("Host", "Content-Length").contains(header.getKey())) {
                request.setHeader(
                        header.getKey(), names.translate(header.getValue().textValue()));
            }
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private Optional<String> compare(Trace.Line recorded, HttpResponse<byte[]> actual) throws JsonProcessingException {
        return names.unlessDifferent(() -> difference(recorded, actual));
    }

    private Optional<String> difference(Trace.Line recorded, HttpResponse<byte[]> actual)
            throws JsonProcessingException {
        String body = new String(actual.body(), StandardCharsets.UTF_8);
        if (recorded.json().get("status").intValue() != actual.statusCode()) {
            return Optional.of("status " + actual.statusCode() + " with " + body);
        }
        Optional<String> headers = headers(recorded.json().get("headers"), actual);
        if (headers.isPresent()) {
            return headers;
        }
        JsonNode expected = recorded.body();
        boolean json =
                recorded.json().get("headers").path("Content-Type").asText().startsWith("application/json");
        if (json) {
            return difference(Trace.value(expected), Json.parse(body));
        }
        if (Trace.isText(expected) && !expected.get("text").textValue().equals(body)) {
            return Optional.of("body \"" + body + "\"");
        }
        return expected.isNull() && actual.body().length > 0 ? Optional.of("a body") : Optional.empty();
    }

    private Optional<String> headers(JsonNode recorded, HttpResponse<byte[]> actual) {
        for (String name : HEADERS) {
            Optional<String> value = actual.headers().firstValue(name);
            if (recorded.has(name) != value.isPresent()) {
                return Optional.of("header " + name + ": " + value.orElse("absent") + " instead of "
                        + recorded.path(name).asText("absent"));
            }
            if (value.isPresent() && !alike(name, recorded, value.get())) {
                return Optional.of("header " + name + ": " + value.get() + " instead of " + recorded.get(name));
            }
        }
        return Optional.empty();
    }

    private boolean alike(String name, JsonNode recorded, String actual) {
        String expected = recorded.get(name).textValue();
        boolean picture = recorded.path("Content-Type").asText().startsWith("image/");
        return switch (name) {
            // The simulator's pictures have other sizes, and ids and times other digits
            case "Content-Length" -> expected.equals("0") == actual.equals("0");
            case "Content-Range" ->
                picture
                        ? expected.replaceAll("\\d+", "9").equals(actual.replaceAll("\\d+", "9"))
                        : expected.equals(actual);
            case "Content-Disposition" -> actual.equals(names.translate(expected));
            // Files of one second in the recording may be of two here
            case "Last-Modified" -> names.date(expected, actual);
            default -> names.same(expected, actual);
        };
    }

    Optional<String> difference(JsonNode recorded, JsonNode actual) {
        return comparison.difference(recorded, actual);
    }

    /** What differs between a recorded binary message and one of the simulator. */
    Optional<String> difference(Trace.Line recorded, byte[] actual) throws JsonProcessingException {
        JsonNode encoded = recorded.json().path("base64");
        byte[] expected = Base64.getDecoder()
                .decode(encoded.isMissingNode() ? recorded.text("base64First64") : encoded.textValue());
        ByteBuffer old = ByteBuffer.wrap(expected);
        ByteBuffer now = ByteBuffer.wrap(actual);
        int kind = old.getInt();
        int number = old.getInt();
        if (kind != now.getInt() || (kind != 4 && number != now.getInt(4))) {
            return Optional.of("frame begins with " + now.getInt(0) + ", " + now.getInt(4));
        }
        if (kind == 3) {
            return Arrays.equals(expected, actual) ? Optional.empty() : Optional.of("other text");
        }
        if (kind != 4 || encoded.isMissingNode()) {
            return Optional.empty();
        }
        return difference(metadata(expected), metadata(actual));
    }

    private static JsonNode metadata(byte[] frame) throws JsonProcessingException {
        int length = ByteBuffer.wrap(frame).getInt(4);
        return Json.parse(new String(frame, 8, length, StandardCharsets.US_ASCII));
    }
}
