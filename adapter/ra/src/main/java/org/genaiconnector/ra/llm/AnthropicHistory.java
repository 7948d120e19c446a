package org.genaiconnector.ra.llm;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.CachePoint;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.OpaquePart;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolResult;
import org.genaiconnector.ra.json.JsonWriter;

/** Writes the messages of Anthropic's protocol. */
final class AnthropicHistory {
    /** Media types of files that are text. */
    private static final Pattern READABLE = Pattern.compile("text/.+|application/(.+\\+)?(json|xml|yaml)"
            + "|application/(x-yaml|x-ndjson|jsonl|toml|sql|javascript|x-sh)");

    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

    /** The service that gets them, see {@link Dialect#origin}. */
    private final String origin;

    AnthropicHistory(String origin) {
        this.origin = origin;
    }

    void write(JsonWriter json, ChatMessage message) throws GenAiException {
        List<ContentPart> parts =
                message.parts().stream().filter(this::isAccepted).toList();
        boolean byModel = message.role() == Role.ASSISTANT;
        if (byModel && parts.isEmpty()) {
            return; // the service refuses empty turns
        }
        json.beginObject().member("role", byModel ? "assistant" : "user").name("content");
        if (Messages.isText(message) && (byModel ? isPlain(parts) : !isMarked(parts))) {
            json.value(message.text());
        } else {
            blocks(json, parts);
        }
        json.endObject();
    }

    /** Whether the service accepts a part: it refuses blank text and does not understand what another service gave. */
    boolean isAccepted(ContentPart part) {
        if (part instanceof TextPart text) {
            return !text.text().isBlank();
        }
        if (part instanceof ReasoningPart reasoning) {
            return reasoning.providerData().isPresent()
                    && reasoning.origin().map(origin::equals).orElse(true);
        }
        return !(part instanceof OpaquePart opaque) || opaque.data().isOf(origin);
    }

    static boolean isMarked(List<ContentPart> parts) {
        for (ContentPart part : parts) {
            if (part instanceof CachePoint) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPlain(List<ContentPart> parts) {
        return parts.size() == 1
                && parts.get(0) instanceof TextPart text
                && text.providerData().isEmpty();
    }

    private void members(JsonWriter json, Optional<ProviderData> data) {
        data.filter(given -> given.isOf(origin)).ifPresent(given -> json.members(given.json()));
    }

    /** Writes parts as blocks, each with the mark that follows it. */
    void blocks(JsonWriter json, List<ContentPart> parts) throws GenAiException {
        json.beginArray();
        for (int i = 0; i < parts.size(); i++) {
            block(
                    json,
                    parts.get(i),
                    i + 1 < parts.size() && parts.get(i + 1) instanceof CachePoint mark ? mark : null);
        }
        json.endArray();
    }

    private static void cache(JsonWriter json, CachePoint mark) {
        if (mark != null) {
            json.name("cache_control").beginObject().member("type", "ephemeral");
            if (mark == CachePoint.HOUR) {
                json.member("ttl", "1h");
            }
            json.endObject();
        }
    }

    private void block(JsonWriter json, ContentPart part, CachePoint mark) throws GenAiException {
        if (part instanceof TextPart text) {
            json.beginObject().member("type", "text").member("text", text.text());
            members(json, text.providerData());
            cache(json, mark);
            json.endObject();
        } else if (part instanceof OpaquePart opaque) {
            json.object(opaque.data().json());
        } else if (part instanceof ImagePart image) {
            json.beginObject().member("type", "image").name("source");
            source(json, image);
            cache(json, mark);
            json.endObject();
        } else if (part instanceof FilePart file) {
            json.beginObject().member("type", "document").member("title", file.filename());
            source(json.name("source"), file);
            cache(json, mark);
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
            json.beginObject().member("type", "tool_result").member("tool_use_id", result.callId());
            content(json.name("content"), result);
            json.member("is_error", result.error());
            cache(json, mark);
            json.endObject();
        }
    }

    private void content(JsonWriter json, ToolResult result) throws GenAiException {
        if (result.attachments().isEmpty()) {
            json.value(result.text());
            return;
        }
        List<ContentPart> parts = new ArrayList<>(result.attachments());
        if (!result.text().isBlank()) {
            parts.add(0, new TextPart(result.text()));
        }
        blocks(json, parts);
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
}
