package org.genaiconnector.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import org.genaiconnector.testkit.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the services refuse, so that no test passes on what fails at the first real call. */
@Timeout(30)
class StrictnessTest {
    private LlmSimulator simulator = LlmSimulator.start();
    private LlmClient client = new LlmClient(simulator);

    @AfterEach
    void stop() {
        simulator.close();
    }

    private static final String ASK = "{'role':'user','content':'weather?'}";
    private static final String CALL =
            "{'role':'assistant','content':null,'tool_calls':[{'id':'c','type':'function','function':{'name':'f','arguments':'{}'}}]}";
    private static final String RESULT = "{'role':'tool','tool_call_id':'c','content':'21'}";
    private static final String TOOL = "{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ASK,RESULT | `` | must be a response to a preceeding message with 'tool_calls'",
                "ASK,CALL | `` | must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: c",
                "ASK,CALL,ASK | `` | must be followed by tool messages",
                "ASK,CALL,RESULT,RESULT | `` | must be a response to a preceeding",
                "ASK,CALL,{'role':'tool','content':'21'} | `` | 'messages[2].tool_call_id'",
                "ASK,CALL,{'role':'tool','tool_call_id':'x','content':'21'} | `` | must be a response to",
                "ASK,{'role':'assistant','content':'a','tool_calls':[]} | `` | empty array",
                "ASK,{'role':'assistant','tool_calls':[{'id':'c','function':{'name':'f','arguments':{}}}]} | `` | arguments': expected a string",
                "{'role':'robot','content':'a'} | `` | Invalid value: 'robot'",
                "{'role':'user','content':null} | `` | expected a string, got null",
                "{'role':'user'} | `` | expected a string",
                "{'role':'user','content':[]} | `` | empty array",
                "{'role':'user','content':[{'type':'odd'}]} | `` | Invalid value: 'odd'",
                "{'role':'system','content':[{'type':'image_url','image_url':{'url':'https://a/b'}}]} | `` | Invalid value: 'image_url'",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'ftp://a/b'}}]} | `` | Expected a valid URL",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'/tmp/a.png'}}]} | `` | Expected a valid URL",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/tiff;base64,AAAA'}}]} | `` | unsupported image",
                "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,'}}]} | `` | unsupported image",
                "{'role':'user','content':[{'type':'file','file':{'filename':'a.pdf'}}]} | `` | file_data",
                "ASK | ,'tool_choice':'auto' | only allowed when 'tools' are specified",
                "ASK | ,'tools':[TOOL],'tool_choice':'must' | Invalid value: 'must'",
                "ASK | ,'tools':[TOOL],'tool_choice':{'type':'function','function':{'name':'g'}} | Tool choice 'g' not found",
                "ASK | ,'tools':[] | empty array",
                "ASK | ,'tools':[{'type':'function','function':{'name':'a b','parameters':{'type':'object'}}}] | does not match pattern",
                "ASK | ,'tools':[{'type':'function','function':{'name':'','parameters':{'type':'object'}}}] | does not match pattern",
                "ASK | ,'tools':[{'type':'function','function':{'name':'f','parameters':{}}}] | got 'type: \"None\"'",
                "ASK | ,'tools':[{'type':'function','function':{'name':'f','strict':true,'parameters':{'type':'object'}}}] | 'additionalProperties' is required",
                "ASK | ,'response_format':{'type':'json_object'} | must contain the word 'json'",
                "ASK | ,'response_format':{'type':'xml'} | Invalid value: 'xml'",
                "ASK | ,'response_format':{'type':'json_schema','json_schema':{'name':'a b','schema':{'type':'object'}}} | does not match pattern",
                "ASK | ,'response_format':{'type':'json_schema','json_schema':{'schema':{'type':'object'}}} | Missing required parameter",
                "ASK | ,'response_format':{'type':'json_schema','json_schema':{'name':'a','schema':{'type':'array'}}} | got 'type: \"array\"'",
                "ASK | ,'response_format':{'type':'json_schema','json_schema':{'name':'a','strict':true,'schema':{'type':'object'}}} | 'additionalProperties' is required",
                "ASK | ,'response_format':{'type':'json_schema','json_schema':{'name':'a','strict':true,'schema':{'type':'object','properties':{'x':{}},'required':[],'additionalProperties':false}}} | Missing 'x'",
                "ASK | ,'max_tokens':0 | below minimum",
                "ASK | ,'max_completion_tokens':0 | below minimum",
                "ASK | ,'n':0 | below minimum",
                "ASK | ,'presence_penalty':3 | from -2 to",
                "ASK | ,'reasoning_effort':'huge' | Supported values are: 'none', 'minimal'",
            })
    void openAiRefuses(String messages, String more, String words) throws Exception {
        String body = "{'model':'m','messages':["
                + messages.replace("ASK", ASK).replace("CALL", CALL).replace("RESULT", RESULT) + "]"
                + more.replace("TOOL", TOOL) + "}";
        RawHttp.Answer answer = client.post("/v1/chat/completions", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        JsonNode error = LlmClient.json(answer).path("error");
        assertThat(error.path("message").asText()).contains(words);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.has("param") && error.has("code")).isTrue();
    }

    @Test
    void openAiTakesAHistoryKeptRightly() throws Exception {
        for (String more : List.of(
                "",
                ",'tools':[" + TOOL + "],'tool_choice':{'type':'function','function':{'name':'f'}}",
                ",'response_format':{'type':'json_schema','json_schema':{'name':'a','strict':true,'schema':{'type':'object',"
                        + "'properties':{'x':{'type':'string'}},'required':['x'],'additionalProperties':false}}}")) {
            JsonNode body = client.chat(
                    "{'model':'m','messages':[" + ASK + "," + CALL + "," + RESULT + "," + ASK + "]" + more + "}");
            assertThat(body.has("choices")).as(body.toString()).isTrue();
        }
    }

    @Test
    void openAiKnowsEffortOnlyWithModelsThatThink() throws Exception {
        RawHttp.Answer answer = client.post(
                "/v1/chat/completions", "{'model':'gpt-4.1','messages':[" + ASK + "],'reasoning_effort':'low'}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(LlmClient.json(answer).at("/error/message").asText()).contains("Unrecognized request argument");
    }

    @Test
    void openAiThinksMoreWithMoreEffort() throws Exception {
        int before = -1;
        for (String effort : List.of("none", "low", "high")) {
            JsonNode body =
                    client.chat("{'model':'gpt-5','messages':[" + ASK + "],'reasoning_effort':'" + effort + "'}");
            int thought =
                    body.at("/usage/completion_tokens_details/reasoning_tokens").asInt();
            assertThat(thought).isGreaterThan(before);
            before = thought;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'' | empty string", "['a',''] | empty string", "[] | is invalid", "{'a':1} | is invalid"})
    void openAiEmbedsNoEmptyTexts(String input, String words) throws Exception {
        RawHttp.Answer answer =
                client.post("/v1/embeddings", "{'model':'m','input':" + (input.isEmpty() ? "''" : input) + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(LlmClient.json(answer).at("/error/message").asText()).contains(words);
    }

    // ---- Anthropic

    private static final String USE =
            "{'role':'assistant','content':[{'type':'tool_use','id':'t','name':'f','input':{}}]}";
    private static final String DONE =
            "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','content':'21'}]}";
    private static final String OWN = "{'name':'f','input_schema':{'type':'object'}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'role':'user','content':''} | `` | must have non-empty content",
                "{'role':'user','content':[]} | `` | must have non-empty content",
                "{'role':'user'} | `` | messages.0.content: Field required",
                "{'role':'user','content':' '} | `` | must contain non-whitespace text",
                "{'role':'user','content':[{'type':'text','text':''}]} | `` | text content blocks must be non-empty",
                "ASK,{'role':'assistant','content':[]},ASK | `` | messages.1: all messages must have non-empty content",
                "ASK,{'role':'assistant','content':'so '} | `` | cannot end with trailing whitespace",
                "ASK,{'role':'assistant','content':[{'type':'text','text':'so\\n'}]} | `` | cannot end with trailing whitespace",
                "ASK,DONE | `` | unexpected `tool_use_id` found in `tool_result` blocks: t",
                "ASK,USE,{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','content':[{'type':'text','text':''}]}]} | `` | text content blocks must be non-empty",
                "{'role':'user','content':null} | `` | must have non-empty content",
                "ASK,USE | `` | `tool_use` ids were found without `tool_result` blocks immediately after: t",
                "ASK,USE,ASK | `` | without `tool_result` blocks immediately after: t",
                "ASK,USE,ASK,DONE | `` | without `tool_result` blocks immediately after: t",
                "ASK,USE,USE,DONE | `` | ids must be unique",
                "{'role':'user','content':[{'type':'document','source':{'type':'base64','media_type':'text/plain','data':'AAAA'}}]} | `` | Input should be 'application/pdf'",
                "{'role':'user','content':[{'type':'document','source':{'type':'text','media_type':'text/html','data':'a'}}]} | `` | Input should be 'text/plain'",
                "{'role':'user','content':[{'type':'document','source':{'type':'url','url':'http://a/b'}}]} | `` | Only HTTPS URLs",
                "{'role':'user','content':[{'type':'document'}]} | `` | document.source: Input tag",
                "ASK | ,'output_config':{'effort':'minimal'} | output_config.effort: Input should be 'low'",
                "ASK | ,'thinking':{'type':'on'} | Input tag 'on'",
                "{'role':'user','content':'a','name':'me'} | `` | messages.0.name: Extra inputs are not permitted",
                "{'role':'tool','content':'a'} | `` | Unexpected role",
                "{'role':'user','content':[{'type':'odd'}]} | `` | Input tag 'odd'",
                "{'role':'user','content':[{'type':'tool_use','id':'t','name':'f','input':{}}]} | `` | can only be in `assistant`",
                "ASK,{'role':'assistant','content':[{'type':'tool_use','id':'t','name':'f','input':'{}'}]},DONE | `` | valid dictionary",
                "ASK,{'role':'assistant','content':[{'type':'tool_use','id':'a b','name':'f','input':{}}]},DONE | `` | should match pattern",
                "ASK,{'role':'assistant','content':[{'type':'thinking','thinking':'hm'},{'type':'text','text':'a'}]},ASK | `` | signature: Field required",
                "ASK,{'role':'assistant','content':[{'type':'thinking','thinking':'hm','signature':'sim-x'},{'type':'text','text':'a'}]},ASK | `` | Invalid `signature`",
                "{'role':'user','content':[{'type':'image','source':{'type':'url','url':'http://a/b'}}]} | `` | Only HTTPS",
                "{'role':'user','content':[{'type':'image','source':{'type':'base64','media_type':'image/bmp','data':'AAAA'}}]} | `` | media_type",
                "{'role':'user','content':[{'type':'image','source':{'type':'base64','media_type':'image/png','data':''}}]} | `` | invalid base64",
                "ASK | ,'seed':1 | seed: Extra inputs are not permitted",
                "ASK | ,'stop_sequences':['a',' '] | must contain non-whitespace",
                "ASK | ,'tool_choice':{'type':'auto'} | may only be specified while providing tools",
                "ASK | ,'tools':[OWN],'tool_choice':{'type':'tool','name':'g'} | Tool 'g' not found",
                "ASK | ,'tools':[OWN],'tool_choice':{'type':'must'} | Input tag 'must'",
                "ASK | ,'tools':[OWN,OWN] | must be unique",
                "ASK | ,'tools':[{'name':'a b','input_schema':{'type':'object'}}] | should match pattern",
                "ASK | ,'tools':[{'name':'f','input_schema':{}}] | Input should be 'object'",
                "ASK | ,'tools':[{'name':'f'}] | input_schema: Field required",
                "ASK | ,'thinking':{'type':'enabled','budget_tokens':10} | greater than or equal to 1024",
                "ASK | ,'thinking':{'type':'enabled','budget_tokens':2000} | must be greater than `thinking.budget_tokens`",
                "ASK | ,'output_config':{'format':{'type':'json_schema','schema':{'type':'object'}}} | 'additionalProperties' must be explicitly set to false",
                "ASK | ,'system':[{'type':'text','text':''}] | system: text content blocks",
                "ASK | ,'temperature':'hot' | valid number",
            })
    void anthropicRefuses(String messages, String more, String words) throws Exception {
        String body = "{'model':'m','max_tokens':1500,'messages':["
                + messages.replace("ASK", ASK).replace("USE", USE).replace("DONE", DONE) + "]"
                + more.replace("OWN", OWN) + "}";
        RawHttp.Answer answer = client.anthropic().post("/v1/messages", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        JsonNode error = LlmClient.json(answer).path("error");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("message").asText()).contains(words);
    }

    @Test
    void anthropicTakesAHistoryKeptRightly() throws Exception {
        String body = "{'model':'m','max_tokens':1500,'messages':[" + ASK + "," + USE + "," + DONE + "," + ASK
                + ",{'role':'assistant','content':'Well'}],'tools':[" + OWN
                + "],'tool_choice':{'type':'tool','name':'f'},'thinking':{'type':'disabled'}}";
        RawHttp.Answer answer = client.anthropic().post("/v1/messages", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    // ---- what the script can show

    @Test
    void anthropicShowsThoughtsSearchesPausesAndItsCacheOnCommand() throws Exception {
        String hello = "{'model':'m','max_tokens':100,'messages':[" + ASK + "]%s}";
        client.anthropic();
        simulator
                .script()
                .thinks("Hm, rain.")
                .searches("Oslo")
                .cached(1000, 100)
                .pauses()
                .says("Let me see");
        JsonNode body = LlmClient.json(client.post("/v1/messages", hello.formatted("")));
        assertThat(body.path("content"))
                .extracting(block -> block.path("type").asText())
                .containsExactly("thinking", "server_tool_use", "web_search_tool_result", "text");
        assertThat(body.path("stop_reason").asText()).isEqualTo("pause_turn");
        assertThat(body.at("/usage/cache_read_input_tokens").asInt()).isEqualTo(1000);
        assertThat(body.at("/usage/cache_creation_input_tokens").asInt()).isEqualTo(100);
        assertThat(body.at("/usage/output_tokens_details/thinking_tokens").asInt())
                .isPositive();

        simulator
                .script()
                .thinks("Hm, rain.")
                .searches("Oslo")
                .cached(1000, 100)
                .pauses()
                .says("Let me see");
        List<JsonNode> events = LlmClient.events(client.post("/v1/messages", hello.formatted(",'stream':true")));
        assertThat(joined(events, "/delta/thinking")).isEqualTo("Hm, rain.");
        assertThat(joined(events, "/delta/signature"))
                .isEqualTo(body.at("/content/0/signature").asText());
        assertThat(LlmClient.json(joined(events, "/delta/partial_json"))
                        .path("query")
                        .asText())
                .isEqualTo("Oslo");
        assertThat(events.get(events.size() - 2).at("/delta/stop_reason").asText())
                .isEqualTo("pause_turn");

        JsonNode plain = LlmClient.json(client.post("/v1/messages", hello.formatted("")));
        assertThat(plain.path("content")).hasSize(1);
        String back = "{'model':'m','max_tokens':100,'messages':[" + ASK + ",{'role':'assistant','content':"
                + body.path("content") + "}]}";
        assertThat(client.post("/v1/messages", back).status()).isEqualTo(200);
        assertThat(client.post("/v1/messages", back.replace("rain", "snow")).body())
                .contains("Invalid `signature`");
    }

    private static String joined(List<JsonNode> events, String where) {
        return events.stream().map(event -> event.at(where).asText("")).collect(Collectors.joining());
    }

    @Test
    void localServersShowThoughtsAndOpenAiCountsThem() throws Exception {
        simulator.script().thinks("Hm").cached(10, 0).says("Hi");
        JsonNode openAi = client.chat("{'model':'m','messages':[" + ASK + "]}");
        assertThat(openAi.at("/choices/0/message").has("reasoning_content")).isFalse();
        assertThat(openAi.at("/usage/completion_tokens_details/reasoning_tokens")
                        .asInt())
                .isEqualTo(1);
        assertThat(openAi.at("/usage/prompt_tokens_details/cached_tokens").asInt())
                .isEqualTo(10);
        restart(LlmSimulator.builder().profile(Profile.LLAMACPP_2026));
        simulator.script().thinks("Hm").says("Hi");
        assertThat(client.chat("{'model':'m','messages':[" + ASK + "]}")
                        .at("/choices/0/message/reasoning_content")
                        .asText())
                .isEqualTo("Hm");
    }

    private void restart(LlmSimulator.Builder builder) {
        simulator.close();
        simulator = builder.start();
        client = new LlmClient(simulator);
    }

    // ---- llama.cpp of 2026

    @Test
    void llamaCppOf2026StreamsTools() throws Exception {
        restart(LlmSimulator.builder().profile(Profile.LLAMACPP_2026));
        List<JsonNode> events = LlmClient.events(client.post(
                "/v1/chat/completions",
                "{'model':'m','messages':[" + ASK + "],'tools':[" + TOOL
                        + "],'tool_choice':'required','stream':true,'stream_options':{'include_usage':true}}"));
        assertThat(events.get(0).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(events.get(1).at("/choices/0/delta/tool_calls/0/id").asText())
                .isNotEmpty();
        assertThat(events.get(events.size() - 1).path("choices")).isEmpty();
        assertThat(events.get(events.size() - 1).at("/usage/total_tokens").asInt())
                .isPositive();
    }

    @Test
    void llamaCppOf2026IgnoresWhichToolIsToBeCalled() throws Exception {
        restart(LlmSimulator.builder().profile(Profile.LLAMACPP_2026));
        JsonNode body = client.chat("{'model':'m','messages':[" + ASK + "],'tools':[" + TOOL
                + "],'tool_choice':{'type':'function','function':{'name':'f'}}}");
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void llamaCppOf2026RefusesWith400AndGuardsItsModels() throws Exception {
        restart(LlmSimulator.builder()
                .profile(Profile.LLAMACPP_2026)
                .apiKeys("k")
                .contextSize(30));
        assertThat(client.get("/v1/models").status()).isEqualTo(401);
        assertThat(client.get("/v1/health").status()).isEqualTo(200);
        assertThat(client.header("X-Api-Key", "k").get("/v1/models").status()).isEqualTo(200);
        client.header("Authorization", "Bearer k");
        assertThat(client.post("/v1/chat/completions", "{'model':'m'}").status())
                .isEqualTo(400);
        RawHttp.Answer tooLong = client.post(
                "/v1/chat/completions",
                "{'model':'m','stream':true,'messages':[{'role':'user','content':'" + "word ".repeat(60) + "'}]}");
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(LlmClient.json(tooLong).at("/error/type").asText()).isEqualTo("exceed_context_size_error");
        assertThat(client.anthropic()
                        .post("/v1/messages", "{'model':'m','max_tokens':9,'messages':[" + ASK + "]}")
                        .status())
                .isEqualTo(200);
    }
}
