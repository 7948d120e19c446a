package org.genaiconnector.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonValue;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatRequestTest {

    @Test
    void keepsZeroAsAValue() {
        ChatRequest request = ChatRequest.builder()
                .user("hi")
                .temperature(0)
                .maxOutputTokens(0)
                .build();

        assertThat(request.options().temperature()).hasValue(0);
        assertThat(request.options().maxOutputTokens()).hasValue(0);
    }

    @Test
    void leavesOpenWhatIsNotSaid() {
        assertThat(ChatRequest.of("hi").options()).isEqualTo(GenerationOptions.DEFAULTS);
        assertThat(ChatRequest.of("hi").model()).isEmpty();
    }

    @Test
    void needsSomethingToAnswerTo() {
        ChatRequest.Builder builder = ChatRequest.builder().system("be brief");
        assertThatThrownBy(builder::build).hasMessageContaining("user message");
    }

    @Test
    void refusesNumbersNoProviderTakes() {
        ChatRequest.Builder builder = ChatRequest.builder().user("hi");
        assertThatThrownBy(() -> builder.temperature(-1)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> builder.temperature(Double.NaN)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> builder.maxOutputTokens(-1)).hasMessageContaining("maxOutputTokens");
    }

    @Test
    void losesNoSettingForAnother() {
        GenerationOptions shared =
                GenerationOptions.DEFAULTS.withMaxOutputTokens(50).withTopP(0.5);
        ChatRequest request = ChatRequest.builder()
                .user("hi")
                .temperature(0.2)
                .topP(0.9)
                .options(shared)
                .seed(7)
                .extra("a", JsonValue.TRUE)
                .extra("b", JsonValue.NULL)
                .build();

        assertThat(request.options().temperature()).hasValue(0.2);
        assertThat(request.options().topP()).hasValue(0.5);
        assertThat(request.options().maxOutputTokens()).hasValue(50);
        assertThat(request.options().seed()).hasValue(7);
        assertThat(request.extra()).containsOnlyKeys("a", "b");
        assertThat(request.withModel("m").withTimeout(Duration.ofSeconds(3)).options())
                .isEqualTo(request.options());
    }

    /** By name, so that an option that is added to one is not forgotten in the other. */
    @Test
    void hasEveryOptionInItsBuilder() {
        Set<String> options = Arrays.stream(GenerationOptions.class.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 0 && Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .filter(name ->
                        !Set.of("toBuilder", "builder", "hashCode", "toString").contains(name))
                .collect(Collectors.toSet());

        assertThat(options).hasSize(8);
        for (Class<?> builder :
                List.of(ChatRequest.Builder.class, CompletionRequest.Builder.class, GenerationOptions.Builder.class)) {
            assertThat(builder.getMethods()).extracting(Method::getName).containsAll(options);
        }
    }

    @Test
    void copiesEverything() {
        ChatRequest request = ChatRequest.builder()
                .model("m")
                .system("s")
                .user("u")
                .assistant("a")
                .temperature(0)
                .stopSequences("x", "y")
                .frequencyPenalty(1)
                .presencePenalty(-1)
                .topK(5)
                .tool(ToolDefinition.of("t", "d", JsonValue.EMPTY_JSON_OBJECT))
                .toolChoice(ToolChoice.AUTO)
                .responseFormat(ResponseFormat.JSON)
                .reasoningEffort(ReasoningEffort.HIGH)
                .extra("a", JsonValue.NULL)
                .timeout(Duration.ofSeconds(1))
                .build();

        assertThat(request.toBuilder().build()).isEqualTo(request);
        assertThat(request.withMessage(ChatMessage.user("more")).messages()).hasSize(4);
    }

    @Test
    void takesMessagesAndTextWithImages() {
        ImagePart image = ImagePart.of("image/png", new byte[1]);
        ChatMessage question = ChatMessage.user("What is this?", image);

        assertThat(question.parts()).containsExactly(TextPart.of("What is this?"), image);
        assertThat(ChatRequest.of(ChatMessage.system("s"), question).messages()).hasSize(2);
        assertThat(ChatRequest.of(List.of(question)).messages()).containsExactly(question);
        assertThat(ChatRequest.builder().user("What is this?", image).build().messages())
                .containsExactly(question);
    }

    @Test
    void refusesANegativeTimeout() {
        assertThatThrownBy(() -> ChatRequest.of("hi").withTimeout(Duration.ofMillis(-1)))
                .hasMessageContaining("timeout");
        assertThat(ChatRequest.of("hi").withTimeout(Duration.ZERO).timeout()).contains(Duration.ZERO);
    }

    @Test
    void tellsAnImagesTypeByItsContent(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("picture.txt");
        Files.write(file, new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        assertThat(ImagePart.of(file).mediaType()).isEqualTo("image/png");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0});
        assertThat(ImagePart.of(file).mediaType()).isEqualTo("image/jpeg");
        Files.writeString(file, "GIF89a");
        assertThat(ImagePart.of(file).mediaType()).isEqualTo("image/gif");
        Files.writeString(file, "RIFF1234WEBPVP8 ");
        assertThat(ImagePart.of(file).mediaType()).isEqualTo("image/webp");
        Files.writeString(file, "");
        assertThatThrownBy(() -> ImagePart.of(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("picture.txt");
    }
}
