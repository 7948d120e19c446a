package org.genaiconnector.benchmarks.compare;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import java.net.URI;

/** Anthropic's own library. */
final class AnthropicJavaClient implements ChatClient {
    private static final long MAX_TOKENS = 2_000;

    private final AnthropicClient client;

    AnthropicJavaClient(URI server) {
        client = AnthropicOkHttpClient.builder()
                .baseUrl(server.toString())
                .apiKey(KEY)
                .build();
    }

    private static MessageCreateParams request() {
        return MessageCreateParams.builder()
                .model("claude-test")
                .maxTokens(MAX_TOKENS)
                .addUserMessage(PROMPT)
                .build();
    }

    @Override
    public String chat() {
        return client.messages().create(request()).content().get(0).asText().text();
    }

    @Override
    public int stream() {
        try (StreamResponse<RawMessageStreamEvent> answer = client.messages().createStreaming(request())) {
            return (int) answer.stream()
                    .filter(event -> event.contentBlockDelta()
                            .flatMap(block -> block.delta().text())
                            .isPresent())
                    .count();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
