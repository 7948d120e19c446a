package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Azure OpenAI: a deployment in the path, a version in the query, and the key in a header of its own. */
class AzureTest {
    private static final String BASE = "/openai/deployments/gpt-4o";
    private static final String CHAT = "{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";

    private LlmSimulator server;

    @BeforeEach
    void start() {
        server = LlmSimulator.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyRequestKeepsTheQueryAndHasTheKey() throws Exception {
        server.script()
                .at(BASE + "/chat/completions")
                .json(CHAT)
                .events(
                        "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n",
                        "data: [DONE]\n\n")
                .json(CHAT);
        server.script().at(BASE + "/embeddings").json("{\"data\":[{\"embedding\":[1,2]}]}");
        server.script().at(BASE + "/models").json("{\"data\":[{\"id\":\"gpt-4o\"}]}");
        server.script().at(BASE + "/models/gpt-4o").json("{\"id\":\"gpt-4o\"}");
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setProvider("OPENAI");
        managed.setServerUrl(
                URI.create(server.uri() + BASE + "?api-version=2024-10-21").toString());
        managed.setModel("gpt-4o");
        managed.setApiKey("secret-of-azure");
        managed.setApiKeyHeader("api-key");
        managed.setProbeOnCreate(true);
        try (LlmConnection connection = ((LlmConnectionFactory) managed.createConnectionFactory()).getConnection()) {
            assertThat(connection.chat(ChatRequest.of("Hi")).text()).isEqualTo("Hi");
            assertThat(Streams.end(Streams.drain(connection.stream(ChatRequest.of("Hi"))))
                            .text())
                    .isEqualTo("Hi");
            assertThat(connection.complete(CompletionRequest.of("Hi")).text()).isEqualTo("Hi");
            assertThat(connection.embed(List.of("Hi")).vectors()).hasSize(1);
            assertThat(connection.listModels()).hasSize(1);
        }
        assertThat(server.traffic().requests())
                .extracting(RecordedRequest::target)
                .containsExactly(
                        BASE + "/models/gpt-4o?api-version=2024-10-21",
                        BASE + "/chat/completions?api-version=2024-10-21",
                        BASE + "/chat/completions?api-version=2024-10-21",
                        BASE + "/chat/completions?api-version=2024-10-21",
                        BASE + "/embeddings?api-version=2024-10-21",
                        BASE + "/models?api-version=2024-10-21");
        assertThat(server.traffic().requests()).allSatisfy(request -> {
            assertThat(request.header("api-key")).hasValue("secret-of-azure");
            assertThat(request.header("authorization")).isEmpty();
        });
    }
}
