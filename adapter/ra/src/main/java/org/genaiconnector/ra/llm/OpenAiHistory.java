package org.genaiconnector.ra.llm;

import java.util.List;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.CachePoint;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.OpaquePart;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.json.JsonWriter;

/** Writes the messages of chat completions. */
final class OpenAiHistory {
    private final Provider provider;

    /** The service that gets them, see {@link Dialect#origin}. */
    private final String origin;

    OpenAiHistory(Provider provider, String origin) {
        this.provider = provider;
        this.origin = origin;
    }

    void write(JsonWriter json, ChatMessage message) throws GenAiException {
        switch (message.role()) {
            case SYSTEM -> text(json, "system", message);
            case USER -> user(json, message);
            case ASSISTANT -> assistant(json, message);
            case TOOL -> {
                for (ToolResult result : message.parts(ToolResult.class)) {
                    toolResult(json, result);
                }
            }
        }
    }

    private static void text(JsonWriter json, String role, ChatMessage message) {
        json.beginObject()
                .member("role", role)
                .member("content", message.text())
                .endObject();
    }

    /** Writes text as a plain string, which every service understands, and other content as parts. */
    private void user(JsonWriter json, ChatMessage message) throws GenAiException {
        if (Messages.isText(message)) {
            text(json, "user", message);
            return;
        }
        json.beginObject().member("role", "user").name("content").beginArray();
        for (ContentPart part : message.parts()) {
            if (!(part instanceof CachePoint)) { // services of this protocol cache by themselves
                userPart(json.beginObject(), part);
            }
        }
        json.endArray().endObject();
    }

    private void userPart(JsonWriter json, ContentPart part) throws GenAiException {
        if (part instanceof TextPart text) {
            json.member("type", "text").member("text", text.text());
        } else if (part instanceof ImagePart image) {
            if (image.address().isPresent() && provider.has(Quirk.NO_IMAGE_ADDRESSES)) {
                throw UnsupportedFields.inexpressible(
                        "An ImagePart with an address", provider.title(), "send the bytes of the picture");
            }
            json.member("type", "image_url").name("image_url").beginObject().name("url");
            Messages.url(json, image);
            json.endObject();
        } else if (part instanceof FilePart file) {
            json.member("type", "file").name("file").beginObject().member("filename", file.filename());
            json.name("file_data").base64(Messages.dataUrl(file.mediaType()), file.data());
            json.endObject();
        }
        json.endObject();
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
        String arguments = provider.has(Quirk.OBJECT_ARGUMENTS)
                ? ToolCalls.argumentsObject(call).toString()
                : call.argumentsJson();
        OpenAiCalls.write(json, call, arguments, origin);
    }

    /** Writes the result of a call. The protocol has no member for failures, so the text says it. */
    private void toolResult(JsonWriter json, ToolResult result) throws GenAiException {
        if (!result.attachments().isEmpty()) {
            throw UnsupportedFields.inexpressible(
                    "A ToolResult with images or files",
                    provider.title(),
                    "send them in a user message after the results");
        }
        json.beginObject()
                .member("role", "tool")
                .member("tool_call_id", result.callId())
                .member("content", result.error() ? "Error: " + result.text() : result.text())
                .endObject();
    }
}
