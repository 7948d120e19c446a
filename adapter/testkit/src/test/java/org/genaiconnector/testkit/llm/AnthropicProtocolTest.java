package org.genaiconnector.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.genaiconnector.testkit.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AnthropicProtocolTest {
    private static final String HELLO =
            "{'model':'m','max_tokens':100,'messages':[{'role':'user','content':'Say hello'}]%s}";
    private static final String WEATHER = """
            ,'tools':[{'name':'get_weather','input_schema':{'type':'object','properties':{'city':{'type':'string'},
            'days':{'type':'integer','minimum':2}},'required':['city','days']}}],'tool_choice':{'type':'any'}""";

    private LlmSimulator simulator = LlmSimulator.start();
    private LlmClient client = new LlmClient(simulator).anthropic();

    @AfterEach
    void stop() {
        simulator.close();
    }

    private void restart(LlmSimulator.Builder builder) {
        simulator.close();
        simulator = builder.start();
        client = new LlmClient(simulator).anthropic();
    }

    private JsonNode message(String body) throws IOException {
        return LlmClient.json(client.post("/v1/messages", body));
    }

    @Test
    void answersAMessage() throws Exception {
        RawHttp.Answer answer = client.post("/v1/messages", HELLO.formatted(""));
        JsonNode body = LlmClient.json(answer);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsKeys("request-id", "anthropic-ratelimit-tokens-remaining");
        assertThat(Instant.parse(answer.header("anthropic-ratelimit-requests-reset")))
                .isAfter(Instant.now());
        assertThat(body.path("type").asText()).isEqualTo("message");
        assertThat(body.at("/content/0/type").asText()).isEqualTo("text");
        assertThat(body.at("/content/0/text").asText()).startsWith("Hello");
        assertThat(body.path("stop_reason").asText()).isEqualTo("end_turn");
        assertThat(body.path("stop_sequence").isNull()).isTrue();
        assertThat(body.at("/usage/output_tokens").asInt()).isGreaterThan(5);
        assertThat(body.at("/usage/input_tokens").asInt()).isPositive();
    }

    @Test
    void streamsNamedEventsInOrder() throws Exception {
        String whole = message(HELLO.formatted("")).at("/content/0/text").asText();
        RawHttp.Answer answer = client.post("/v1/messages", HELLO.formatted(",'stream':true"));
        List<JsonNode> events = LlmClient.events(answer);
        List<String> types = events.stream()
                .map(event -> event.path("type").asText())
                .filter(type -> !type.equals("content_block_delta"))
                .toList();
        assertThat(types)
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "ping",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(answer.chunks()).allMatch(chunk -> chunk.matches("event: [a-z_]+\ndata: \\{.*\\}\n\n"));
        assertThat(events.get(0).at("/message/stop_reason").isNull()).isTrue();
        assertThat(events.get(0).at("/message/content")).isEmpty();
        String text = events.stream()
                .filter(event -> event.at("/delta/type").asText().equals("text_delta"))
                .map(event -> event.at("/delta/text").asText())
                .collect(Collectors.joining());
        assertThat(text).isEqualTo(whole);
        JsonNode delta = events.get(events.size() - 2);
        assertThat(delta.at("/delta/stop_reason").asText()).isEqualTo("end_turn");
        assertThat(delta.at("/usage/output_tokens").asInt()).isGreaterThan(5);
    }

    @Test
    void returnsWhyItStopped() throws Exception {
        JsonNode cut = message(HELLO.formatted("").replace("100", "2"));
        assertThat(cut.path("stop_reason").asText()).isEqualTo("max_tokens");
        assertThat(cut.at("/usage/output_tokens").asInt()).isEqualTo(2);
        JsonNode stopped = message(HELLO.formatted(",'stop_sequences':['simulator']"));
        assertThat(stopped.path("stop_reason").asText()).isEqualTo("stop_sequence");
        assertThat(stopped.path("stop_sequence").asText()).isEqualTo("simulator");
        JsonNode nothing = message(HELLO.formatted("").replace("100", "0"));
        assertThat(nothing.path("content")).isEmpty();
        assertThat(nothing.path("stop_reason").asText()).isEqualTo("max_tokens");
    }

    @Test
    void callsATool() throws Exception {
        JsonNode body = message(HELLO.formatted(WEATHER));
        assertThat(body.path("stop_reason").asText()).isEqualTo("tool_use");
        JsonNode use = body.at("/content/0");
        assertThat(use.path("type").asText()).isEqualTo("tool_use");
        assertThat(use.at("/input/days").asInt()).isGreaterThanOrEqualTo(2);
        List<JsonNode> events =
                LlmClient.events(client.post("/v1/messages", HELLO.formatted(WEATHER + ",'stream':true")));
        assertThat(events.get(1).at("/content_block/name").asText()).isEqualTo("get_weather");
        assertThat(events.get(1).at("/content_block/input")).isEmpty();
        String input = events.stream()
                .map(event -> event.at("/delta/partial_json").asText(""))
                .collect(Collectors.joining());
        assertThat(LlmClient.json(input)).isEqualTo(use.path("input"));
    }

    @Test
    void answersInWordsAfterAToolResult() throws Exception {
        JsonNode body = message("{'model':'m','max_tokens':100,'messages':[{'role':'user','content':'weather?'},"
                + "{'role':'assistant','content':[{'type':'tool_use','id':'t','name':'get_weather','input':{}}]},"
                + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','content':'21 degrees'}]}]"
                + WEATHER + "}");
        assertThat(body.at("/content/0/text").asText()).contains("21 degrees");
    }

    @Test
    void writesJsonForAnOutputSchema() throws Exception {
        JsonNode body = message(
                HELLO.formatted(
                        ",'output_config':{'format':{'type':'json_schema','schema':"
                                + "{'type':'object','properties':{'ok':{'type':'boolean'}},'required':['ok'],'additionalProperties':false}}}"));
        assertThat(LlmClient.json(body.at("/content/0/text").asText())
                        .path("ok")
                        .isBoolean())
                .isTrue();
    }

    @Test
    void countsTokensAsAMessageWould() throws Exception {
        int used = message(HELLO.formatted("")).at("/usage/input_tokens").asInt();
        JsonNode counted = LlmClient.json(client.post(
                "/v1/messages/count_tokens", "{'model':'m','messages':[{'role':'user','content':'Say hello'}]}"));
        assertThat(counted.path("input_tokens").asInt()).isEqualTo(used);
    }

    @Test
    void pagesThroughModels() throws Exception {
        restart(LlmSimulator.builder().models("a", "b", "c"));
        JsonNode first = LlmClient.json(client.get("/v1/models?limit=2"));
        assertThat(first.path("data")).hasSize(2);
        assertThat(first.path("has_more").asBoolean()).isTrue();
        assertThat(first.path("last_id").asText()).isEqualTo("b");
        JsonNode second = LlmClient.json(client.get("/v1/models?limit=2&after_id=b"));
        assertThat(second.path("first_id").asText()).isEqualTo("c");
        assertThat(second.path("has_more").asBoolean()).isFalse();
        JsonNode back = LlmClient.json(client.get("/v1/models?limit=1&before_id=c"));
        assertThat(back.path("first_id").asText()).isEqualTo("b");
        assertThat(back.path("has_more").asBoolean()).isTrue();
        assertThat(client.get("/v1/models?limit=0").status()).isEqualTo(400);
        assertThat(LlmClient.json(client.get("/v1/models/a")).path("type").asText())
                .isEqualTo("model");
    }

    @Test
    void refusesBadRequestsInTheProvidersWords() throws Exception {
        restart(LlmSimulator.builder()
                .models("m")
                .contextSize(50)
                .maxBodyBytes(2000)
                .apiKeys("right"));
        refused(401, "authentication_error", HELLO.formatted(""));
        client.header("x-api-key", "wrong");
        refused(401, "authentication_error", HELLO.formatted(""));
        client.header("x-api-key", "right");
        refused(400, "invalid_request_error", "{'model':");
        refused(400, "invalid_request_error", "{'model':'m','messages':[]}");
        refused(400, "invalid_request_error", "{'model':'m','max_tokens':5}");
        refused(400, "invalid_request_error", HELLO.formatted(",'temperature':1.5"));
        refused(400, "invalid_request_error", HELLO.formatted("").replace("'user'", "'system'"));
        refused(400, "invalid_request_error", HELLO.formatted("").replace("Say", "word ".repeat(60)));
        refused(404, "not_found_error", HELLO.formatted("").replace("'m'", "'x'"));
        refused(413, "request_too_large", HELLO.formatted("").replace("Say", "word ".repeat(600)));
        assertThat(client.get("/v1/messages").status()).isEqualTo(405);
        assertThat(client.get("/v1/nosuch").status()).isEqualTo(404);
        simulator.loading(true);
        refused(529, "overloaded_error", HELLO.formatted(""));
        simulator.loading(false);
        assertThat(client.post("/v1/messages", HELLO.formatted("")).status()).isEqualTo(200);
    }

    @Test
    void insistsOnTheVersionHeader() throws Exception {
        RawHttp.Answer answer = new LlmClient(simulator).post("/v1/messages", HELLO.formatted(""));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("anthropic-version");
    }

    private void refused(int status, String type, String request) throws IOException {
        RawHttp.Answer answer = client.post("/v1/messages", request);
        JsonNode body = LlmClient.json(answer);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(body.path("type").asText()).isEqualTo("error");
        assertThat(body.at("/error/type").asText()).isEqualTo(type);
        assertThat(body.path("request_id").asText()).isEqualTo(answer.header("request-id"));
    }
}
