package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.genaiconnector.testkit.Faults;

/** One request with its answer, in terms of JSON and events. Writes block until the bytes are on their way. */
final class Call {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Request request;
    private final Response response;
    private final Pause pause;
    private final byte[] body;
    private final long number;

    /** @param number how many requests came before this one, the first being 1 */
    Call(Request request, Response response, Pause pause, long number) throws IOException {
        this.request = request;
        this.response = response;
        this.pause = pause;
        this.body = BufferUtil.toArray(Content.Source.asByteBuffer(request));
        this.number = number;
    }

    /** Waits between two pieces of a stream. */
    @FunctionalInterface
    interface Pause {
        void take() throws IOException;
    }

    String method() {
        return request.getMethod();
    }

    String path() {
        return request.getHttpURI().getDecodedPath();
    }

    /** A parameter of the query, or null. */
    String query(String name) {
        return Request.extractQueryParameters(request).getValue(name);
    }

    /** A header of the request, or null. */
    String header(String name) {
        return request.getHeaders().get(name);
    }

    long number() {
        return number;
    }

    /** How many requests have come on this connection, this one included. */
    long numberOnConnection() {
        return request.getConnectionMetaData().getConnection().getMessagesIn();
    }

    int bodySize() {
        return body.length;
    }

    /** The body as JSON, with any content type. */
    JsonNode json() {
        try {
            JsonNode parsed = JSON.readTree(body);
            if (parsed.isMissingNode()) {
                throw new Refusal(Refusal.Kind.MALFORMED_JSON, "");
            }
            return parsed;
        } catch (JsonProcessingException e) {
            throw new Refusal(Refusal.Kind.MALFORMED_JSON, e.getOriginalMessage());
        } catch (IOException e) {
            throw new Refusal(Refusal.Kind.MALFORMED_JSON, e.getMessage());
        }
    }

    Call answerHeader(String name, String value) {
        response.getHeaders().put(name, value);
        return this;
    }

    void answer(int status, String type, JsonNode json) throws IOException {
        answer(status, type, json.toString());
    }

    void answer(int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        if (type != null) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        }
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        boolean head = method().equals("HEAD");
        Content.Sink.write(response, true, head ? BufferUtil.EMPTY_BUFFER : ByteBuffer.wrap(bytes));
    }

    void startStream(int status, String type) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    }

    /** An event without a name. */
    void event(JsonNode data) throws IOException {
        write("data: " + data + "\n\n");
    }

    /** An event whose name is its data's type. */
    void namedEvent(ObjectNode data) throws IOException {
        write("event: " + data.path("type").asText() + "\ndata: " + data + "\n\n");
    }

    /** One piece of a stream, exactly these characters in one HTTP chunk. */
    void write(String text) throws IOException {
        Content.Sink.write(response, false, StandardCharsets.UTF_8.encode(text));
    }

    void pause() throws IOException {
        pause.take();
    }

    void endStream() throws IOException {
        Content.Sink.write(response, true, BufferUtil.EMPTY_BUFFER);
    }

    void closeConnectionAfterAnswer() {
        request.setAttribute(Faults.CLOSE_AFTER_ANSWER, true);
    }
}
