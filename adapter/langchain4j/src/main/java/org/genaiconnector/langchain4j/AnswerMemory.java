package org.genaiconnector.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.OpaquePart;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;

/**
 * What an answer holds and an {@link AiMessage} does not show: signatures of reasoning, citations, blocks of a service. Some
 * services require it back, so it travels as an attribute of the message, a text that every store of memories keeps.
 */
final class AnswerMemory {
    /** Name of the attribute. */
    static final String ATTRIBUTE = "genai-connector.message";

    private AnswerMemory() {}

    /** The text for an answer; empty if the message shows everything. */
    static Optional<String> of(ChatMessage message) {
        boolean plain = message.providerData().isEmpty()
                && message.parts().stream().allMatch(AnswerMemory::isPlain)
                && message.parts(TextPart.class).size() <= 1;
        return plain ? Optional.empty() : Optional.of(write(message).toString());
    }

    private static boolean isPlain(ContentPart part) {
        return part instanceof TextPart text && text.providerData().isEmpty()
                || part instanceof ToolCall call && call.providerData().isEmpty()
                || part instanceof ReasoningPart reasoning
                        && reasoning.providerData().isEmpty();
    }

    /** The answer as the service gave it; empty if nothing was kept, or if the application has changed the message since. */
    static Optional<ChatMessage> recall(AiMessage message) {
        if (!(message.attributes().get(ATTRIBUTE) instanceof String text)) {
            return Optional.empty();
        }
        ChatMessage kept;
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            kept = read(reader.readObject());
        } catch (JsonException | ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException(
                    "The attribute " + ATTRIBUTE + " of an AiMessage is not as this module wrote it: " + e.getMessage(),
                    e);
        }
        String shown = message.text() == null ? "" : message.text();
        List<ToolCall> calls = message.toolExecutionRequests().stream()
                .map(MessageTranslation::call)
                .toList();
        boolean same = kept.text().equals(shown)
                && kept.parts(ToolCall.class).stream()
                        .map(call -> new ToolCall(call.id(), call.name(), call.argumentsJson()))
                        .toList()
                        .equals(calls);
        return same ? Optional.of(kept) : Optional.empty();
    }

    private static JsonObject write(ChatMessage message) {
        JsonArrayBuilder parts = Json.createArrayBuilder();
        message.parts().forEach(part -> parts.add(write(part)));
        JsonObjectBuilder object = Json.createObjectBuilder().add("parts", parts);
        message.providerData().ifPresent(data -> object.add("data", write(data)));
        return object.build();
    }

    private static JsonObjectBuilder write(ContentPart part) {
        JsonObjectBuilder object = Json.createObjectBuilder();
        if (part instanceof TextPart text) {
            object.add("text", text.text());
            text.providerData().ifPresent(data -> object.add("data", write(data)));
        } else if (part instanceof ToolCall call) {
            object.add("call", call.id()).add("name", call.name()).add("arguments", call.argumentsJson());
            call.providerData().ifPresent(data -> object.add("data", write(data)));
        } else if (part instanceof ReasoningPart reasoning) {
            object.add("reasoning", reasoning.text());
            reasoning.providerData().ifPresent(block -> object.add("block", block));
            reasoning.origin().ifPresent(origin -> object.add("origin", origin));
        } else if (part instanceof OpaquePart opaque) {
            object.add("opaque", write(opaque.data()));
        } else {
            throw new IllegalStateException("No part of an answer: " + part);
        }
        return object;
    }

    private static JsonObjectBuilder write(ProviderData data) {
        return Json.createObjectBuilder().add("origin", data.origin()).add("json", data.json());
    }

    private static ChatMessage read(JsonObject object) {
        List<ContentPart> parts = new ArrayList<>();
        object.getJsonArray("parts").getValuesAs(JsonValue::asJsonObject).forEach(part -> parts.add(part(part)));
        return new ChatMessage(Role.ASSISTANT, parts, data(object, "data"));
    }

    private static ContentPart part(JsonObject object) {
        if (object.containsKey("text")) {
            return new TextPart(object.getString("text"), data(object, "data"));
        }
        if (object.containsKey("call")) {
            return new ToolCall(
                    object.getString("call"),
                    object.getString("name"),
                    object.getString("arguments"),
                    data(object, "data"));
        }
        if (object.containsKey("reasoning")) {
            return new ReasoningPart(
                    object.getString("reasoning"),
                    Optional.ofNullable(object.getJsonObject("block")),
                    Optional.ofNullable(object.getString("origin", null)));
        }
        return new OpaquePart(data(object, "opaque").orElseThrow(() -> new JsonException("a part of no known kind")));
    }

    private static Optional<ProviderData> data(JsonObject object, String name) {
        return Optional.ofNullable(object.getJsonObject(name))
                .map(data -> new ProviderData(data.getString("origin"), data.getString("json")));
    }

    /** How LangChain4j sees a call of a tool. */
    static ToolExecutionRequest shown(ToolCall call) {
        return ToolExecutionRequest.builder()
                .id(call.id())
                .name(call.name())
                .arguments(call.argumentsJson())
                .build();
    }
}
