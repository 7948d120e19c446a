package org.genaiconnector.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import org.genaiconnector.testkit.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The oddities of each server, as the facts sheet has them. */
@Timeout(30)
class ProfileTest {
    private static final String HELLO = "{'model':'m','messages':[{'role':'user','content':'Say hello'}]%s}";
    private static final String TOOL =
            ",'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}],'tool_choice':'required'";

    private LlmSimulator simulator;
    private LlmClient client;

    private void start(LlmSimulator.Builder builder) {
        simulator = builder.start();
        client = new LlmClient(simulator);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void llamaCppCallsToolsWithEmptyIdsIfStartedForIt() throws Exception {
        start(LlmSimulator.builder().profile(Profile.LLAMACPP).jinja(true));
        JsonNode body = client.chat(HELLO.formatted(TOOL));
        assertThat(body.at("/choices/0/message/tool_calls/0/id").asText("none")).isEmpty();
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    }

    @Test
    void llamaCppHidesAnOverflowInAnEmptyStream() throws Exception {
        start(LlmSimulator.builder().profile(Profile.LLAMACPP).contextSize(20).contextShift(false));
        String tooLong = HELLO.formatted("%s").replace("Say", "word ".repeat(30));
        RawHttp.Answer streamed = client.post("/v1/chat/completions", tooLong.formatted(",'stream':true"));
        assertThat(streamed.status()).isEqualTo(200);
        assertThat(streamed.body()).startsWith("error: {").endsWith("data: [DONE]\n\n");
        RawHttp.Answer whole = client.post("/v1/chat/completions", tooLong.formatted(""));
        assertThat(whole.status()).isEqualTo(400);
        assertThat(LlmClient.json(whole).at("/error/code").asInt()).isEqualTo(400);
    }

    @Test
    void llamaCppClosesAConnectionAfterAHundredRequests() throws Exception {
        start(LlmSimulator.builder().profile(Profile.LLAMACPP));
        try (RawHttp http = new RawHttp(simulator.uri())) {
            for (int i = 1; i < 100; i++) {
                assertThat(http.get("/health").answer().header("keep-alive")).isEqualTo("timeout=5, max=100");
            }
            assertThat(http.get("/health").answer().header("connection")).isEqualTo("close");
            assertThat(http.read()).isEqualTo(-1);
        }
    }

    @Test
    void ollamaTakesAnyKeyAndGivesWholeToolCallsUnderRepeatedIds() throws Exception {
        start(LlmSimulator.builder().profile(Profile.OLLAMA));
        assertThat(client.get("/").body()).isEqualTo("Ollama is running");
        assertThat(LlmClient.json(client.get("/api/version")).has("version")).isTrue();
        List<JsonNode> events = LlmClient.events(client.post(
                "/v1/chat/completions",
                "{'model':'m','messages':[{'role':'user','content':'the weather'}],'stream':true"
                        + TOOL.replace("'f'", "'weather'") + "}"));
        assertThat(events).hasSize(2);
        assertThat(events.get(0).path("id").asText()).matches("chatcmpl-\\d{1,3}");
        assertThat(events.get(0)
                        .at("/choices/0/delta/tool_calls/0/function/arguments")
                        .asText())
                .isEqualTo("{}");
        assertThat(client.chat(HELLO.formatted(",'max_completion_tokens':1"))
                        .at("/choices/0/finish_reason")
                        .asText())
                .isEqualTo("stop");
        assertThat(client.get("/nosuch").body()).isEqualTo("404 page not found");
    }

    @Test
    void vllmHasErrorsOfItsOwn() throws Exception {
        start(LlmSimulator.builder().profile(Profile.VLLM).apiKeys("k").models("m"));
        assertThat(client.get("/health").body()).isEmpty();
        RawHttp.Answer bad = client.get("/v1/models");
        assertThat(bad.status()).isEqualTo(401);
        assertThat(bad.body()).isEqualTo("{\"error\":\"Unauthorized\"}");
        client.header("Authorization", "Bearer k");
        JsonNode error = LlmClient.json(client.post("/v1/chat/completions", HELLO.formatted(",'temperature':-1")));
        assertThat(error.at("/error/code").isInt()).isTrue();
        assertThat(error.at("/error/type").asText()).isEqualTo("BadRequestError");
        assertThat(client.get("/nosuch").body()).isEqualTo("{\"detail\":\"Not Found\"}");
        assertThat(client.chat(HELLO.formatted("").replace("'model':'m',", "")).has("choices"))
                .isTrue();
        simulator.loading(true);
        assertThatThrownBy(() -> client.get("/health")).isInstanceOf(ConnectException.class);
        simulator.loading(false);
        assertThat(client.get("/health").status()).isEqualTo(200);
    }

    @Test
    void lmStudioSaysYesToEveryPath() throws Exception {
        start(LlmSimulator.builder().profile(Profile.LMSTUDIO));
        RawHttp.Answer answer = client.get("/v1/nosuch");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"error\":\"Unexpected endpoint or method. (GET /v1/nosuch)\"}");
        assertThat(answer.header("keep-alive")).isEqualTo("timeout=5");
        assertThat(client.chat(HELLO.formatted("")).at("/choices/0/message/tool_calls"))
                .isEmpty();
    }

    @Test
    void localServersDropIdleConnectionsAfterFiveSeconds() {
        Settings settings = LlmSimulator.builder().settings();
        for (Profile profile : List.of(Profile.LLAMACPP, Profile.VLLM, Profile.LMSTUDIO)) {
            assertThat(profile.flavour(settings).keepAlive()).isEqualTo(Duration.ofSeconds(5));
        }
        start(LlmSimulator.builder());
    }

    @Test
    void keepAliveCanBeShortened() throws Exception {
        start(LlmSimulator.builder().profile(Profile.LMSTUDIO).keepAlive(Duration.ofMillis(500)));
        try (RawHttp http = new RawHttp(simulator.uri())) {
            assertThat(http.get("/v1/models").answer().status()).isEqualTo(200);
            assertThat(http.read()).isEqualTo(-1);
        }
    }
}
