package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One recorded transcript of {@code adapter/traces/llm}, exchange by exchange. */
record Recording(String name, List<Exchange> exchanges) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A request with what came of it.
     *
     * @param line where the request stands in the file, from 1
     * @param response the head and body; missing if the connection was refused
     * @param chunks the pieces of a streamed answer
     * @param ends how the answer or its connection ended
     */
    record Exchange(int line, JsonNode request, JsonNode response, List<String> chunks, List<JsonNode> ends) {
        boolean refused() {
            return response == null;
        }

        boolean streamed() {
            return response.path("body").path("stream").asBoolean();
        }

        boolean ends(String how) {
            return ends.stream().anyMatch(end -> end.path("how").asText().contains(how));
        }
    }

    static Stream<Recording> all() {
        Path traces = Path.of(System.getProperty("basedir", "."), "..", "traces", "llm");
        try (Stream<Path> files = Files.list(traces)) {
            return files.sorted().map(Recording::read).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Recording read(Path file) {
        List<Exchange> exchanges = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (JSON.readTree(lines.get(i)).path("dir").asText().equals("http-req")) {
                    exchanges.add(exchange(lines, i));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Recording(file.getFileName().toString(), exchanges);
    }

    private static Exchange exchange(List<String> lines, int start) throws IOException {
        JsonNode request = JSON.readTree(lines.get(start));
        JsonNode response = null;
        List<String> chunks = new ArrayList<>();
        List<JsonNode> ends = new ArrayList<>();
        for (String line : lines) {
            JsonNode entry = JSON.readTree(line);
            if (entry.path("n").asInt(-1) == request.path("n").asInt()) {
                switch (entry.path("dir").asText()) {
                    case "http-res" -> response = entry;
                    case "http-res-chunk" -> chunks.add(entry.path("text").asText());
                    case "http-end" -> ends.add(entry);
                    default -> {} // the request itself, notes, a refused connection
                }
            }
        }
        return new Exchange(start + 1, request, response, chunks, ends);
    }

    @Override
    public String toString() {
        return name;
    }
}
