package org.genaiconnector.ra.llm;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.OpaquePart;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.ReasoningEffort;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.json.JsonWriter;

/** Writes the bodies of {@code POST /v1/messages}. */
final class AnthropicRequests {
    /** The protocol requires a limit. This one applies if neither the request nor the configuration sets one. */
    private static final int MAX_TOKENS = 2_000;

    /** Media types of files that are text. */
    private static final Pattern READABLE = Pattern.compile("text/.+|application/(.+\\+)?(json|xml|yaml)"
            + "|application/(x-yaml|x-ndjson|jsonl|toml|sql|javascript|x-sh)");

    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

    private final LlmSettings settings;

    /** The service that gets them, see {@link Dialect#origin}. */
    private final String origin;

    AnthropicRequests(LlmSettings settings, String origin) {
        this.settings = settings;
        this.origin = origin;
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

    private void members(JsonWriter json, ChatRequest request, String model) throws GenAiException {
        json.member("model", model)
                .member(
                        "max_tokens",
                        settings.maxOutputTokens(request.options()).orElse(MAX_TOKENS));
        json.name("messages").beginArray();
        for (ChatMessage message : request.messages()) {
            if (message.role() != Role.SYSTEM) {
                message(json, message);
            }
        }
        json.endArray();
        String system = system(request.messages());
        if (!system.isEmpty()) {
            json.member("system", system);
        }
        options(json, request.options());
        if (!request.tools().isEmpty()) {
            tools(json.name("tools"), request.tools());
        }
        ToolCalls.choice(request).ifPresent(choice -> toolChoice(json.name("tool_choice"), choice));
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

    /** System instructions are a member of the request, not a message. */
    private static String system(List<ChatMessage> messages) {
        StringJoiner system = new StringJoiner("\n\n");
        for (ChatMessage message : messages) {
            if (message.role() == Role.SYSTEM) {
                system.add(message.text());
            }
        }
        return system.toString();
    }

    private void message(JsonWriter json, ChatMessage message) throws GenAiException {
        List<ContentPart> parts =
                message.parts().stream().filter(this::isAccepted).toList();
        boolean byModel = message.role() == Role.ASSISTANT;
        if (byModel && parts.isEmpty()) {
            return; // the service refuses empty turns
        }
        json.beginObject().member("role", byModel ? "assistant" : "user").name("content");
        if (Messages.isText(message) && (!byModel || isPlain(parts))) {
            json.value(message.text());
        } else {
            json.beginArray();
            for (ContentPart part : parts) {
                block(json, part);
            }
            json.endArray();
        }
        json.endObject();
    }

    /** Whether the service accepts a part: it refuses blank text and does not understand what another service gave. */
    private boolean isAccepted(ContentPart part) {
        if (part instanceof TextPart text) {
            return !text.text().isBlank();
        }
        if (part instanceof ReasoningPart reasoning) {
            return reasoning.providerData().isPresent()
                    && reasoning.origin().map(origin::equals).orElse(true);
        }
        return !(part instanceof OpaquePart opaque) || opaque.data().isOf(origin);
    }

    private static boolean isPlain(List<ContentPart> parts) {
        return parts.size() == 1
                && parts.get(0) instanceof TextPart text
                && text.providerData().isEmpty();
    }

    private void members(JsonWriter json, Optional<ProviderData> data) {
        data.filter(given -> given.isOf(origin)).ifPresent(given -> json.members(given.json()));
    }

    private void block(JsonWriter json, ContentPart part) throws GenAiException {
        if (part instanceof TextPart text) {
            json.beginObject().member("type", "text").member("text", text.text());
            members(json, text.providerData());
            json.endObject();
        } else if (part instanceof OpaquePart opaque) {
            json.object(opaque.data().json());
        } else if (part instanceof ImagePart image) {
            json.beginObject().member("type", "image").name("source");
            source(json, image);
            json.endObject();
        } else if (part instanceof FilePart file) {
            json.beginObject().member("type", "document").member("title", file.filename());
            source(json.name("source"), file);
            json.endObject();
        } else if (part instanceof ReasoningPart reasoning) {
            reasoning.providerData().ifPresent(json::value); // unchanged, or its signature does not fit
        } else if (part instanceof ToolCall call) {
            json.beginObject()
                    .member("type", "tool_use")
                    .member("id", call.id())
                    .member("name", call.name())
                    .member("input", ToolCalls.argumentsObject(call));
            members(json, call.providerData());
            json.endObject();
        } else if (part instanceof ToolResult result) {
            json.beginObject()
                    .member("type", "tool_result")
                    .member("tool_use_id", result.callId())
                    .member("content", result.text())
                    .member("is_error", result.error())
                    .endObject();
        }
    }

    private static void source(JsonWriter json, ImagePart image) {
        if (image.address().isPresent()) {
            json.beginObject()
                    .member("type", "url")
                    .member("url", image.address().get().toString())
                    .endObject();
        } else {
            base64(json, image.mediaType(), image.data().orElseThrow());
        }
    }

    /** PDFs as base64, text files as text; the protocol has no third kind. */
    private static void source(JsonWriter json, FilePart file) throws GenAiException {
        String type = file.mediaType().toLowerCase(Locale.ROOT).replaceFirst("\\s*;.*", "");
        if (type.equals("application/pdf")) {
            base64(json, type, file.data());
        } else if (READABLE.matcher(type).matches()) {
            json.beginObject()
                    .member("type", "text")
                    .member("media_type", "text/plain")
                    .member("data", new String(file.data(), charset(file.mediaType())))
                    .endObject();
        } else {
            throw UnsupportedFields.inexpressible(
                    "A FilePart of type " + file.mediaType(),
                    "Anthropic",
                    "send pictures as ImagePart, and other files as text or PDF");
        }
    }

    private static Charset charset(String mediaType) throws GenAiException {
        Matcher named = CHARSET.matcher(mediaType);
        try {
            return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalArgumentException unknown) {
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST, "A FilePart has an unknown charset: " + mediaType, unknown);
        }
    }

    private static void base64(JsonWriter json, String mediaType, byte[] data) {
        json.beginObject().member("type", "base64").member("media_type", mediaType);
        json.name("data").base64("", data).endObject();
    }

    private static void tools(JsonWriter json, List<ToolDefinition> tools) {
        json.beginArray();
        for (ToolDefinition tool : tools) {
            json.beginObject()
                    .member("name", tool.name())
                    .member("description", tool.description())
                    .member("input_schema", tool.parameters())
                    .endObject();
        }
        json.endArray();
    }

    private static void toolChoice(JsonWriter json, ToolChoice choice) {
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
        };
    }
}
