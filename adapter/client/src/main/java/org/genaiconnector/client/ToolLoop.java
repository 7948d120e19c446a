package org.genaiconnector.client;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.llm.ToolResult;

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
 * <p>Errors in a call go back to the model as an error result, so that it can correct itself: arguments that are no
 * JSON object or do not fit, a tool that does not exist, a function that throws. If the model pauses in a long turn
 * ({@link FinishReason#PAUSED}) the loop lets it continue. Immutable, and safe for all threads if the functions are.
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
     * @param response the model's answer, without tool calls; if the model paused, its message holds the parts before
     *     and after the pause, while everything else is that of the last answer
     * @param request the last request, with all messages before the answer; with the response's message at its end it
     *     is the whole conversation
     * @param rounds how many answers the model gave, at least 1
     */
    public record Result(ChatResponse response, ChatRequest request, int rounds) {}

    /**
     * A loop over these tools, of at most 10 rounds.
     *
     * @param tools of different names
     * @return the loop
     */
    public static ToolLoop of(Tool... tools) {
        return of(List.of(tools));
    }

    /**
     * A loop over these tools, of at most 10 rounds.
     *
     * @param tools of different names
     * @return the loop
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
     * This loop with another limit.
     *
     * @param rounds how many answers the model may give, at least 1
     * @return the loop
     */
    public ToolLoop withMaxRounds(int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException("There must be at least one round: " + rounds);
        }
        return new ToolLoop(tools, rounds);
    }

    /**
     * Continues a conversation until the model calls no more tools. Do not use the connection for anything else meanwhile. The
     * functions may take as long as they like: no deadline of the connection counts their time. A timeout of the request is
     * for each call of the model.
     *
     * @param connection open; stays open
     * @param request the tools of this loop are added to its own, except those that it has already, such as a result's request; a
     *     tool choice that demands a call counts for the first round only, so that the loop can end
     * @return the end of the conversation
     * @throws GenAiException {@code PROTOCOL} if the model still calls tools or pauses in the last round, {@code TRUNCATED}
     *     if an answer with tool calls was cut by the limit of output tokens or by the service ({@code CONTENT_FILTER} by a
     *     content policy): the loop runs none of its calls, because they may be incomplete; {@code CANCELLED} if a
     *     function was interrupted; else as {@link LlmConnection#chat}
     */
    public Result chat(LlmConnection connection, ChatRequest request) throws GenAiException {
        ChatRequest asked = withTools(request);
        ChatRequest next = asked;
        Optional<ChatMessage> paused = Optional.empty();
        for (int round = 1; ; round++) {
            ChatResponse response = goneOn(paused, connection.chat(next));
            boolean pauses = response.finishReason() == FinishReason.PAUSED;
            if (response.toolCalls().isEmpty() && !pauses) {
                return new Result(response, asked, round);
            }
            if (!response.toolCalls().isEmpty()) {
                checkWhole(response);
            }
            if (round == maxRounds) {
                throw new GenAiException(FailureCategory.PROTOCOL, endless(response));
            }
            if (response.toolCalls().isEmpty()) { // only the model's own work goes on
                paused = Optional.of(response.message());
                next = asked.toBuilder().message(response.message()).build();
                continue;
            }
            List<ToolResult> results = new ArrayList<>();
            for (ToolCall call : response.toolCalls()) {
                results.add(result(call));
            }
            paused = Optional.empty();
            asked = asked.toBuilder()
                    .message(response.message())
                    .message(new ChatMessage(Role.TOOL, List.copyOf(results)))
                    .toolChoice(calm(asked))
                    .build();
            next = asked;
        }
    }

    /** The parts before the pause and the answer, as one turn. */
    private static ChatResponse goneOn(Optional<ChatMessage> paused, ChatResponse answer) {
        if (paused.isEmpty()) {
            return answer;
        }
        List<ContentPart> parts = new ArrayList<>(paused.get().parts());
        parts.addAll(answer.message().parts());
        Optional<ProviderData> data = answer.message().providerData();
        return new ChatResponse(
                new ChatMessage(Role.ASSISTANT, parts, data.or(paused.get()::providerData)),
                answer.refusal(),
                answer.finishReason(),
                answer.rawFinishReason(),
                answer.model(),
                answer.usage(),
                answer.id(),
                answer.requestId(),
                answer.rateLimits(),
                answer.routing());
    }

    /** The last call of an answer that was cut is broken, and the others are not all that the model wanted. */
    private static void checkWhole(ChatResponse response) throws GenAiException {
        FailureCategory category =
                switch (response.finishReason()) {
                    case LENGTH, ERROR -> FailureCategory.TRUNCATED;
                    case CONTENT_FILTER -> FailureCategory.CONTENT_FILTER;
                    default -> null;
                };
        if (category != null) {
            String by =
                    switch (response.finishReason()) {
                        case LENGTH -> "by the limit of output tokens (or the end of the context)";
                        case ERROR -> "by an error of the service";
                        default -> "by a content policy";
                    };
            throw new GenAiException(
                    category,
                    "The answer of the model " + response.model() + " was cut " + by + " while it called "
                            + response.toolCalls().get(0).name() + " (finish reason " + response.rawFinishReason()
                            + "); none of its tool calls was made");
        }
    }

    private String endless(ChatResponse response) {
        return "The model " + response.model()
                + (response.toolCalls().isEmpty() ? " still pauses after " : " still calls tools after ") + maxRounds
                + " rounds"
                + (response.toolCalls().isEmpty()
                        ? ""
                        : ": " + response.toolCalls().get(0).name());
    }

    private ChatRequest withTools(ChatRequest request) {
        Set<String> present = request.tools().stream().map(ToolDefinition::name).collect(Collectors.toSet());
        ChatRequest.Builder builder = request.toBuilder();
        tools.values().stream()
                .map(Tool::definition)
                .filter(tool -> !present.contains(tool.name()))
                .forEach(builder::tool);
        return builder.build();
    }

    /** A tool choice that demands a call is fulfilled once the model has called a tool. */
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
        } catch (RuntimeException e) { // the parser's limits of depth and digits are exceptions of several kinds
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
        } catch (Exception e) { // the model reads the message of any exception
            OperatorMessage.TOOL_FAILED.logFailure(LOG, e, call.name());
            return ToolResult.failed(call, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }
}
