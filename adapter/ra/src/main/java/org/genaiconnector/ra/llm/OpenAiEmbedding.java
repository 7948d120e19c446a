package org.genaiconnector.ra.llm;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.json.JsonScanner;
import org.genaiconnector.ra.json.JsonValues;

/** Reads the answers of {@code POST /embeddings}. */
final class OpenAiEmbedding {

    private OpenAiEmbedding() {}

    private record Indexed(long index, float[] vector) {}

    /** Reads an answer; throws {@link JsonException} if it is not JSON. */
    static Embedding read(HttpAnswer answer, EmbeddingRequest request) throws GenAiException {
        List<Indexed> found = new ArrayList<>();
        String model = "";
        UsageCounter usage = UsageCounter.openAi();
        JsonScanner json = new JsonScanner(answer.body());
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "data" -> {
                    for (boolean item = json.enterArray(); item; item = json.next()) {
                        found.add(item(answer, json, found.size()));
                    }
                }
                case "model" -> model = json.string();
                case "usage" -> usage.read(json);
                case "error", "object" -> {
                    Optional<GenAiException> failure = failure(answer, json);
                    if (failure.isPresent()) {
                        throw failure.get();
                    }
                }
                default -> json.skip();
            }
        }
        json.end();
        check(answer, request, found);
        return new Embedding(inOrder(found), model, usage.usage());
    }

    /** Refuses missing vectors and other lengths: the application would store vectors of the wrong texts. */
    private static void check(HttpAnswer answer, EmbeddingRequest request, List<Indexed> found) throws GenAiException {
        int texts = request.texts().size();
        if (found.size() != texts) {
            throw answer.failure(
                    FailureCategory.PROTOCOL,
                    "answered " + texts + " texts with " + found.size() + " embeddings: " + answer.excerpt(),
                    null);
        }
        int length = request.dimensions().orElse(found.get(0).vector().length);
        for (int i = 0; i < texts; i++) {
            int actual = found.get(i).vector().length;
            if (actual == 0) {
                throw answer.failure(FailureCategory.PROTOCOL, "sends an empty embedding at position " + i, null);
            }
            if (actual != length) {
                throw answer.failure(
                        FailureCategory.PROTOCOL,
                        "sends an embedding of " + actual + " numbers at position " + i + " instead of " + length,
                        null);
            }
        }
    }

    private static Optional<GenAiException> failure(HttpAnswer answer, JsonScanner json) {
        JsonObject member = JsonValues.PROVIDER
                .createObjectBuilder()
                .add(json.name(), json.tree())
                .build();
        return LlmFailures.inBody(answer, member).isPresent()
                ? answer.jsonObjectIfAny().flatMap(whole -> LlmFailures.inBody(answer, whole))
                : Optional.empty();
    }

    private static Indexed item(HttpAnswer answer, JsonScanner json, int position) throws GenAiException {
        long index = position;
        float[] vector = {};
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "index" -> index = json.count();
                case "embedding" -> vector = json.isString() ? base64(answer, json.string()) : numbers(answer, json);
                default -> json.skip();
            }
        }
        return new Indexed(index, vector);
    }

    private static float[] numbers(HttpAnswer answer, JsonScanner json) throws GenAiException {
        float[] vector = new float[1_024];
        int size = 0;
        for (boolean more = json.enterArray(); more; more = json.next()) {
            double number = json.number();
            if (!Float.isFinite((float) number)) {
                throw notNumbers(answer);
            }
            if (size == vector.length) {
                vector = Arrays.copyOf(vector, 2 * size);
            }
            vector[size++] = (float) number;
        }
        return Arrays.copyOf(vector, size);
    }

    private static GenAiException notNumbers(HttpAnswer answer) {
        return answer.failure(FailureCategory.PROTOCOL, "sends an embedding that is not all numbers", null);
    }

    /** Reads little-endian floats, which some gateways send although the request says otherwise. */
    private static float[] base64(HttpAnswer answer, String text) throws GenAiException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw answer.failure(FailureCategory.PROTOCOL, "sends an embedding that is neither numbers nor base64", e);
        }
        if (bytes.length % Float.BYTES != 0) {
            throw answer.failure(FailureCategory.PROTOCOL, "sends an embedding cut within a number", null);
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        for (float number : vector) {
            if (!Float.isFinite(number)) {
                throw notNumbers(answer);
            }
        }
        return vector;
    }

    /** The vectors by index if the indexes are a permutation, else as they came: some services number all 0, or from 1. */
    private static List<float[]> inOrder(List<Indexed> found) {
        float[][] vectors = new float[found.size()][];
        for (Indexed one : found) {
            if (one.index() < 0 || one.index() >= vectors.length || vectors[(int) one.index()] != null) {
                return found.stream().map(Indexed::vector).toList();
            }
            vectors[(int) one.index()] = one.vector();
        }
        return List.of(vectors);
    }
}
