package org.genaiconnector.benchmarks.compare;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.spi.JsonProvider;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What an experienced developer writes with an HTTP client and JSON-P. */
final class TreeJson {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final JsonReaderFactory READERS = JSON.createReaderFactory(Map.of());
    private static final String DATA = "data: ";

    private TreeJson() {}

    static JsonObjectBuilder request() {
        return JSON.createObjectBuilder()
                .add("model", "gpt-test")
                .add(
                        "messages",
                        JSON.createArrayBuilder()
                                .add(JSON.createObjectBuilder()
                                        .add("role", "user")
                                        .add("content", ChatClient.PROMPT)));
    }

    static byte[] bytes(JsonObjectBuilder request) {
        return request.build().toString().getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] answer) {
        try (JsonReader reader = READERS.createReader(new ByteArrayInputStream(answer), StandardCharsets.UTF_8)) {
            return reader.readObject()
                    .getJsonArray("choices")
                    .getJsonObject(0)
                    .getJsonObject("message")
                    .getString("content");
        }
    }

    /** Reads a stream to its end; gives the number of pieces of text. */
    static int pieces(InputStream stream) throws IOException {
        int pieces = 0;
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(DATA + "{") && hasText(line.substring(DATA.length()))) {
                pieces++;
            }
        }
        return pieces;
    }

    private static boolean hasText(String chunk) {
        try (JsonReader reader = READERS.createReader(new StringReader(chunk))) {
            JsonObject object = reader.readObject();
            JsonArray choices = object.getJsonArray("choices");
            return !choices.isEmpty()
                    && choices.getJsonObject(0).getJsonObject("delta").containsKey("content");
        }
    }
}
