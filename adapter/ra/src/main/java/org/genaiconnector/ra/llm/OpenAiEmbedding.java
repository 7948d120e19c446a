package org.genaiconnector.ra.llm;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.ra.http.HttpAnswer;

/** Reads the answers of {@code POST /embeddings}. */
final class OpenAiEmbedding {

    private OpenAiEmbedding() {}

    private record Indexed(int index, float[] vector) {}

    /** Fails with {@link JsonException} if the answer is no JSON. */
    static Embedding read(HttpAnswer answer) throws GenAiException {
        List<Indexed> found = new ArrayList<>();
        String model = "";
        TokenUsage usage = TokenUsage.UNKNOWN;
        JsonScanner json = new JsonScanner(answer.body());
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "data" -> {
                    for (boolean item = json.enterArray(); item; item = json.next()) {
                        found.add(item(answer, json, found.size()));
                    }
                }
                case "model" -> model = json.string();
                case "usage" -> usage = OpenAiAnswer.readUsage(json);
                case "error", "object" -> {
                    Optional<GenAiException> failure = failure(answer, json);
                    if (failure.isPresent()) {
                        throw failure.get();
                    }
                }
                default -> json.skip();
            }
        }
        return new Embedding(List.of(inOrder(answer, found)), model, usage);
    }

    private static Optional<GenAiException> failure(HttpAnswer answer, JsonScanner json) {
        JsonObject member = Json.PROVIDER
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
        return new Indexed((int) Math.min(index, Integer.MAX_VALUE), vector);
    }

    private static float[] numbers(HttpAnswer answer, JsonScanner json) throws GenAiException {
        float[] vector = new float[1_024];
        int size = 0;
        for (boolean more = json.enterArray(); more; more = json.next()) {
            double number = json.number();
            if (Double.isNaN(number)) {
                throw answer.failure(FailureCategory.PROTOCOL, "sends an embedding that is not all numbers", null);
            }
            if (size == vector.length) {
                vector = Arrays.copyOf(vector, 2 * size);
            }
            vector[size++] = (float) number;
        }
        return Arrays.copyOf(vector, size);
    }

    /** Some gateways send little-endian floats, whatever was asked for. */
    private static float[] base64(HttpAnswer answer, String text) throws GenAiException {
        try {
            FloatBuffer floats = ByteBuffer.wrap(Base64.getDecoder().decode(text))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            float[] vector = new float[floats.remaining()];
            floats.get(vector);
            return vector;
        } catch (IllegalArgumentException e) {
            throw answer.failure(FailureCategory.PROTOCOL, "sends an embedding that is neither numbers nor base64", e);
        }
    }

    private static float[][] inOrder(HttpAnswer answer, List<Indexed> found) throws GenAiException {
        float[][] vectors = new float[found.size()][];
        for (Indexed one : found) {
            if (one.index() < 0 || one.index() >= vectors.length || vectors[one.index()] != null) {
                throw answer.failure(FailureCategory.PROTOCOL, "numbers its embeddings wrongly", null);
            }
            vectors[one.index()] = one.vector();
        }
        return vectors;
    }
}
