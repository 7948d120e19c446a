package org.genaiconnector.llm;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Lets a model call tools until it has its answer.
 *
 * <pre>{@code
 * record City(String name) {}
 *
 * ToolLoop loop = ToolLoop.of(Tool.of("weather", "Tells the weather of a city", City.class, city -> forecast(city.name())));
 * String text = loop.chat(connection, ChatRequest.of("Do I need an umbrella in Oslo?")).response().text();
 * }</pre>
 *
 * <p>What goes wrong in a call goes back to the model as an error result, so that it can mend it: arguments that are no
 * JSON object or do not fit, a tool that does not exist, a function that throws. Immutable and safe for all threads if the
 * functions are.
 */
public final class ToolLoop {
    private static final Logger LOG = System.getLogger(ToolLoop.class.getName());
    private static final int USUAL_ROUNDS = 10;

    private final Map<String, Tool> tools;
    private final int maxRounds;

    private ToolLoop(Map<String, Tool> tools, int maxRounds) {
        this.tools = tools;
        this.maxRounds = maxRounds;
    }

    /**
     * How a conversation with tools ended.
     *
     * @param response the model's answer, without tool calls
     * @param request the last one, with everything that was said before; with the response's message at its end it is the
     *     whole conversation
     * @param rounds how many answers the model gave, at least 1
     */
    public record Result(ChatResponse response, ChatRequest request, int rounds) {}

    /**
     * A loop over these tools, of at most 10 rounds.
     *
     * @param tools of different names
     * @return not null
     */
    public static ToolLoop of(Tool... tools) {
        return of(List.of(tools));
    }

    /**
     * A loop over these tools, of at most 10 rounds.
     *
     * @param tools of different names
     * @return not null
     */
    public static ToolLoop of(Collection<Tool> tools) {
        Map<String, Tool> byName = new LinkedHashMap<>();
        for (Tool tool : tools) {
            if (byName.put(tool.definition().name(), tool) != null) {
                throw new IllegalArgumentException(
                        "Two tools are called " + tool.definition().name());
            }
        }
        return new ToolLoop(byName, USUAL_ROUNDS);
    }

    /**
     * This loop with another bound.
     *
     * @param rounds how many answers the model may give, at least 1
     * @return not null
     */
    public ToolLoop withMaxRounds(int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException("There must be at least one round: " + rounds);
        }
        return new ToolLoop(tools, rounds);
    }

    /**
     * Goes on with a conversation until the model calls no more tools. The connection is used by nobody else meanwhile; the
     * functions may take as long as they like, for no deadline of the connection counts their time.
     *
     * @param connection not null
     * @param request the tools of this loop are added to its own; a tool choice that demands a call counts for the first
     *     round only, lest it never ends
     * @return the end of the conversation
     * @throws GenAiException {@code PROTOCOL} if the model still calls tools in the last round, {@code CANCELLED} if a
     *     function was interrupted; else as {@link LlmConnection#chat}
     */
    public Result chat(LlmConnection connection, ChatRequest request) throws GenAiException {
        ChatRequest next = withTools(request);
        for (int round = 1; ; round++) {
            ChatResponse response = connection.chat(next);
            if (response.toolCalls().isEmpty()) {
                return new Result(response, next, round);
            }
            if (round == maxRounds) {
                throw new GenAiException(
                        FailureCategory.PROTOCOL,
                        "The model " + response.model() + " still calls tools after " + maxRounds + " rounds: "
                                + response.toolCalls().get(0).name());
            }
            List<ToolResult> results = new ArrayList<>();
            for (ToolCall call : response.toolCalls()) {
                results.add(result(call));
            }
            next = next.toBuilder()
                    .message(response.message())
                    .message(new ChatMessage(Role.TOOL, List.copyOf(results)))
                    .toolChoice(calm(next))
                    .build();
        }
    }

    private ChatRequest withTools(ChatRequest request) {
        ChatRequest.Builder builder = request.toBuilder();
        tools.values().forEach(tool -> builder.tool(tool.definition()));
        return builder.build();
    }

    /** A demand has been met once the model has called a tool. */
    private static ToolChoice calm(ChatRequest request) {
        return request.toolChoice()
                .map(choice -> choice == ToolChoice.NONE ? choice : ToolChoice.AUTO)
                .orElse(null);
    }

    private ToolResult result(ToolCall call) throws GenAiException {
        Tool tool = tools.get(call.name());
        if (tool == null) {
            return ToolResult.failed(
                    call, "There is no tool " + call.name() + "; there are " + String.join(", ", tools.keySet()));
        }
        JsonObject arguments;
        try (JsonReader reader = Json.createReader(new StringReader(call.argumentsJson()))) {
            arguments = reader.readObject();
        } catch (JsonException | IllegalStateException e) {
            return ToolResult.failed(call, "The arguments are no JSON object: " + e.getMessage());
        }
        return result(call, tool, arguments);
    }

    private static ToolResult result(ToolCall call, Tool tool, JsonObject arguments) throws GenAiException {
        try {
            String text = tool.function().apply(arguments);
            return ToolResult.of(call, text == null ? "" : text);
        } catch (RecordMismatchException e) {
            return ToolResult.failed(call, "The arguments do not fit: " + String.join("; ", e.problems()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenAiException(
                    FailureCategory.CANCELLED, "Interrupted while the tool " + call.name() + " was at work", e);
        } catch (Exception e) { // whatever a function throws is for the model to read
            LOG.log(Level.WARNING, "The tool " + call.name() + " failed, which the model is told", e);
            return ToolResult.failed(call, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }
}
