package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/**
 * What OpenAI itself finds wrong with the messages of a chat: a wrong history must not pass a test and fail at the first real
 * call.
 */
final class OpenAiMessages {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");
    private static final Set<String> USER_PARTS = Set.of("text", "image_url", "input_audio", "file");
    private static final Set<String> ASSISTANT_PARTS = Set.of("text", "refusal");

    private OpenAiMessages() {}

    /** Checks that there are messages, each with a role, which every service requires. */
    static void present(JsonNode messages) {
        if (messages.isMissingNode()) {
            throw new Refusal(Kind.MISSING, "Missing required parameter: 'messages'.", "messages");
        }
        if (!messages.isArray() || messages.isEmpty()) {
            throw new Refusal(
                    Kind.INVALID, "Invalid type for 'messages': expected an array of at least one object.", "messages");
        }
        for (int i = 0; i < messages.size(); i++) {
            if (!messages.get(i).path("role").isTextual()) {
                throw missing("messages[" + i + "].role");
            }
        }
    }

    /** Checks everything about the messages. */
    static void check(JsonNode messages) {
        Set<String> open = new LinkedHashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String where = "messages[" + i + "]";
            String role = message.path("role").asText();
            if (!ROLES.contains(role)) {
                throw new Refusal(
                        Kind.INVALID,
                        "Invalid value: '" + role
                                + "'. Supported values are: 'system', 'assistant', 'user', 'function', "
                                + "'tool', and 'developer'.",
                        where + ".role",
                        "invalid_value");
            }
            if (role.equals("tool")) {
                answer(message, where, open);
            } else {
                closed(open, where);
                calls(message, where, open);
            }
            content(message, role, where);
        }
        closed(open, "messages[" + messages.size() + "]");
    }

    private static void answer(JsonNode message, String where, Set<String> open) {
        JsonNode id = message.path("tool_call_id");
        if (!id.isTextual()) {
            throw missing(where + ".tool_call_id");
        }
        if (!open.remove(id.asText())) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "
                            + "'tool_calls'.",
                    where + ".role");
        }
    }

    private static void closed(Set<String> open, String where) {
        if (!open.isEmpty()) {
            throw new Refusal(
                    Kind.INVALID,
                    "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                            + "'tool_call_id'. The following tool_call_ids did not have response messages: "
                            + String.join(", ", open),
                    where + ".role");
        }
    }

    private static void calls(JsonNode message, String where, Set<String> open) {
        JsonNode calls = message.path("tool_calls");
        if (calls.isArray() && calls.isEmpty()) {
            throw new Refusal(
                    Kind.INVALID, OpenAiChecks.emptyArray(where + ".tool_calls"), where + ".tool_calls", "empty_array");
        }
        for (int i = 0; i < calls.size(); i++) {
            String call = where + ".tool_calls[" + i + "]";
            if (!calls.get(i).path("id").isTextual()) {
                throw missing(call + ".id");
            }
            JsonNode function = calls.get(i).path("function");
            OpenAiChecks.name(function.path("name"), call + ".function.name");
            if (!function.path("arguments").isTextual()) {
                throw new Refusal(
                        Kind.INVALID,
                        "Invalid type for '" + call + ".function.arguments': expected a string.",
                        call + ".function.arguments",
                        "invalid_type");
            }
            open.add(calls.get(i).path("id").asText());
        }
    }

    private static void content(JsonNode message, String role, String where) {
        JsonNode content = message.path("content");
        boolean maybeNone = role.equals("assistant") && (message.has("tool_calls") || message.has("refusal"));
        if (content.isTextual() || maybeNone && (content.isNull() || content.isMissingNode())) {
            return;
        }
        if (!content.isArray()) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid value for 'content': expected a string, got "
                            + content.getNodeType().name().toLowerCase(Locale.ROOT) + ".",
                    where + ".content");
        }
        if (content.isEmpty()) {
            throw new Refusal(
                    Kind.INVALID, OpenAiChecks.emptyArray(where + ".content"), where + ".content", "empty_array");
        }
        for (int i = 0; i < content.size(); i++) {
            part(content.get(i), role, where + ".content[" + i + "]");
        }
    }

    private static void part(JsonNode part, String role, String where) {
        String type = part.path("type").asText();
        Set<String> allowed =
                switch (role) {
                    case "user" -> USER_PARTS;
                    case "assistant" -> ASSISTANT_PARTS;
                    default -> Set.of("text");
                };
        if (!allowed.contains(type)) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid value: '" + type + "'. Supported values are: '" + String.join("', '", allowed) + "'.",
                    where + ".type",
                    "invalid_value");
        }
        switch (type) {
            case "text" -> {
                if (!part.path("text").isTextual()) {
                    throw missing(where + ".text");
                }
            }
            case "image_url" -> image(part.path("image_url").path("url"), where + ".image_url.url");
            case "file" -> {
                JsonNode file = part.path("file");
                if (!file.has("file_id") && !file.path("file_data").asText().matches("(?s)data:[^,]+;base64,.+")) {
                    throw missing(where + ".file.file_data");
                }
            }
            default -> {
                // sound and refusals are taken as they are
            }
        }
    }

    static void image(JsonNode url, String where) {
        if (!url.isTextual()) {
            throw missing(where);
        }
        String address = url.asText();
        if (address.startsWith("data:")) {
            if (!address.matches("(?s)data:image/(png|jpeg|jpg|gif|webp);base64,[A-Za-z0-9+/]+=*")) {
                throw new Refusal(
                        Kind.INVALID,
                        "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
                                + "['png', 'jpeg', 'gif', 'webp'].",
                        where,
                        "invalid_image_format");
            }
        } else if (!address.matches("https?://[^/\\s]+.*")) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid '" + where + "'. Expected a valid URL, but got a value with an invalid format.",
                    where,
                    "invalid_image_url");
        }
    }

    private static Refusal missing(String field) {
        return new Refusal(Kind.MISSING, "Missing required parameter: '" + field + "'.", field);
    }
}
