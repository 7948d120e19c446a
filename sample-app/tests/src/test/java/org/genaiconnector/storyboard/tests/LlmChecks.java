package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** {@code /api/chat}, {@code /api/complete}, {@code /api/models}. */
interface LlmChecks extends Application {

    String HELLO = "{\"messages\":[{\"role\":\"user\",\"text\":\"Hello\"}]}";
    Match CHATS = Match.path("/v1/chat/completions");

    @Test
    default void passesOnAConversation() throws Exception {
        backends().llm().traffic().forget();

        JsonObject answer = rest().post("/api/chat", """
                        {"system":"Be brief.","model":"other","temperature":0,"maxOutputTokens":3,
                         "messages":[{"role":"user","text":"Hi"},{"role":"assistant","text":"Yes?"},{"role":"user","text":"Tell me more"}]}""").expect(200).object();

        assertThat(answer.getString("text")).isNotBlank();
        assertThat(answer.getString("finishReason")).isEqualTo("LENGTH");
        assertThat(answer.getString("model")).isEqualTo("other");
        assertThat(answer.getJsonObject("usage").getInt("outputTokens")).isEqualTo(3);
        assertThat(backends().llm().traffic().requests(CHATS))
                .singleElement()
                .satisfies(request -> assertThat(request.bodyText())
                        .contains("Be brief.", "Yes?", "Tell me more", "\"temperature\":0"));
    }

    @Test
    default void streamsAnAnswer() throws Exception {
        Rest.Answer answer = rest().post("/api/chat/stream", HELLO).expect(200);

        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(List.of(answer.text().split("\n\n")))
                .hasSizeGreaterThan(2)
                .allSatisfy(event -> assertThat(event).startsWith("event: "))
                .last()
                .asString()
                .startsWith("event: done\ndata: {")
                .contains("\"finishReason\":\"STOP\"", "\"outputTokens\":");
        assertThat(answer.text()).startsWith("event: delta\ndata: {\"text\":");
    }

    @Test
    default void reportsAStreamThatBreaks() throws Exception {
        backends().llm().faults().next(CHATS, Fault.endStream(4));

        assertThat(rest().post("/api/chat/stream", HELLO).expect(200).text())
                .contains("event: delta", "event: error", "TRUNCATED")
                .doesNotContain("event: done");
    }

    @Test
    default void answersABadRequestForAStreamAsJson() throws Exception {
        rest().post("/api/chat/stream", "{\"messages\":[]}").error(400, "INVALID_REQUEST");
    }

    @Test
    default void countsRequestsOfThePools() throws Exception {
        assertThat(rest().delete("/api/statistics").status()).isEqualTo(204);
        rest().post("/api/chat", HELLO).expect(200);

        JsonObject statistics = rest().get("/api/statistics").expect(200).object();
        JsonObject llm = statistics.getJsonObject("llm");
        assertThat(llm.getInt("totalRequests")).isEqualTo(1);
        assertThat(llm.getInt("successfulRequests")).isEqualTo(1);
        assertThat(llm.getInt("borrowedConnections")).isEqualTo(1);
        assertThat(llm.getInt("totalConnections")).isBetween(1, Backends.LLM_CONNECTIONS);
        assertThat(llm.getInt("activeConnections")).isZero();
        assertThat(llm.getInt("outputTokens")).isPositive();
        assertThat(statistics.getJsonObject("total").getInt("totalRequests"))
                .isEqualTo(1 + statistics.getJsonObject("comfyui").getInt("totalRequests"));
    }

    @Test
    default void completesAText() throws Exception {
        JsonObject answer = rest().post("/api/complete", "{\"prompt\":\"Once upon a time\"}")
                .expect(200)
                .object();

        assertThat(answer.getString("text")).isNotBlank();
        assertThat(answer.getJsonObject("usage")).containsKeys("inputTokens", "outputTokens");
    }

    @Test
    default void listsModels() throws Exception {
        assertThat(rest().get("/api/models").expect(200).array())
                .extracting(model -> model.asJsonObject().getString("id"))
                .contains("simulator");
    }

    /** Runs late, because the rate limit affects other calls meanwhile. */
    @Test
    @Order(Integer.MAX_VALUE - 2)
    default void passesOnARateLimit() throws Exception {
        backends()
                .llm()
                .faults()
                .always(CHATS, Fault.status(429).header("Retry-After", "600").json("{}"));
        try {
            Rest.Answer answer = rest().post("/api/chat", HELLO);

            answer.error(429, "RATE_LIMIT");
            assertThat(answer.headers().firstValue("Retry-After")).contains("600");
        } finally {
            backends().llm().faults().clear();
        }
    }

    @Test
    default void answersUnavailableOnceThePoolHasBeenExhaustedForItsWaitTime() throws Exception {
        backends().llm().traffic().forget();
        backends().llm().faults().always(CHATS, Fault.delay(Duration.ofMinutes(1)));
        List<CompletableFuture<Rest.Answer>> busy = IntStream.range(0, Backends.LLM_CONNECTIONS)
                .mapToObj(i -> rest().postLater("/api/chat", HELLO))
                .toList();
        try {
            eventually(() -> backends().llm().traffic().requests(CHATS).size(), n -> n == Backends.LLM_CONNECTIONS);
            long start = System.nanoTime();

            Rest.Answer answer = rest().post("/api/chat", HELLO);

            answer.error(503, "OVERLOADED");
            assertThat(answer.headers().firstValueAsLong("Retry-After")).isPresent();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(Backends.LLM_WAIT_MILLIS - 100));
        } finally {
            backends().llm().faults().clear();
        }
        for (CompletableFuture<Rest.Answer> answer : busy) {
            answer.get().expect(200);
        }
    }
}
