package org.genaiconnector.ra.llm;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.genaiconnector.GenAiException;
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

/** Writes the bodies of {@code POST /chat/completions}. */
final class OpenAiRequests {
    private final LlmSettings settings;
    private final Server server;

    /** The service that gets them, see {@link Dialect#origin}. */
    private final String origin;

    /** The differences between services that speak OpenAI's protocol. */
    enum Server {
        /** OpenAI's reasoning models refuse {@code max_tokens}; no model there has {@code top_k}. */
        OPENAI("max_completion_tokens"),
        /**
         * Ollama and old llama.cpp silently ignore {@code max_completion_tokens}, while all know {@code max_tokens}; chat
         * templates fail on tool call arguments that are not JSON.
         */
        LOCAL("max_tokens");

        private final String maxTokensField;

        Server(String maxTokensField) {
            this.maxTokensField = maxTokensField;
        }
    }

    OpenAiRequests(LlmSettings settings, Server server, String origin) {
        this.settings = settings;
        this.server = server;
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
        json.member("stream", true);
        json.name("stream_options").beginObject().member("include_usage", true).endObject();
        return json.endObject().bytes(settings.omittedFields().of(model), request.extra());
    }

    private void members(JsonWriter json, ChatRequest request, String model) throws GenAiException {
        json.member("model", model);
        json.name("messages").beginArray();
        for (ChatMessage message : request.messages()) {
            message(json, message);
        }
        json.endArray();
        options(json, request.options());
        Optional<ToolDefinition> only = server == Server.LOCAL ? chosen(request) : Optional.empty();
        List<ToolDefinition> tools = only.map(List::of).orElse(request.tools());
        if (!tools.isEmpty()) {
            tools(json.name("tools"), tools);
        }
        ToolCalls.choice(request)
                .ifPresent(choice ->
                        toolChoice(json.name("tool_choice"), only.isPresent() ? ToolChoice.REQUIRED : choice));
        if (request.responseFormat() != ResponseFormat.TEXT) {
            responseFormat(json.name("response_format"), request.responseFormat());
        }
        if (request.reasoningEffort().isPresent()) {
            json.member(
                    "reasoning_effort", request.reasoningEffort().get().name().toLowerCase(Locale.ROOT));
        }
    }

    /** The tool that the model must call. llama.cpp ignores its name, so local services get no other tool. */
    private static Optional<ToolDefinition> chosen(ChatRequest request) {
        return request.toolChoice()
                .filter(ToolChoice.Named.class::isInstance)
                .map(choice -> ((ToolChoice.Named) choice).tool())
                .flatMap(name -> request.tools().stream()
                        .filter(tool -> tool.name().equals(name))
                        .findFirst());
    }

    /** Writes the options, which chats and completions share. */
    void options(JsonWriter json, GenerationOptions options) throws GenAiException {
        settings.maxOutputTokens(options)
                .ifPresent(tokens -> json.member(settings.maxTokensField().orElse(server.maxTokensField), tokens));
        settings.temperature(options).ifPresent(temperature -> json.member("temperature", temperature));
        options.topP().ifPresent(topP -> json.member("top_p", topP));
        options.seed().ifPresent(seed -> json.member("seed", seed));
        options.frequencyPenalty().ifPresent(penalty -> json.member("frequency_penalty", penalty));
        options.presencePenalty().ifPresent(penalty -> json.member("presence_penalty", penalty));
        if (options.topK().isPresent() && server == Server.OPENAI) {
            settings.unsupportedFields().met("GenerationOptions.topK", "OpenAI");
        } else {
            options.topK().ifPresent(topK -> json.member("top_k", topK));
        }
        if (!options.stopSequences().isEmpty()) {
            json.name("stop").beginArray();
            options.stopSequences().forEach(json::value);
            json.endArray();
        }
    }

    private void message(JsonWriter json, ChatMessage message) {
        switch (message.role()) {
            case SYSTEM -> text(json, "system", message);
            case USER -> user(json, message);
            case ASSISTANT -> assistant(json, message);
            case TOOL -> message.parts(ToolResult.class).forEach(result -> toolResult(json, result));
        }
    }

    private static void text(JsonWriter json, String role, ChatMessage message) {
        json.beginObject()
                .member("role", role)
                .member("content", message.text())
                .endObject();
    }

    /** Writes text as a plain string, which every service understands, and other content as parts. */
    private static void user(JsonWriter json, ChatMessage message) {
        if (Messages.isText(message)) {
            text(json, "user", message);
            return;
        }
        json.beginObject().member("role", "user").name("content").beginArray();
        message.parts().forEach(part -> userPart(json.beginObject(), part));
        json.endArray().endObject();
    }

    private static void userPart(JsonWriter json, ContentPart part) {
        if (part instanceof TextPart text) {
            json.member("type", "text").member("text", text.text());
        } else if (part instanceof ImagePart image) {
            json.member("type", "image_url").name("image_url").beginObject().name("url");
            image.address()
                    .ifPresentOrElse(
                            address -> json.value(address.toString()),
                            () -> json.base64(
                                    dataUrl(image.mediaType()), image.data().orElseThrow()));
            json.endObject();
        } else if (part instanceof FilePart file) {
            json.member("type", "file").name("file").beginObject().member("filename", file.filename());
            json.name("file_data").base64(dataUrl(file.mediaType()), file.data());
            json.endObject();
        }
        json.endObject();
    }

    private static String dataUrl(String mediaType) {
        return "data:" + mediaType + ";base64,";
    }

    /** Writes a turn of the model. Reasoning goes back only in the form in which this service sent it. */
    private void assistant(JsonWriter json, ChatMessage message) {
        List<ToolCall> calls = message.parts(ToolCall.class);
        String text = message.text();
        boolean inParts = message.parts().stream().anyMatch(this::isOwnPart);
        if (text.isEmpty()
                && calls.isEmpty()
                && message.parts(OpaquePart.class).stream().noneMatch(this::isOwnPart)) {
            return; // strict services refuse empty turns
        }
        json.beginObject().member("role", "assistant").name("content");
        if (inParts) {
            json.beginArray();
            message.parts().forEach(part -> assistantPart(json, part));
            json.endArray();
        } else if (text.isEmpty()) {
            json.nothing();
        } else {
            json.value(text);
        }
        message.providerData().filter(data -> data.isOf(origin)).ifPresent(data -> json.members(data.json()));
        if (!calls.isEmpty()) {
            json.name("tool_calls").beginArray();
            calls.forEach(call -> toolCall(json, call));
            json.endArray();
        }
        json.endObject();
    }

    /** Whether a part was among the texts of an answer of this service. */
    private boolean isOwnPart(ContentPart part) {
        return part instanceof OpaquePart opaque && opaque.data().isOf(origin)
                || part instanceof ReasoningPart reasoning
                        && reasoning.providerData().isPresent()
                        && reasoning.origin().filter(origin::equals).isPresent();
    }

    private void assistantPart(JsonWriter json, ContentPart part) {
        if (part instanceof TextPart text) {
            if (!text.text().isEmpty()) {
                json.beginObject()
                        .member("type", "text")
                        .member("text", text.text())
                        .endObject();
            }
        } else if (isOwnPart(part)) {
            if (part instanceof OpaquePart opaque) {
                json.object(opaque.data().json());
            } else {
                json.value(((ReasoningPart) part).providerData().orElseThrow());
            }
        }
    }

    private void toolCall(JsonWriter json, ToolCall call) {
        String arguments =
                server == Server.LOCAL ? ToolCalls.argumentsObject(call).toString() : call.argumentsJson();
        OpenAiCalls.write(json, call, arguments, origin);
    }

    /** Writes the result of a call. The protocol has no member for failures, so the text says it. */
    private static void toolResult(JsonWriter json, ToolResult result) {
        json.beginObject()
                .member("role", "tool")
                .member("tool_call_id", result.callId())
                .member("content", result.error() ? "Error: " + result.text() : result.text())
                .endObject();
    }

    private static void tools(JsonWriter json, List<ToolDefinition> tools) {
        json.beginArray();
        for (ToolDefinition tool : tools) {
            json.beginObject().member("type", "function").name("function").beginObject();
            json.member("name", tool.name())
                    .member("description", tool.description())
                    .member("parameters", tool.parameters());
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

    private static void responseFormat(JsonWriter json, ResponseFormat format) {
        if (format instanceof ResponseFormat.Schema schema) {
            json.beginObject().member("type", "json_schema").name("json_schema");
            json.beginObject().member("name", schema.name()).member("schema", schema.schema());
            if (StrictSchemas.isStrict(schema.schema())) {
                json.member("strict", true);
            }
            json.endObject().endObject();
        } else {
            json.beginObject().member("type", "json_object").endObject();
        }
    }
}
