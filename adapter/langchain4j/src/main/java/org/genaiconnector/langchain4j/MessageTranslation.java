package org.genaiconnector.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.pdf.PdfFile;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolResult;

/** Conversations of LangChain4j as those of this project. */
final class MessageTranslation {
    private MessageTranslation() {}

    /** A conversation. Results that follow each other answer one turn of the model, so they become one message. */
    static List<org.genaiconnector.llm.ChatMessage> messages(Iterable<ChatMessage> conversation) {
        List<org.genaiconnector.llm.ChatMessage> all = new ArrayList<>();
        List<ContentPart> results = new ArrayList<>();
        for (ChatMessage message : conversation) {
            if (message instanceof ToolExecutionResultMessage result) {
                results.add(result(result));
            } else {
                endResults(all, results);
                all.add(message(message));
            }
        }
        endResults(all, results);
        return all;
    }

    private static void endResults(List<org.genaiconnector.llm.ChatMessage> all, List<ContentPart> results) {
        if (!results.isEmpty()) {
            all.add(new org.genaiconnector.llm.ChatMessage(Role.TOOL, results));
            results.clear();
        }
    }

    private static org.genaiconnector.llm.ChatMessage message(ChatMessage message) {
        if (message instanceof UserMessage user) {
            if (user.name() != null) {
                throw Failures.unsupported("The name of a UserMessage (" + user.name() + ")");
            }
            return new org.genaiconnector.llm.ChatMessage(
                    Role.USER,
                    user.contents().stream().map(MessageTranslation::part).toList());
        }
        if (message instanceof AiMessage answer) {
            return AnswerMemory.recall(answer).orElseGet(() -> plain(answer));
        }
        if (message instanceof SystemMessage system) {
            return org.genaiconnector.llm.ChatMessage.system(system.text());
        }
        throw Failures.unsupported(
                "A message of the class " + message.getClass().getName());
    }

    /** What the application sees of an answer. */
    private static org.genaiconnector.llm.ChatMessage plain(AiMessage answer) {
        if (!answer.images().isEmpty()) {
            throw Failures.unsupported("An image in an AiMessage");
        }
        List<ContentPart> parts = new ArrayList<>();
        if (answer.text() != null || !answer.hasToolExecutionRequests()) {
            parts.add(TextPart.of(answer.text() == null ? "" : answer.text()));
        }
        answer.toolExecutionRequests().forEach(call -> parts.add(call(call)));
        return new org.genaiconnector.llm.ChatMessage(Role.ASSISTANT, parts);
    }

    static ToolCall call(ToolExecutionRequest call) {
        return new ToolCall(
                named(call.id(), "id", call.name()),
                call.name(),
                call.arguments() == null || call.arguments().isBlank() ? "{}" : call.arguments());
    }

    private static ToolResult result(ToolExecutionResultMessage message) {
        StringBuilder text = new StringBuilder();
        List<ContentPart> attachments = new ArrayList<>();
        for (Content content : message.contents()) {
            ContentPart part = part(content);
            if (part instanceof TextPart more) {
                text.append(text.isEmpty() ? "" : "\n").append(more.text());
            } else {
                attachments.add(part);
            }
        }
        return new ToolResult(
                named(message.id(), "id", message.toolName()),
                text.toString(),
                Boolean.TRUE.equals(message.isError()),
                attachments);
    }

    private static String named(String value, String what, String tool) {
        if (value == null) {
            throw Failures.unsupported("A call or a result of the tool " + tool + " without " + what);
        }
        return value;
    }

    private static ContentPart part(Content content) {
        if (content instanceof TextContent text) {
            return TextPart.of(text.text());
        }
        if (content instanceof ImageContent image) {
            return image(image);
        }
        if (content instanceof PdfFileContent pdf) {
            return pdf(pdf.pdfFile());
        }
        throw Failures.unsupported("A content of the type " + content.type());
    }

    /** LOW is what an image has if nobody chose a level. */
    private static ImagePart image(ImageContent content) {
        switch (content.detailLevel()) {
            case LOW, AUTO -> {}
            default -> throw Failures.unsupported("The detail level " + content.detailLevel() + " of an image");
        }
        Image image = content.image();
        if (image.url() != null && !"data".equals(image.url().getScheme())) {
            return ImagePart.of(image.url());
        }
        if (image.base64Data() == null || image.mimeType() == null) {
            throw Failures.unsupported(image.url() != null ? "An image as a data URL" : "An image without a MIME type");
        }
        return ImagePart.of(image.mimeType(), bytes(image.base64Data(), "an image"));
    }

    private static FilePart pdf(PdfFile file) {
        if (file.base64Data() == null) {
            throw Failures.unsupported("A PDF by its address (" + file.url() + ")");
        }
        String type = file.mimeType() == null ? PdfFile.DEFAULT_MIME_TYPE : file.mimeType();
        return FilePart.of("document.pdf", type, bytes(file.base64Data(), "a PDF"));
    }

    private static byte[] bytes(String base64, String what) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The data of " + what + " is no Base64: " + e.getMessage(), e);
        }
    }
}
