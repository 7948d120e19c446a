package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What Anthropic finds wrong with the messages of a request, in its words. */
final class AnthropicMessages {
    private static final Set<String> BLOCKS = Set.of(
            "text",
            "image",
            "document",
            "search_result",
            "tool_use",
            "thinking",
            "redacted_thinking",
            "server_tool_use",
            "mcp_tool_use",
            "container_upload",
            "compaction");
    private static final String IMAGES = "image/(jpeg|png|gif|webp)";

    private AnthropicMessages() {}

    static void check(JsonNode messages) {
        if (!messages.isArray() || messages.isEmpty()) {
            throw AnthropicChecks.invalid("messages: at least one message is required");
        }
        for (int i = 0; i < messages.size(); i++) {
            message(messages.get(i), i, i == messages.size() - 1);
        }
        pairs(messages);
    }

    private static void message(JsonNode message, int number, boolean last) {
        String where = "messages." + number;
        String role = message.path("role").asText();
        if (!role.equals("user") && !role.equals("assistant")) {
            throw AnthropicChecks.invalid(
                    "messages: Unexpected role \"" + role
                            + "\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.");
        }
        message.fieldNames().forEachRemaining(name -> {
            if (!name.equals("role") && !name.equals("content")) {
                throw AnthropicChecks.invalid(where + "." + name + ": Extra inputs are not permitted");
            }
        });
        JsonNode content = message.path("content");
        if (content.isMissingNode()) {
            throw AnthropicChecks.invalid(where + ".content: Field required");
        }
        boolean assistant = role.equals("assistant");
        if (content.isTextual() ? content.asText().isEmpty() : content.isEmpty()) {
            if (assistant && last) {
                return;
            }
            throw AnthropicChecks.invalid(where
                    + ": all messages must have non-empty content except for the optional final assistant message");
        }
        if (content.isTextual()) {
            text(content.asText());
        }
        for (int i = 0; i < content.size(); i++) {
            block(content.get(i), where + ".content." + i, assistant);
        }
        String end = content.isTextual()
                ? content.asText()
                : content.path(content.size() - 1).path("text").asText();
        if (assistant && last && !end.equals(end.stripTrailing())) {
            throw AnthropicChecks.invalid(
                    "messages: final assistant message content cannot end with trailing whitespace");
        }
    }

    private static void text(String text) {
        if (text.isEmpty()) {
            throw AnthropicChecks.invalid("messages: text content blocks must be non-empty");
        }
        if (text.isBlank()) {
            throw AnthropicChecks.invalid("messages: text content blocks must contain non-whitespace text");
        }
    }

    private static void block(JsonNode block, String where, boolean assistant) {
        cacheControl(block.path("cache_control"), where);
        String type = block.path("type").asText();
        if (!BLOCKS.contains(type) && !type.endsWith("tool_result")) {
            throw AnthropicChecks.invalid(where + ": Input tag '" + type
                    + "' found using 'type' does not match any of the expected tags: 'document', 'image', 'text', ...");
        }
        switch (type) {
            case "text" -> text(block.path("text").asText());
            case "image" -> {
                image(block.path("source"), where + ".image.source");
                only(!assistant, type, "user", where);
            }
            case "document" -> {
                document(block.path("source"), where + ".document.source");
                only(!assistant, type, "user", where);
            }
            case "tool_result" -> {
                require(block, "tool_use_id", where + ".tool_result");
                for (JsonNode part : block.path("content")) {
                    block(part, where + ".tool_result.content", false);
                }
                only(!assistant, type, "user", where);
            }
            case "tool_use" -> {
                toolUse(block, where + ".tool_use");
                only(assistant, type, "assistant", where);
            }
            case "thinking" -> {
                require(block, "thinking", where + ".thinking");
                require(block, "signature", where + ".thinking");
                only(assistant, type, "assistant", where);
                if (!Thoughts.isIntact(block)) {
                    throw AnthropicChecks.invalid(where + ": Invalid `signature` in `thinking` block");
                }
            }
            case "redacted_thinking" -> require(block, "data", where + ".redacted_thinking");
            default -> {
                // the service's own blocks come back as it gave them
            }
        }
    }

    private static void cacheControl(JsonNode control, String where) {
        if (control.isObject()
                && !(control.path("type").asText().equals("ephemeral")
                        && control.path("ttl").asText("5m").matches("5m|1h"))) {
            throw AnthropicChecks.invalid(where + ".cache_control: Input should be 'ephemeral', with ttl '5m' or '1h'");
        }
    }

    private static void require(JsonNode block, String member, String where) {
        if (!block.path(member).isTextual()) {
            throw AnthropicChecks.invalid(where + "." + member + ": Field required");
        }
    }

    private static void only(boolean there, String type, String role, String where) {
        if (!there) {
            throw AnthropicChecks.invalid(where + ": `" + type + "` blocks can only be in `" + role + "` messages");
        }
    }

    private static void image(JsonNode source, String where) {
        if (source.path("type").asText().equals("url")) {
            url(source, where);
            return;
        }
        if (!source.path("media_type").asText().matches(IMAGES)) {
            throw AnthropicChecks.invalid(where
                    + ".base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'");
        }
        base64(source, where);
    }

    /** PDFs as they are, texts as text. */
    private static void document(JsonNode source, String where) {
        String mediaType = source.path("media_type").asText();
        switch (source.path("type").asText()) {
            case "base64" -> {
                if (!mediaType.equals("application/pdf")) {
                    throw AnthropicChecks.invalid(where + ".base64.media_type: Input should be 'application/pdf'");
                }
                base64(source, where);
            }
            case "text" -> {
                if (!mediaType.equals("text/plain")) {
                    throw AnthropicChecks.invalid(where + ".text.media_type: Input should be 'text/plain'");
                }
                require(source, "data", where + ".text");
            }
            case "url" -> url(source, where);
            case "content", "file" -> {
                // blocks, and files that were uploaded before
            }
            default ->
                throw AnthropicChecks.invalid(
                        where
                                + ": Input tag found using 'type' does not match any of the expected tags: 'base64', 'content', ...");
        }
    }

    private static void url(JsonNode source, String where) {
        if (!source.path("url").asText().matches("https://[^/\\s]+.*")) {
            throw AnthropicChecks.invalid(where + ".url.url: Only HTTPS URLs are supported.");
        }
    }

    private static void base64(JsonNode source, String where) {
        if (!source.path("data").asText().matches("[A-Za-z0-9+/]+=*")) {
            throw AnthropicChecks.invalid(where + ".base64.data: invalid base64 data");
        }
    }

    private static void toolUse(JsonNode block, String where) {
        if (!block.path("id").asText().matches("[a-zA-Z0-9_-]+")) {
            throw AnthropicChecks.invalid(where + ".id: String should match pattern '^[a-zA-Z0-9_-]+$'");
        }
        require(block, "name", where);
        if (!block.path("input").isObject()) {
            throw AnthropicChecks.invalid(where + ".input: Input should be a valid dictionary");
        }
    }

    /** Neighbours of one role count as one message; results answer the calls of the message before, and come first. */
    private static void pairs(JsonNode messages) {
        Set<String> open = new LinkedHashSet<>();
        int number = 0;
        while (number < messages.size()) {
            int first = number;
            String role = messages.get(number).path("role").asText();
            List<JsonNode> blocks = new ArrayList<>();
            while (number < messages.size()
                    && messages.get(number).path("role").asText().equals(role)) {
                messages.get(number).path("content").forEach(blocks::add);
                if (messages.get(number).path("content").isTextual()) {
                    blocks.add(messages.get(number).path("content"));
                }
                number++;
            }
            if (role.equals("user")) {
                results(blocks, open, first);
            } else {
                closed(open, first - 1);
                for (JsonNode block : blocks) {
                    if (block.path("type").asText().equals("tool_use")
                            && !open.add(block.path("id").asText())) {
                        throw AnthropicChecks.invalid("messages." + first + ": `tool_use` ids must be unique");
                    }
                }
            }
        }
        closed(open, messages.size() - 1);
    }

    private static void results(List<JsonNode> blocks, Set<String> open, int message) {
        boolean first = true;
        for (int i = 0; i < blocks.size(); i++) {
            boolean result = blocks.get(i).path("type").asText().equals("tool_result");
            String id = blocks.get(i).path("tool_use_id").asText();
            if (result && !(first ? open.remove(id) : open.contains(id))) {
                throw AnthropicChecks.invalid(
                        "messages." + message + ".content." + i
                                + ": unexpected `tool_use_id` found in `tool_result` blocks: " + id
                                + ". Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
            }
            first &= result;
        }
        closed(open, message - 1);
    }

    private static void closed(Set<String> open, int message) {
        if (!open.isEmpty()) {
            throw AnthropicChecks.invalid("messages." + message
                    + ": `tool_use` ids were found without `tool_result` blocks immediately after: "
                    + String.join(", ", open)
                    + ". Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
        }
    }
}
