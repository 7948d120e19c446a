package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A recording from a real server: one line per request, answer, message or remark. */
record Trace(String name, List<Line> lines) {
    private static final String BOUNDARY = "----recboundary7f3a";
    private static final Path DIRECTORY = Path.of("..", "traces", "comfyui");

    /** @param number counts from 1, as editors do */
    record Line(int number, JsonNode json) {
        String dir() {
            return json.get("dir").textValue();
        }

        double time() {
            return json.get("t").doubleValue();
        }

        int n() {
            return json.get("n").intValue();
        }

        int socket() {
            return json.get("ws").intValue();
        }

        String text(String field) {
            return json.path(field).asText();
        }

        JsonNode body() {
            return json.path("body");
        }
    }

    static Trace read(String name) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String line : Files.readAllLines(DIRECTORY.resolve(name + ".jsonl"))) {
            lines.add(new Line(lines.size() + 1, Json.parse(line)));
        }
        return new Trace(name, lines);
    }

    static List<String> names() throws IOException {
        try (var files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString().replace(".jsonl", ""))
                    .sorted()
                    .toList();
        }
    }

    /** The recorded JSON value, also of a body that was kept as text because it is not strict JSON. */
    static JsonNode value(JsonNode body) throws JsonProcessingException {
        return isText(body) ? Json.parse(body.get("text").textValue()) : body;
    }

    static boolean isText(JsonNode body) {
        return body.isObject() && body.size() == 1 && body.path("text").isTextual();
    }

    /** The bytes that {@code body} stands for in a request. */
    static byte[] bytes(Line request) {
        JsonNode body = request.body();
        JsonNode length = request.json().path("headers").path("Content-Length");
        if (body.has("multipart")) {
            return multipart(body.get("multipart"));
        }
        if (isText(body) && body.get("text").textValue().endsWith("cut here)")) {
            return new byte[length.asInt()];
        }
        String text = isText(body) ? body.get("text").textValue() : body.isMissingNode() ? "" : Json.write(body);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] multipart(JsonNode parts) {
        var out = new ByteArrayOutputStream();
        for (JsonNode part : parts) {
            String head = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\""
                    + part.get("name").textValue() + "\"";
            if (part.has("filename")) {
                head += "; filename=\"" + part.get("filename").textValue() + "\"\r\nContent-Type: "
                        + part.get("contentType").textValue();
            }
            out.writeBytes((head + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            out.writeBytes(content(part));
            out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        out.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static byte[] content(JsonNode part) {
        if (part.has("value")) {
            return part.get("value").textValue().getBytes(StandardCharsets.UTF_8);
        }
        return part.has("base64")
                ? Base64.getDecoder().decode(part.get("base64").textValue())
                : new byte[part.get("length").intValue()];
    }
}
