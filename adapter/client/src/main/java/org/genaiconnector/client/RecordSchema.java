package org.genaiconnector.client;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.ToolDefinition;

/**
 * The JSON schema of a record class, and the reader that makes a record of a model's answer.
 *
 * <pre>{@code
 * record Scene(String text, Optional<String> mood, List<String> props) {}
 *
 * private static final RecordSchema<Scene> SCENE = RecordSchema.of(Scene.class).withRepairs(1);
 * ...
 * Scene scene = SCENE.chat(connection, ChatRequest.of("A lighthouse at dusk"));
 * }</pre>
 *
 * <p>Components may be strings, numbers and booleans (primitive or boxed), enums, other records, {@code List}s and
 * {@code Optional}s of these. All are required, because the strict mode of OpenAI demands it; an {@code Optional} may
 * be null. {@link Description} says what a record or a component is for. Immutable and safe for all threads; making one
 * costs some reflection, so keep it in a constant.
 *
 * @param <T> the record
 */
public final class RecordSchema<T extends Record> {
    private static final Pattern REASONING = Pattern.compile("\\A\\s*<think>.*?</think>", Pattern.DOTALL);

    private final Class<T> type;
    private final Shape.Members shape;
    private final JsonObject schema;
    private final int repairs;

    private RecordSchema(Class<T> type, Shape.Members shape, JsonObject schema, int repairs) {
        this.type = type;
        this.shape = shape;
        this.schema = schema;
        this.repairs = repairs;
    }

    /**
     * The schema of a record class.
     *
     * @param type the record class
     * @return without repairs
     * @throws IllegalArgumentException if a component has a type that is not supported; names the component
     */
    public static <T extends Record> RecordSchema<T> of(Class<T> type) {
        Shape.Members shape = Shapes.ofRecord(type);
        return new RecordSchema<>(type, shape, shape.schema(), 0);
    }

    /**
     * This schema with repairs: the model gets a list of the errors in its answer, and answers again.
     *
     * @param rounds how many repairs at most, 0 or more; each is another call
     * @return a new schema
     */
    public RecordSchema<T> withRepairs(int rounds) {
        if (rounds < 0) {
            throw new IllegalArgumentException("The repairs must not be negative: " + rounds);
        }
        return new RecordSchema<>(type, shape, schema, rounds);
    }

    /**
     * The schema, also fit for the parameters of a {@link ToolDefinition}.
     *
     * @return a JSON schema of an object
     */
    public JsonObject schema() {
        return schema;
    }

    /**
     * The format of an answer of this schema.
     *
     * @return named after the record
     */
    public ResponseFormat responseFormat() {
        String name = type.getSimpleName().replaceAll("[^A-Za-z0-9_-]", "_");
        return ResponseFormat.schema(name.substring(0, Math.min(name.length(), 64)), schema);
    }

    /**
     * Reads a model's answer. Tolerates code fences, words around the JSON object and a leading {@code <think>} block,
     * because local models write them in spite of a schema; ignores members that the record does not have.
     *
     * @param text not null
     * @return the record
     * @throws RecordMismatchException with everything that does not fit, also values that the record's constructor
     *     refuses
     */
    public T read(String text) throws RecordMismatchException {
        return read(parse(text));
    }

    /**
     * Reads a JSON object, such as the arguments of a tool call.
     *
     * @param json not null
     * @return the record
     * @throws RecordMismatchException with everything that does not fit
     */
    public T read(JsonObject json) throws RecordMismatchException {
        List<String> problems = new ArrayList<>();
        Object read = shape.read(json, "", problems);
        if (!problems.isEmpty()) {
            throw new RecordMismatchException(type.getSimpleName(), problems, null);
        }
        return type.cast(read);
    }

    private JsonObject parse(String text) throws RecordMismatchException {
        String answer = REASONING.matcher(text).replaceFirst("");
        int start = answer.indexOf('{');
        int end = answer.lastIndexOf('}') + 1;
        if (start < 0 || end <= start) {
            throw new RecordMismatchException(type.getSimpleName(), List.of("there is no JSON object in it"), null);
        }
        try (JsonReader reader = Json.createReader(new StringReader(answer.substring(start, end)))) {
            return reader.readObject();
        } catch (RuntimeException e) { // the parser's limits of depth and digits are exceptions of several kinds
            throw new RecordMismatchException(type.getSimpleName(), List.of("it is not JSON: " + e.getMessage()), e);
        }
    }

    /**
     * Asks for a record. If an answer does not fit, the model gets a list of the errors and answers again, as often as
     * this schema allows repairs.
     *
     * @param connection open; stays open
     * @param request its response format is replaced; if it has tools that the model is to call, use {@link #chat(LlmConnection,
     *     ChatRequest, ToolLoop)}
     * @return the record
     * @throws RecordMismatchException if the last answer does not fit either, or the model calls a tool in place of answering
     * @throws GenAiException {@code CONTENT_FILTER} if the model refused; else as {@link LlmConnection#chat(ChatRequest)}
     */
    public T chat(LlmConnection connection, ChatRequest request) throws GenAiException {
        return chat(request, asked -> new ToolLoop.Result(connection.chat(asked), asked, 1));
    }

    /**
     * Asks for a record, and runs the tools that the model calls before it answers. Repairs answers as {@link
     * #chat(LlmConnection, ChatRequest)} does.
     *
     * @param connection open; stays open
     * @param request its response format is replaced, the loop's tools are added
     * @param tools runs the tools; its limit of rounds is for each answer
     * @return the record
     * @throws RecordMismatchException if the last answer does not fit either
     * @throws GenAiException {@code CONTENT_FILTER} if the model refused; else as {@link ToolLoop#chat}
     */
    public T chat(LlmConnection connection, ChatRequest request, ToolLoop tools) throws GenAiException {
        return chat(request, asked -> tools.chat(connection, asked));
    }

    /** Gets an answer, with the request that it answers. */
    @FunctionalInterface
    private interface Asking {
        ToolLoop.Result ask(ChatRequest request) throws GenAiException;
    }

    private T chat(ChatRequest request, Asking model) throws GenAiException {
        ChatRequest asked = request.toBuilder().responseFormat(responseFormat()).build();
        for (int left = repairs; ; left--) {
            ToolLoop.Result result = model.ask(asked);
            ChatResponse answer = result.response();
            try {
                return read(answer);
            } catch (RecordMismatchException e) {
                // services refuse a turn after tool calls that does not begin with their results
                if (left == 0
                        || answer.finishReason() == FinishReason.LENGTH
                        || !answer.toolCalls().isEmpty()) {
                    throw e;
                }
                asked = result.request().toBuilder()
                        .message(answer.message())
                        .user("That does not fit: " + String.join("; ", e.problems())
                                + ". Answer again with nothing but a JSON object of this schema: " + schema)
                        .build();
            }
        }
    }

    /**
     * Reads an answer.
     *
     * @param answer to a request with {@link #responseFormat()}
     * @return the record
     * @throws RecordMismatchException if it does not fit, is cut off at the output limit, or calls a tool
     * @throws GenAiException {@code CONTENT_FILTER} if the model refused
     */
    public T read(ChatResponse answer) throws GenAiException {
        if (answer.refusal().isPresent() || answer.finishReason() == FinishReason.CONTENT_FILTER) {
            throw new GenAiException(
                    FailureCategory.CONTENT_FILTER,
                    "The model " + answer.model() + " refused to write a " + type.getSimpleName()
                            + answer.refusal().map(words -> ": " + words).orElse(""));
        }
        if (!answer.toolCalls().isEmpty()) {
            throw new RecordMismatchException(
                    type.getSimpleName(),
                    List.of("the model calls the tool "
                            + answer.toolCalls().get(0).name() + " in place of answering; a ToolLoop runs tools"),
                    null);
        }
        try {
            return read(answer.text());
        } catch (RecordMismatchException e) {
            if (answer.finishReason() != FinishReason.LENGTH) {
                throw e;
            }
            throw new RecordMismatchException(
                    type.getSimpleName(), List.of("the answer was cut off at the limit of output tokens"), e);
        }
    }

    /** The record and the schema. */
    @Override
    public String toString() {
        return type.getSimpleName() + " " + (JsonValue) schema;
    }
}
