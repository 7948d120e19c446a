package org.genaiconnector.ra.llm;

import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.ReasoningEffort;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.ra.json.JsonWriter;

/** Writes the bodies of {@code POST /v1/messages}. */
final class AnthropicRequests {
    /** The protocol requires a limit. This one applies if neither the request nor the configuration sets one. */
    private static final int MAX_TOKENS = 2_000;

    private final LlmSettings settings;
    private final AnthropicHistory history;

    AnthropicRequests(LlmSettings settings, String origin) {
        this.settings = settings;
        this.history = new AnthropicHistory(origin);
    }

    byte[] whole(ChatRequest request, String model) throws GenAiException {
        JsonWriter json = new JsonWriter();
        members(json.beginObject(), request, model);
        return json.endObject().bytes(settings.omittedFields().of(model), request.extra());
    }

    byte[] streamed(ChatRequest request, String model) throws GenAiException {
        JsonWriter json = new JsonWriter();
        members(json.beginObject(), request, model);
        return json.member("stream", true)
                .endObject()
                .bytes(settings.omittedFields().of(model), request.extra());
    }

    /** The request without what has no influence on the number of its tokens, which the service refuses here. */
    byte[] counted(ChatRequest request, String model) throws GenAiException {
        JsonWriter json = new JsonWriter();
        input(json.beginObject().member("model", model), request);
        return json.endObject().bytes(settings.omittedFields().of(model), request.extra());
    }

    private void members(JsonWriter json, ChatRequest request, String model) throws GenAiException {
        json.member("model", model)
                .member(
                        "max_tokens",
                        settings.maxOutputTokens(request.options()).orElse(MAX_TOKENS));
        options(json, request.options());
        input(json, request);
    }

    private void input(JsonWriter json, ChatRequest request) throws GenAiException {
        json.name("messages").beginArray();
        for (ChatMessage message : request.messages()) {
            if (message.role() != Role.SYSTEM) {
                history.write(json, message);
            }
        }
        json.endArray();
        system(json, request.messages());
        if (!request.tools().isEmpty()) {
            tools(json.name("tools"), request.tools());
        }
        boolean one = !request.tools().isEmpty()
                && !request.parallelToolCalls().orElse(true)
                && !request.toolChoice().equals(Optional.of(ToolChoice.NONE));
        ToolCalls.choice(request)
                .or(() -> one ? Optional.of(ToolChoice.AUTO) : Optional.empty())
                .ifPresent(choice -> toolChoice(json.name("tool_choice"), choice, one));
        output(json, request);
    }

    private void options(JsonWriter json, GenerationOptions options) throws GenAiException {
        settings.temperature(options).ifPresent(temperature -> json.member("temperature", temperature));
        options.topP().ifPresent(topP -> json.member("top_p", topP));
        options.topK().ifPresent(topK -> json.member("top_k", topK));
        if (!options.stopSequences().isEmpty()) {
            json.name("stop_sequences").beginArray();
            options.stopSequences().forEach(json::value);
            json.endArray();
        }
        unsupported(options.seed().isPresent(), "GenerationOptions.seed");
        unsupported(options.frequencyPenalty().isPresent(), "GenerationOptions.frequencyPenalty");
        unsupported(options.presencePenalty().isPresent(), "GenerationOptions.presencePenalty");
    }

    private void unsupported(boolean wanted, String field) throws GenAiException {
        if (wanted) {
            settings.unsupportedFields().met(field, "Anthropic");
        }
    }

    /** System instructions are a member of the request, not a message: a text, or blocks if one of them is to be cached. */
    private void system(JsonWriter json, List<ChatMessage> messages) throws GenAiException {
        for (ChatMessage message : messages) {
            if (message.role() == Role.SYSTEM && AnthropicHistory.isMarked(message.parts())) {
                history.blocks(
                        json.name("system"),
                        messages.stream()
                                .filter(each -> each.role() == Role.SYSTEM)
                                .flatMap(each -> each.parts().stream())
                                .filter(history::isAccepted)
                                .toList());
                return;
            }
        }
        String system = system(messages);
        if (!system.isEmpty()) {
            json.member("system", system);
        }
    }

    private static String system(List<ChatMessage> messages) {
        StringJoiner system = new StringJoiner("\n\n");
        for (ChatMessage message : messages) {
            if (message.role() == Role.SYSTEM) {
                system.add(message.text());
            }
        }
        return system.toString();
    }

    private static void tools(JsonWriter json, List<ToolDefinition> tools) {
        json.beginArray();
        for (ToolDefinition tool : tools) {
            json.beginObject()
                    .member("name", tool.name())
                    .member("description", tool.description())
                    .member("input_schema", tool.parameters());
            if (tool.strict()) {
                json.member("strict", true);
            }
            json.endObject();
        }
        json.endArray();
    }

    private static void toolChoice(JsonWriter json, ToolChoice choice, boolean one) {
        json.beginObject();
        if (choice instanceof ToolChoice.Named named) {
            json.member("type", "tool").member("name", named.tool());
        } else {
            json.member(
                    "type",
                    switch ((ToolChoice.Mode) choice) {
                        case AUTO -> "auto";
                        case NONE -> "none";
                        case REQUIRED -> "any";
                    });
        }
        if (one) {
            json.member("disable_parallel_tool_use", true);
        }
        json.endObject();
    }

    /** Schema and effort share a member; "no thinking" has a member of its own. */
    private void output(JsonWriter json, ChatRequest request) throws GenAiException {
        unsupported(request.responseFormat() == ResponseFormat.JSON, "ResponseFormat.JSON (without a schema)");
        Optional<ReasoningEffort> effort = request.reasoningEffort().filter(wanted -> wanted != ReasoningEffort.NONE);
        if (request.responseFormat() instanceof ResponseFormat.Schema || effort.isPresent()) {
            json.name("output_config").beginObject();
            if (request.responseFormat() instanceof ResponseFormat.Schema schema) {
                json.name("format")
                        .beginObject()
                        .member("type", "json_schema")
                        .member("schema", schema.schema())
                        .endObject();
            }
            effort.ifPresent(wanted -> json.member("effort", effort(wanted)));
            json.endObject();
        }
        if (request.reasoningEffort().isPresent() && effort.isEmpty()) {
            json.name("thinking").beginObject().member("type", "disabled").endObject();
        }
    }

    private static String effort(ReasoningEffort effort) {
        return switch (effort) {
            case NONE, MINIMAL, LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH -> "high";
            case XHIGH -> "xhigh";
            case MAX -> "max";
        };
    }
}
