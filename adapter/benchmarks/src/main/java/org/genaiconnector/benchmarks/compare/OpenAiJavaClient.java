package org.genaiconnector.benchmarks.compare;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.net.URI;

/** OpenAI's own library. */
final class OpenAiJavaClient implements ChatClient {
    private final OpenAIClient client;

    OpenAiJavaClient(URI server) {
        client = OpenAIOkHttpClient.builder()
                .baseUrl(server.toString())
                .apiKey(KEY)
                .build();
    }

    private static ChatCompletionCreateParams request() {
        return ChatCompletionCreateParams.builder()
                .model("gpt-test")
                .addUserMessage(PROMPT)
                .build();
    }

    @Override
    public String chat() {
        return client.chat()
                .completions()
                .create(request())
                .choices()
                .get(0)
                .message()
                .content()
                .orElseThrow();
    }

    @Override
    public int stream() {
        try (StreamResponse<ChatCompletionChunk> answer =
                client.chat().completions().createStreaming(request())) {
            return (int) answer.stream()
                    .filter(chunk -> !chunk.choices().isEmpty()
                            && chunk.choices().get(0).delta().content().isPresent())
                    .count();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
