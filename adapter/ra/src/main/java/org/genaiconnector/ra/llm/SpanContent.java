package org.genaiconnector.ra.llm;

import java.util.List;
import java.util.Locale;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.json.JsonWriter;

/** Messages as JSON text in the form that the GenAI conventions give to spans. Images and files appear by their type only. */
final class SpanContent {

    private SpanContent() {}

    static String of(List<ChatMessage> messages) {
        JsonWriter json = new JsonWriter().beginArray();
        messages.forEach(message -> write(json, message).endObject());
        return json.endArray().text();
    }

    /** An answer. */
    static String of(ChatMessage message, String finishReason) {
        JsonWriter json = new JsonWriter().beginArray();
        return write(json, message)
                .member("finish_reason", finishReason)
                .endObject()
                .endArray()
                .text();
    }

    private static JsonWriter write(JsonWriter json, ChatMessage message) {
        json.beginObject()
                .member("role", message.role().name().toLowerCase(Locale.ROOT))
                .name("parts")
                .beginArray();
        message.parts().forEach(part -> write(json.beginObject(), part).endObject());
        return json.endArray();
    }

    private static JsonWriter write(JsonWriter json, ContentPart part) {
        if (part instanceof TextPart text) {
            return json.member("type", "text").member("content", text.text());
        }
        if (part instanceof ReasoningPart reasoning) {
            return json.member("type", "reasoning").member("content", reasoning.text());
        }
        if (part instanceof ToolCall call) {
            return json.member("type", "tool_call")
                    .member("id", call.id())
                    .member("name", call.name())
                    .member("arguments", call.argumentsJson());
        }
        if (part instanceof ToolResult result) {
            return json.member("type", "tool_call_response")
                    .member("id", result.callId())
                    .member("result", result.text());
        }
        return json.member("type", part.getClass().getSimpleName());
    }
}
