package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.TextPart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures and documents in messages, with a simulator that refuses what the real services refuse. */
class AttachmentTest {
    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static String lastBody() {
        return llm.lastBody().toString();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void sendsPictures(Provider provider) throws Exception {
        try (LlmConnection connection = llm.connect(provider)) {
            connection.chat(ChatRequest.builder()
                    .message(ChatMessage.user(
                            new TextPart("What is this?"), ImagePart.of("image/png", new byte[] {1, 2, 3})))
                    .build());
        }
        assertThat(lastBody()).contains("AQID", "image/png");
    }

    @Test
    void aPictureOfAnUnknownKindIsRefusedAsByTheService() throws Exception {
        ChatRequest request = ChatRequest.builder()
                .message(ChatMessage.user(ImagePart.of("image/tiff", new byte[] {1})))
                .build();
        for (Provider provider : SimulatedLlm.PROVIDERS) {
            try (LlmConnection connection = llm.connect(provider)) {
                assertThatThrownBy(() -> connection.chat(request))
                        .isInstanceOf(GenAiException.class)
                        .hasMessageContaining("image");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC"})
    void sendsDocuments(Provider provider) throws Exception {
        byte[] pdf = "%PDF-1.7 tiny".getBytes(StandardCharsets.US_ASCII);
        try (LlmConnection connection = llm.connect(provider)) {
            connection.chat(ChatRequest.builder()
                    .message(ChatMessage.user(
                            FilePart.of("a.pdf", "application/pdf", pdf), new TextPart("What does it say?")))
                    .build());
        }
        assertThat(lastBody()).contains("JVBERi0xLjcgdGlueQ==", "a.pdf", "application/pdf");
    }

    @Test
    void sendsTextsAsTextsToAnthropic() throws Exception {
        byte[] text = "Gr\u00fc\u00dfe".getBytes(StandardCharsets.UTF_8);
        try (LlmConnection connection = llm.connect(Provider.ANTHROPIC)) {
            connection.chat(ChatRequest.builder()
                    .message(ChatMessage.user(FilePart.of("a.md", "text/markdown", text), new TextPart("Summarize")))
                    .build());
        }
        assertThat(lastBody()).contains("Gr\u00fc\u00dfe", "\"media_type\":\"text/plain\"", "\"title\":\"a.md\"");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, UTF-8",
        "application/vnd.api+json, UTF-8",
        "'text/csv; charset=ISO-8859-1', ISO-8859-1",
        "'Text/Plain;charset=\"utf-16\"', UTF-16"
    })
    void sendsAllReadableFilesAsTextsToAnthropic(String mediaType, String charset) throws Exception {
        byte[] data = "{\"a\": \"Gr\u00fc\u00dfe\"}".getBytes(charset);
        try (LlmConnection connection = llm.connect(Provider.ANTHROPIC)) {
            connection.chat(ChatRequest.builder()
                    .message(ChatMessage.user(FilePart.of("a", mediaType, data), new TextPart("Summarize")))
                    .build());
        }
        assertThat(lastBody()).contains("Gr\u00fc\u00dfe").contains("\"media_type\":\"text/plain\"");
    }

    @Test
    void namesAnUnknownCharset() throws Exception {
        ChatRequest request = ChatRequest.builder()
                .message(ChatMessage.user(FilePart.of("a", "text/plain; charset=klingon", new byte[1])))
                .build();
        try (LlmConnection connection = llm.connect(Provider.ANTHROPIC)) {
            assertThatThrownBy(() -> connection.chat(request))
                    .isInstanceOf(GenAiException.class)
                    .hasMessageContaining("klingon");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC"})
    void sendsPicturesByAddress(Provider provider) throws Exception {
        try (LlmConnection connection = llm.connect(provider)) {
            connection.chat(ChatRequest.builder()
                    .message(ChatMessage.user(
                            new TextPart("What is this?"),
                            ImagePart.of(URI.create("https://example.com/a.png?x=1&y=2"))))
                    .build());
        }
        assertThat(lastBody()).contains("\"https://example.com/a.png?x=1&y=2\"");
    }
}
