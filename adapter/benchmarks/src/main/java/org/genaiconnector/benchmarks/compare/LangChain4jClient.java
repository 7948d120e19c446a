package org.genaiconnector.benchmarks.compare;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** LangChain4j with its own HTTP client, which is the JDK's. */
final class LangChain4jClient implements ChatClient {
    private final ChatModel whole;
    private final StreamingChatModel streamed;

    LangChain4jClient(URI server) {
        whole = OpenAiChatModel.builder()
                .baseUrl(server.toString())
                .apiKey(KEY)
                .modelName("gpt-test")
                .build();
        streamed = OpenAiStreamingChatModel.builder()
                .baseUrl(server.toString())
                .apiKey(KEY)
                .modelName("gpt-test")
                .build();
    }

    @Override
    public String chat() {
        return whole.chat(PROMPT);
    }

    @Override
    public int stream() throws Exception {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        AtomicInteger pieces = new AtomicInteger();
        streamed.chat(PROMPT, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String text) {
                pieces.incrementAndGet();
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                end.complete(pieces.get());
            }

            @Override
            public void onError(Throwable failure) {
                end.completeExceptionally(failure);
            }
        });
        return end.get();
    }

    @Override
    public void close() {}
}
