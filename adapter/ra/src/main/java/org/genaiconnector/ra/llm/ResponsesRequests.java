package org.genaiconnector.ra.llm;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.CachePoint;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.OpaquePart;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.json.JsonWriter;

/**
 * Writes the bodies of {@code POST /responses}. The service keeps nothing ({@code store} is false), so the whole conversation
 * goes with every request, and what a model thought goes back encrypted.
 */
final class ResponsesRequests {
    private final LlmSettings settings;
    private final Provider provider;

    /** The service that gets them, see {@link Dialect#origin}. */
    private final String origin;

    ResponsesRequests(LlmSettings settings, Provider provider, String origin) {
        this.settings = settings;
        this.provider = provider;
        this.origin = origin;
    }

    byte[] whole(ChatRequest request, String model) throws GenAiException {
        return bytes(members(request, model), request, model);
    }

    byte[] streamed(ChatRequest request, String model) throws GenAiException {
        return bytes(members(request, model).member("stream", true), request, model);
    }

    /** The request without what has no influence on the number of its tokens. */
    byte[] counted(ChatRequest request, String model) throws GenAiException {
        JsonWriter json = new JsonWriter().beginObject().member("model", model);
        input(json, request);
        return bytes(json, request, model);
    }

    private byte[] bytes(JsonWriter json, ChatRequest request, String model) {
        Set<String> omitted = settings.omittedFields().of(model);
        return json.endObject().bytes(omitted, request.extra());
    }

    private JsonWriter members(ChatRequest request, String model) throws GenAiException {
        JsonWriter json = new JsonWriter().beginObject().member("model", model);
        input(json, request);
        options(json, request.options());
        json.member("store", false);
        json.name("include").beginArray().value("reasoning.encrypted_content").endArray();
        return json;
    }

    private void input(JsonWriter json, ChatRequest request) throws GenAiException {
        json.name("input").beginArray();
        for (ChatMessage message : request.messages()) {
            switch (message.role()) {
                case SYSTEM -> text(json, "system", message.text());
                case USER -> user(json, message);
                case ASSISTANT -> message.parts().forEach(part -> assistant(json, part));
                case TOOL -> message.parts(ToolResult.class).forEach(result -> result(json, result));
            }
        }
        json.endArray();
        if (!request.tools().isEmpty()) {
            tools(json.name("tools"), request.tools());
            request.parallelToolCalls().ifPresent(parallel -> json.member("parallel_tool_calls", parallel));
        }
        ToolCalls.choice(request).ifPresent(choice -> toolChoice(json.name("tool_choice"), choice));
        if (request.responseFormat() != ResponseFormat.TEXT) {
            format(json.name("text").beginObject().name("format"), request.responseFormat());
            json.endObject();
        }
        request.reasoningEffort()
                .ifPresent(effort -> json.name("reasoning")
                        .beginObject()
                        .member("effort", effort.name().toLowerCase(Locale.ROOT))
                        .endObject());
    }

    private void options(JsonWriter json, GenerationOptions options) throws GenAiException {
        settings.maxOutputTokens(options)
                .ifPresent(tokens -> json.member(settings.maxTokensField().orElse("max_output_tokens"), tokens));
        settings.temperature(options).ifPresent(temperature -> json.member("temperature", temperature));
        options.topP().ifPresent(topP -> json.member("top_p", topP));
        unsupported(options.topK().isPresent(), "GenerationOptions.topK");
        unsupported(options.seed().isPresent(), "GenerationOptions.seed");
        unsupported(options.frequencyPenalty().isPresent(), "GenerationOptions.frequencyPenalty");
        unsupported(options.presencePenalty().isPresent(), "GenerationOptions.presencePenalty");
        unsupported(!options.stopSequences().isEmpty(), "GenerationOptions.stopSequences");
    }

    private void unsupported(boolean wanted, String field) throws GenAiException {
        if (wanted) {
            settings.unsupportedFields().met(field, provider.title());
        }
    }

    private static void text(JsonWriter json, String role, String text) {
        json.beginObject().member("role", role).member("content", text).endObject();
    }

    private static void user(JsonWriter json, ChatMessage message) {
        if (Messages.isText(message)) {
            text(json, "user", message.text());
            return;
        }
        json.beginObject().member("role", "user");
        parts(json.name("content"), message.parts());
        json.endObject();
    }

    private static void parts(JsonWriter json, List<ContentPart> parts) {
        json.beginArray();
        parts.stream().filter(part -> !(part instanceof CachePoint)).forEach(part -> part(json.beginObject(), part));
        json.endArray();
    }

    private static void part(JsonWriter json, ContentPart part) {
        if (part instanceof TextPart text) {
            json.member("type", "input_text").member("text", text.text());
        } else if (part instanceof ImagePart image) {
            json.member("type", "input_image").member("detail", "auto").name("image_url");
            Messages.url(json, image);
        } else if (part instanceof FilePart file) {
            json.member("type", "input_file").member("filename", file.filename());
            json.name("file_data").base64(Messages.dataUrl(file.mediaType()), file.data());
        }
        json.endObject();
    }

    /** Writes what the model gave, item by item: its own items as they came, and those of other services as far as they are known. */
    private void assistant(JsonWriter json, ContentPart part) {
        if (part instanceof TextPart text) {
            if (text.providerData().filter(data -> data.isOf(origin)).isPresent()) {
                json.object(text.providerData().get().json());
            } else if (!text.text().isEmpty()) {
                text(json, "assistant", text.text());
            }
        } else if (part instanceof ReasoningPart reasoning) {
            reasoning
                    .providerData()
                    .filter(item -> reasoning.origin().filter(origin::equals).isPresent())
                    .ifPresent(json::value);
        } else if (part instanceof OpaquePart opaque) {
            if (opaque.data().isOf(origin)) {
                json.object(opaque.data().json());
            }
        } else if (part instanceof ToolCall call) {
            json.beginObject()
                    .member("type", "function_call")
                    .member("call_id", call.id())
                    .member("name", call.name())
                    .member("arguments", call.argumentsJson());
            call.providerData().filter(data -> data.isOf(origin)).ifPresent(data -> json.members(data.json()));
            json.endObject();
        }
    }

    /** Writes the result of a call. The protocol has no member for failures, so the text says it. */
    private static void result(JsonWriter json, ToolResult result) {
        String text = result.error() ? "Error: " + result.text() : result.text();
        json.beginObject().member("type", "function_call_output").member("call_id", result.callId());
        if (result.attachments().isEmpty()) {
            json.member("output", text);
        } else {
            json.name("output").beginArray();
            if (!text.isEmpty()) {
                part(json.beginObject(), new TextPart(text));
            }
            result.attachments().forEach(part -> part(json.beginObject(), part));
            json.endArray();
        }
        json.endObject();
    }

    /** Says for each tool whether it is strict, because here the default is true. */
    private static void tools(JsonWriter json, List<ToolDefinition> tools) {
        json.beginArray();
        for (ToolDefinition tool : tools) {
            json.beginObject()
                    .member("type", "function")
                    .member("name", tool.name())
                    .member("description", tool.description())
                    .member("parameters", tool.parameters())
                    .member("strict", tool.strict())
                    .endObject();
        }
        json.endArray();
    }

    private static void toolChoice(JsonWriter json, ToolChoice choice) {
        if (choice instanceof ToolChoice.Named named) {
            json.beginObject()
                    .member("type", "function")
                    .member("name", named.tool())
                    .endObject();
        } else {
            json.value(((ToolChoice.Mode) choice).name().toLowerCase(Locale.ROOT));
        }
    }

    private static void format(JsonWriter json, ResponseFormat format) {
        if (format instanceof ResponseFormat.Schema schema) {
            json.beginObject()
                    .member("type", "json_schema")
                    .member("name", schema.name())
                    .member("schema", schema.schema())
                    .member("strict", StrictSchemas.isStrict(schema.schema()))
                    .endObject();
        } else {
            json.beginObject().member("type", "json_object").endObject();
        }
    }
}
