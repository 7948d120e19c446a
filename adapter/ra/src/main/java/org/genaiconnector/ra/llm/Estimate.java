package org.genaiconnector.ra.llm;

import java.util.List;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.llm.ToolResult;

/** Tokens of texts, estimated without a tokenizer: rather too many than too few, since limits are reserved by them. */
final class Estimate {
    /** A token of usual languages has three bytes of UTF-8 or more, with few exceptions. */
    private static final int BYTES_OF_TOKEN = 3;

    /** Longer texts are judged by their beginning, so that the estimate costs next to nothing. */
    private static final int LOOKED_AT = 1_000;

    private static final long IMAGE = 1_600;
    private static final long DOCUMENT = 10_000;
    private static final long MESSAGE = 6;

    private Estimate() {}

    static long of(ChatRequest request) {
        long tokens = 0;
        for (ChatMessage message : request.messages()) {
            tokens += of(message);
        }
        for (ToolDefinition tool : request.tools()) {
            tokens +=
                    MESSAGE + text(tool.description()) + text(tool.parameters().toString());
        }
        return tokens;
    }

    static long of(ChatMessage message) {
        long tokens = MESSAGE;
        for (ContentPart part : message.parts()) {
            tokens += of(part);
        }
        return tokens;
    }

    private static long of(ContentPart part) {
        if (part instanceof TextPart text) {
            return text(text.text());
        }
        if (part instanceof ReasoningPart reasoning) {
            return text(reasoning.text());
        }
        if (part instanceof ToolCall call) {
            return MESSAGE + text(call.argumentsJson());
        }
        if (part instanceof ToolResult result) {
            return MESSAGE
                    + text(result.text())
                    + result.attachments().stream().mapToLong(Estimate::of).sum();
        }
        return part instanceof ImagePart ? IMAGE : part instanceof FilePart ? DOCUMENT : MESSAGE;
    }

    static long of(List<String> texts) {
        long tokens = 0;
        for (String text : texts) {
            tokens += text(text);
        }
        return tokens;
    }

    static long text(String text) {
        int looked = Math.min(text.length(), LOOKED_AT);
        long bytes = 0;
        for (int i = 0; i < looked; i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
        }
        return looked == 0 ? 0 : (bytes * text.length() / looked + BYTES_OF_TOKEN - 1) / BYTES_OF_TOKEN;
    }
}
