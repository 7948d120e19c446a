package org.genaiconnector.ra.llm;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.ReasoningEffort;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.ra.json.JsonWriter;

/** Writes the bodies of {@code POST /chat/completions}. */
final class OpenAiRequests {
    private final LlmSettings settings;
    private final Provider provider;
    private final OpenAiHistory history;

    OpenAiRequests(LlmSettings settings, Provider provider, String origin) {
        this.settings = settings;
        this.provider = provider;
        this.history = new OpenAiHistory(provider, origin);
    }

    byte[] whole(ChatRequest request, String model) throws GenAiException {
        JsonWriter json = new JsonWriter();
        members(json.beginObject(), request, model);
        return json.endObject().bytes(settings.omittedFields().of(model), request.extra());
    }

    byte[] streamed(ChatRequest request, String model) throws GenAiException {
        JsonWriter json = new JsonWriter();
        members(json.beginObject(), request, model);
        json.member("stream", true);
        if (!provider.has(Quirk.NO_STREAM_OPTIONS)) {
            json.name("stream_options")
                    .beginObject()
                    .member("include_usage", true)
                    .endObject();
        }
        return json.endObject().bytes(settings.omittedFields().of(model), request.extra());
    }

    private void members(JsonWriter json, ChatRequest request, String model) throws GenAiException {
        json.member("model", model);
        json.name("messages").beginArray();
        for (ChatMessage message : request.messages()) {
            history.write(json, message);
        }
        json.endArray();
        options(json, request.options());
        Optional<ToolDefinition> only = provider.has(Quirk.NO_NAMED_TOOL_CHOICE) ? chosen(request) : Optional.empty();
        List<ToolDefinition> tools = only.map(List::of).orElse(request.tools());
        if (!tools.isEmpty()) {
            tools(json.name("tools"), tools);
        }
        ToolCalls.choice(request)
                .ifPresent(choice ->
                        toolChoice(json.name("tool_choice"), only.isPresent() ? ToolChoice.REQUIRED : choice));
        if (!tools.isEmpty()) { // services refuse the switch without tools
            request.parallelToolCalls().ifPresent(parallel -> json.member("parallel_tool_calls", parallel));
        }
        boolean schema = request.responseFormat() instanceof ResponseFormat.Schema;
        if (request.responseFormat() != ResponseFormat.TEXT
                && (!schema || isKnown(Quirk.NO_SCHEMAS, "ResponseFormat.schema"))) {
            responseFormat(json.name("response_format"), request.responseFormat());
        }
        request.reasoningEffort().ifPresent(effort -> effort(json, effort));
    }

    private void effort(JsonWriter json, ReasoningEffort effort) {
        if (effort == ReasoningEffort.NONE && provider.has(Quirk.THINKING_SWITCH)) {
            json.name("thinking").beginObject().member("type", "disabled").endObject();
        } else {
            json.member("reasoning_effort", effort.name().toLowerCase(Locale.ROOT));
        }
    }

    byte[] completion(CompletionRequest request, String model) throws GenAiException {
        JsonWriter json = new JsonWriter();
        json.beginObject().member("model", model).member("prompt", request.prompt());
        options(json, request.options());
        return json.endObject().bytes(settings.omittedFields().of(model), request.extra());
    }

    /** The tool that the model must call. Where services ignore or refuse its name, they get no other tool. */
    private static Optional<ToolDefinition> chosen(ChatRequest request) {
        return request.toolChoice()
                .filter(ToolChoice.Named.class::isInstance)
                .map(choice -> ((ToolChoice.Named) choice).tool())
                .flatMap(name -> request.tools().stream()
                        .filter(tool -> tool.name().equals(name))
                        .findFirst());
    }

    /** Writes the options, which chats and completions share. */
    private void options(JsonWriter json, GenerationOptions options) throws GenAiException {
        settings.maxOutputTokens(options).ifPresent(tokens -> json.member(maxTokensField(), tokens));
        settings.temperature(options).ifPresent(temperature -> json.member("temperature", temperature));
        options.topP().ifPresent(topP -> json.member("top_p", topP));
        if (options.seed().isPresent() && isKnown(Quirk.NO_SEED, "GenerationOptions.seed")) {
            json.member(
                    provider.has(Quirk.RANDOM_SEED) ? "random_seed" : "seed",
                    options.seed().getAsLong());
        }
        if (options.frequencyPenalty().isPresent()
                && isKnown(Quirk.NO_PENALTIES, "GenerationOptions.frequencyPenalty")) {
            json.member("frequency_penalty", options.frequencyPenalty().getAsDouble());
        }
        if (options.presencePenalty().isPresent() && isKnown(Quirk.NO_PENALTIES, "GenerationOptions.presencePenalty")) {
            json.member("presence_penalty", options.presencePenalty().getAsDouble());
        }
        if (options.topK().isPresent() && isKnown(Quirk.NO_TOP_K, "GenerationOptions.topK")) {
            json.member("top_k", options.topK().getAsInt());
        }
        if (!options.stopSequences().isEmpty()) {
            json.name("stop").beginArray();
            options.stopSequences().forEach(json::value);
            json.endArray();
        }
    }

    private String maxTokensField() {
        return settings.maxTokensField()
                .orElse(provider.has(Quirk.MAX_COMPLETION_TOKENS) ? "max_completion_tokens" : "max_tokens");
    }

    /** Whether the service takes a member that a request needs; if not, the request fails unless the configuration drops it. */
    private boolean isKnown(Quirk lack, String field) throws GenAiException {
        if (provider.has(lack)) {
            settings.unsupportedFields().met(field, provider.title());
            return false;
        }
        return true;
    }

    private void tools(JsonWriter json, List<ToolDefinition> tools) {
        json.beginArray();
        for (ToolDefinition tool : tools) {
            json.beginObject().member("type", "function").name("function").beginObject();
            json.member("name", tool.name())
                    .member("description", tool.description())
                    .member("parameters", tool.parameters());
            if (tool.strict() && !provider.has(Quirk.NO_STRICT)) {
                json.member("strict", true);
            }
            json.endObject().endObject();
        }
        json.endArray();
    }

    private static void toolChoice(JsonWriter json, ToolChoice choice) {
        if (choice instanceof ToolChoice.Named named) {
            json.beginObject().member("type", "function").name("function");
            json.beginObject().member("name", named.tool()).endObject().endObject();
        } else {
            json.value(((ToolChoice.Mode) choice).name().toLowerCase(Locale.ROOT));
        }
    }

    private void responseFormat(JsonWriter json, ResponseFormat format) {
        if (format instanceof ResponseFormat.Schema schema) {
            json.beginObject().member("type", "json_schema").name("json_schema");
            json.beginObject().member("name", schema.name()).member("schema", schema.schema());
            if (!provider.has(Quirk.NO_STRICT) && StrictSchemas.isStrict(schema.schema())) {
                json.member("strict", true);
            }
            json.endObject().endObject();
        } else {
            json.beginObject().member("type", "json_object").endObject();
        }
    }
}
