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
import org.junit.jupiter.api.Test;

/** {@code /api/chat}, {@code /api/complete}, {@code /api/models}. */
interface LlmChecks extends Application {

    String HELLO = "{\"messages\":[{\"role\":\"user\",\"text\":\"Hello\"}]}";
    Match CHATS = Match.path("/v1/chat/completions");

    @Test
    default void passesAConversationOn() throws Exception {
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
    default void goesOnWithAText() throws Exception {
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

    @Test
    default void passesARateLimitOn() throws Exception {
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
