package org.genaiconnector.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.genaiconnector.testkit.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OpenAiProtocolTest {
    private static final String HELLO = "{'model':'m','messages':[{'role':'user','content':'Say hello'}]%s}";
    private static final String WEATHER = """
            ,'tools':[{'type':'function','function':{'name':'get_weather','parameters':{'type':'object','properties':
            {'city':{'type':'string'},'unit':{'type':'string','enum':['C','F']}},'required':['city','unit']}}}]""";

    private LlmSimulator simulator = LlmSimulator.start();
    private LlmClient client = new LlmClient(simulator);

    @AfterEach
    void stop() {
        simulator.close();
    }

    private void restart(LlmSimulator.Builder builder) {
        simulator.close();
        simulator = builder.start();
        client = new LlmClient(simulator);
    }

    @Test
    void answersAChat() throws Exception {
        RawHttp.Answer answer = client.post("/v1/chat/completions", HELLO.formatted(""));
        JsonNode body = LlmClient.json(answer);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.headers()).containsKeys("x-request-id", "x-ratelimit-remaining-requests");
        assertThat(answer.header("x-ratelimit-reset-tokens")).isEqualTo("6m0s");
        assertThat(body.path("object").asText()).isEqualTo("chat.completion");
        assertThat(body.path("model").asText()).isEqualTo("m");
        assertThat(body.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(body.at("/choices/0/message/content").asText()).startsWith("Hello");
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        JsonNode usage = body.path("usage");
        assertThat(usage.path("completion_tokens").asInt()).isGreaterThan(5);
        assertThat(usage.path("total_tokens").asInt())
                .isEqualTo(usage.path("prompt_tokens").asInt()
                        + usage.path("completion_tokens").asInt());
    }

    @Test
    void streamsTheSameTextThatItAnswersWhole() throws Exception {
        String whole = client.chat(HELLO.formatted(""))
                .at("/choices/0/message/content")
                .asText();
        RawHttp.Answer answer = client.post("/v1/chat/completions", HELLO.formatted(",'stream':true"));
        List<JsonNode> events = LlmClient.events(answer);
        assertThat(answer.header("content-type")).isEqualTo("text/event-stream");
        assertThat(answer.chunks()).hasSize(events.size() + 1).last().isEqualTo("data: [DONE]\n\n");
        assertThat(events.get(0).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(text(events)).isEqualTo(whole);
        assertThat(events)
                .extracting(event -> event.path("id").asText())
                .containsOnly(events.get(0).path("id").asText());
        JsonNode last = events.get(events.size() - 1);
        assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(last.at("/choices/0/delta")).isEmpty();
        assertThat(last.has("usage")).isFalse();
    }

    @Test
    void countsTokensInAChunkOfItsOwnIfAsked() throws Exception {
        RawHttp.Answer answer = client.post(
                "/v1/chat/completions", HELLO.formatted(",'stream':true,'stream_options':{'include_usage':true}"));
        List<JsonNode> events = LlmClient.events(answer);
        JsonNode last = events.remove(events.size() - 1);
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.at("/usage/total_tokens").asInt()).isPositive();
        assertThat(events)
                .allMatch(event -> event.has("usage") && event.path("usage").isNull());
    }

    @Test
    void stopsAtTheTokenLimit() throws Exception {
        for (String field : List.of("max_tokens", "max_completion_tokens")) {
            JsonNode body = client.chat(HELLO.formatted(",'" + field + "':3"));
            assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("length");
            assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(3);
        }
    }

    @Test
    void stopsBeforeAStopSequence() throws Exception {
        JsonNode body = client.chat(HELLO.formatted(",'stop':['help','a simulator']"));
        assertThat(body.at("/choices/0/message/content").asText()).isEqualTo("Hello! I am ");
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void givesSeveralCandidates() throws Exception {
        JsonNode body = client.chat("{'model':'m','messages':[{'role':'user','content':'tea'}],'n':2}");
        assertThat(body.path("choices")).hasSize(2);
        assertThat(body.at("/choices/1/index").asInt()).isEqualTo(1);
        assertThat(body.at("/choices/1/message")).isNotEqualTo(body.at("/choices/0/message"));
    }

    @Test
    void callsAToolThatMustBeCalled() throws Exception {
        JsonNode body = client.chat(HELLO.formatted(WEATHER + ",'tool_choice':'required'"));
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(body.at("/choices/0/message/content").isNull()).isTrue();
        JsonNode call = body.at("/choices/0/message/tool_calls/0");
        assertThat(call.path("id").asText()).startsWith("call_");
        assertThat(call.at("/function/name").asText()).isEqualTo("get_weather");
        JsonNode arguments = LlmClient.json(call.at("/function/arguments").asText());
        assertThat(arguments.path("city").isTextual()).isTrue();
        assertThat(arguments.path("unit").asText()).isIn("C", "F");
    }

    @Test
    void streamsAToolCallInFragments() throws Exception {
        String named = ",'tool_choice':{'type':'function','function':{'name':'get_weather'}},'stream':true";
        List<JsonNode> events = LlmClient.events(client.post("/v1/chat/completions", HELLO.formatted(WEATHER + named)));
        List<JsonNode> fragments = events.stream()
                .map(event -> event.at("/choices/0/delta/tool_calls/0"))
                .filter(JsonNode::isObject)
                .toList();
        assertThat(fragments.get(0).at("/function/name").asText()).isEqualTo("get_weather");
        assertThat(fragments)
                .hasSizeGreaterThan(3)
                .allMatch(fragment -> fragment.path("index").asInt(-1) == 0);
        assertThat(fragments.subList(1, fragments.size())).noneMatch(fragment -> fragment.has("id"));
        String arguments = fragments.stream()
                .map(fragment -> fragment.at("/function/arguments").asText())
                .collect(Collectors.joining());
        assertThat(LlmClient.json(arguments).path("unit").asText()).isEqualTo("C");
        assertThat(events.get(events.size() - 1).at("/choices/0/finish_reason").asText())
                .isEqualTo("tool_calls");
    }

    @Test
    void callsAToolOfItsOwnAccordOnlyWhenTheWordsSuggestIt() throws Exception {
        assertThat(client.chat(HELLO.formatted(WEATHER))
                        .at("/choices/0/message/tool_calls")
                        .isMissingNode())
                .isTrue();
        JsonNode body = client.chat(
                "{'model':'m','messages':[{'role':'user','content':'What is the weather in Oslo?'}]" + WEATHER + "}");
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    }

    @Test
    void answersInWordsAfterAToolResult() throws Exception {
        JsonNode body = client.chat("{'model':'m','messages':[{'role':'user','content':'weather?'},"
                + "{'role':'assistant','content':null,'tool_calls':[{'id':'call_1','type':'function',"
                + "'function':{'name':'get_weather','arguments':'{}'}}]},"
                + "{'role':'tool','tool_call_id':'call_1','content':'21 degrees'}]" + WEATHER
                + ",'tool_choice':'required'}");
        assertThat(body.at("/choices/0/message/content").asText()).contains("21 degrees");
    }

    @Test
    void completesAText() throws Exception {
        String request = "{'model':'m','prompt':'A walk in the hills','max_tokens':4%s}";
        JsonNode whole = LlmClient.json(client.post("/v1/completions", request.formatted("")));
        assertThat(whole.path("object").asText()).isEqualTo("text_completion");
        assertThat(whole.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        RawHttp.Answer streamed = client.post("/v1/completions", request.formatted(",'stream':true"));
        String text = LlmClient.events(streamed).stream()
                .map(event -> event.at("/choices/0/text").asText())
                .collect(Collectors.joining());
        assertThat(text).isEqualTo(whole.at("/choices/0/text").asText());
        assertThat(streamed.body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void embedsTextsThatShareWordsCloseToEachOther() throws Exception {
        JsonNode data = LlmClient.json(client.post(
                        "/v1/embeddings",
                        "{'model':'m','dimensions':32,'input':['a red fox','the red fox','stock market']}"))
                .path("data");
        assertThat(data).hasSize(3).allMatch(entry -> entry.path("embedding").size() == 32);
        assertThat(product(data.get(0), data.get(1))).isGreaterThan(product(data.get(0), data.get(2)));
        JsonNode packed = LlmClient.json(
                client.post("/v1/embeddings", "{'model':'m','input':'a','dimensions':32,'encoding_format':'base64'}"));
        assertThat(Base64.getDecoder().decode(packed.at("/data/0/embedding").asText()))
                .hasSize(4 * 32);
    }

    private static double product(JsonNode a, JsonNode b) {
        double sum = 0;
        for (int i = 0; i < a.path("embedding").size(); i++) {
            sum += a.at("/embedding/" + i).asDouble() * b.at("/embedding/" + i).asDouble();
        }
        return sum;
    }

    @Test
    void listsModels() throws Exception {
        restart(LlmSimulator.builder().models("one", "two"));
        assertThat(LlmClient.json(client.get("/v1/models")).path("data"))
                .extracting(model -> model.path("id").asText())
                .containsExactly("one", "two");
        assertThat(LlmClient.json(client.get("/v1/models/two")).path("object").asText())
                .isEqualTo("model");
        assertThat(client.get("/v1/models/three").status()).isEqualTo(404);
    }

    @Test
    void refusesWrongKeysWithoutRepeatingThem() throws Exception {
        restart(LlmSimulator.builder().apiKeys("sk-right"));
        RawHttp.Answer missing = client.get("/v1/models");
        assertThat(missing.status()).isEqualTo(401);
        client.header("Authorization", "Bearer sk-very-wrong-key");
        RawHttp.Answer wrong = client.get("/v1/models");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(LlmClient.json(wrong).at("/error/code").asText()).isEqualTo("invalid_api_key");
        assertThat(wrong.body()).doesNotContain("sk-very-wrong-key");
        client.header("Authorization", "Bearer sk-right");
        assertThat(client.get("/v1/models").status()).isEqualTo(200);
    }

    @Test
    void refusesBadRequestsInTheProvidersWords() throws Exception {
        restart(LlmSimulator.builder().models("m").contextSize(50).maxBodyBytes(2000));
        refused(400, "null", "{'model':");
        refused(400, "null", "{'messages':[]}");
        refused(400, "missing_required_parameter", "{'model':'m'}");
        refused(400, "null", "{'model':'m','messages':[]}");
        refused(400, "null", HELLO.formatted(",'temperature':'hot'"));
        refused(400, "null", HELLO.formatted(",'temperature':2.5"));
        refused(400, "null", HELLO.formatted(",'stream_options':{}"));
        refused(404, "model_not_found", HELLO.formatted("").replace("'m'", "'x'"));
        refused(400, "context_length_exceeded", HELLO.formatted("").replace("Say", "word ".repeat(60)));
        refused(413, "null", HELLO.formatted("").replace("Say", "word ".repeat(600)));
        assertThat(client.get("/v1/chat/completions").status()).isEqualTo(405);
        assertThat(client.get("/v1/nosuch").status()).isEqualTo(404);
        assertThat(client.post("/v1/chat/completions", HELLO.formatted("")).status())
                .isEqualTo(200);
    }

    @Test
    void reasoningModelsRefuseOldParameters() throws Exception {
        String o3 = HELLO.formatted("%s").replace("'m'", "'o3-mini'");
        refused(400, "unsupported_parameter", o3.formatted(",'max_tokens':3"));
        refused(400, "unsupported_value", o3.formatted(",'temperature':0"));
        assertThat(client.chat(o3.formatted(",'max_completion_tokens':3")).has("choices"))
                .isTrue();
    }

    private void refused(int status, String code, String request) throws IOException {
        RawHttp.Answer answer = client.post("/v1/chat/completions", request);
        JsonNode error = LlmClient.json(answer).path("error");
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(error.has("param")).isTrue();
    }

    private static String text(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.at("/choices/0/delta/content").asText(""))
                .collect(Collectors.joining());
    }
}
