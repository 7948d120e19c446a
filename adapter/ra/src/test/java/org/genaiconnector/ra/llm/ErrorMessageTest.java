package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import java.util.List;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The categories of errors and finish reasons, from messages that services and gateways have been seen to send. */
class ErrorMessageTest {
    private static final ChatRequest HI = ChatRequest.of("Hi");
    private static final String KEY = "sk-1234567890abcdef";

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    private static LlmConnection connect(Provider provider) throws Exception {
        return llm.connect(provider, managed -> {
            managed.setApiKey(KEY);
            managed.setMaxRetries(1);
            managed.setRetryDelayMillis(1);
            managed.setCircuitFailures(0);
        });
    }

    private static String error(String type, String message) {
        return "{\"error\":"
                + Json.createObjectBuilder()
                        .add("type", type)
                        .add("message", message)
                        .build()
                + "}";
    }

    private void assertMeans(FailureCategory category, int status, String body, int requests) throws Exception {
        for (int i = 0; i < requests; i++) {
            server.script().json(status, body);
        }
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            assertThatThrownBy(() -> connection.chat(HI))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(category));
        }
        assertThat(server.traffic().requests()).hasSize(requests);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | invalid_request_error | Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.",
                "400 | invalid_request_error | You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
                "429 | rate_limit_error | Extra usage is required for long context requests.",
                "429 | rate_limit_error | Usage credits are required for long context requests.",
                "429 | some | Your team 16f2 has either used all available credits or reached its monthly spending limit.",
                "403 | '' | Your team has either used all available credits or reached its monthly spending limit.",
                "402 | unknown_error | Insufficient Balance",
                "400 | unknown_error | Insufficient Balance",
                "402 | '' | This request requires more credits, or fewer max_tokens. You requested up to 32000 tokens.",
                "401 | auth_error | ExceededBudget: End User=x over budget. Spend=0.0008, Budget=0.0001",
                "400 | budget_exceeded | Budget has been exceeded! Current cost: 26.075, Max budget: 0.25",
                "429 | insufficient_quota | You exceeded your current quota, please check your plan and billing details.",
                "429 | exceeded_current_quota_error | Your account is suspended, please check your plan",
                "403 | insufficient_user_quota | user quota is not enough",
                "429 | billing_not_active | Your account is not active",
                "400 | billing_hard_limit_reached | Billing hard limit has been reached",
            })
    void knowsAnEmptyAccountUnderAnyStatus(int status, String type, String message) throws Exception {
        assertMeans(FailureCategory.QUOTA, status, error(type, message), 1);
    }

    @ParameterizedTest
    @CsvSource({"spend_limit_reached", "workspace_spend_limit", "insufficient_credits", "credit_balance_exhausted"})
    void knowsAnthropicsSpendLimits(String code) throws Exception {
        String body = "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Limit reached\","
                + "\"details\":{\"error_code\":\"" + code + "\"}},\"request_id\":\"req_1\"}";
        assertMeans(FailureCategory.QUOTA, 429, body, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
                "400 | Unable to submit request because the input token count is 32825 but model only supports up to 32768.",
                "400 | This model's maximum prompt length is 131072 but the request contains 136973 tokens.",
                "400 | The model is loaded with context length of only 4096 tokens, which is not enough",
                "400 | Input is too long for requested model.",
                "400 | Your input exceeds the context window of this model. Please adjust your input and try again.",
                "500 | context shift is disabled",
                "500 | the request exceeds the available context size. try increasing the context size",
                "400 | request (10240 tokens) exceeds the available context size (8192 tokens), try increasing it",
                "500 | input (3000 tokens) is too large to process. increase the physical batch size (current batch size: 512)",
                "400 | This model's maximum context length is 131072 tokens. However, you requested 133034 tokens",
                "400 | Please reduce the length of the messages or completion.",
                "400 | input length and `max_tokens` exceed context limit: 170636 + 34048 > 200000",
                "400 | prompt is too long: 208310 tokens > 200000 maximum",
                "413 | Prompt too long: 5152 tokens exceeds max_seq_len 2048 (leave room for output tokens)",
                "400 | The input (263000 tokens) is longer than the model's context length (262144 tokens).",
                "400 | Requested token count exceeds the model's maximum context length of 262144 tokens.",
                "400 | Input length (265330) exceeds model's maximum context length (262144).",
                "400 | Input length 131393 exceeds the maximum allowed input length of 131040 tokens.",
                "400 | The decoder prompt (length 9000) is longer than the maximum model length of 8192.",
                "400 | Range of input length should be [1, 129024]",
                "422 | Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 4000",
                "400 | Invalid request: Your request exceeded model token limit: 262144",
                "400 | Prompt exceeds max length",
                "400 | the input length exceeds the context length",
                "400 | The number of tokens to keep from the initial prompt is greater than the context length",
                "400 | Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
                "400 | prompt token count of 140000 exceeds the limit of 128000",
            })
    void knowsThatTheContextIsTooShort(int status, String message) throws Exception {
        assertMeans(FailureCategory.CONTEXT_LENGTH, status, error("server_error", message), 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429 | Too many tokens, please wait before trying again. | RATE_LIMIT | 2",
                "429 | Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 33000. | RATE_LIMIT | 2",
                "429 | You exceeded your current quota. * Quota exceeded for metric: x, limit: 50. | RATE_LIMIT | 2",
                "400 | max_tokens is too large: 5000. This model supports at most 4096 completion tokens | INVALID_REQUEST | 1",
                "400 | max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens | INVALID_REQUEST | 1",
                "400 | messages.0.content.0.image.source.base64: image exceeds 5 MB maximum | INVALID_REQUEST | 1",
                "400 | Invalid 'tools[0].function.name': string too long. Expected a maximum length of 64 | INVALID_REQUEST | 1",
                "400 | Invalid value for 'stop': too many. Expected credit card | INVALID_REQUEST | 1",
                "500 | The server had an error while processing your request | SERVER | 2",
                "503 | context window service unavailable, context length exceeded the queue | UNAVAILABLE | 2",
                "404 | The context length endpoint does not exist | NOT_FOUND | 1",
            })
    void takesNothingElseForIt(int status, String message, FailureCategory category, int requests) throws Exception {
        assertMeans(category, status, error("some_error", message), requests);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {'message':'Input is too long for requested model.'} | CONTEXT_LENGTH | Input is too long",
                "400 | {'__type':'ValidationException','message':'no'} | INVALID_REQUEST | 400: no",
                "422 | {'detail':[{'loc':['body'],'msg':'Field required'}]} | INVALID_REQUEST | Field required",
                "402 | {'detail':'Insufficient credits'} | QUOTA | Insufficient credits",
                "500 | context shift is disabled | CONTEXT_LENGTH | context shift is disabled",
                "400 | Your credit balance is too low | QUOTA | credit balance is too low",
                "401 | {'detail':'Your organization is not allowed here'} | AUTHENTICATION | organization is not allowed here",
                "401 | Your organization is not allowed here | AUTHENTICATION | organization is not allowed here",
                "401 | Incorrect API key: sk-12****cdef | AUTHENTICATION | the API key is missing, wrong or revoked",
                "401 | {'message':'Invalid API key: sk-12****cdef'} | AUTHENTICATION | the API key is missing, wrong or revoked",
            })
    void understandsRefusalsOfOtherForms(int status, String body, FailureCategory category, String shown)
            throws Exception {
        server.script().text(status, "text/plain", body.replace('\'', '"'));
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            assertThatThrownBy(() -> connection.chat(HI))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(category))
                    .hasMessageContaining(shown)
                    .hasMessageNotContaining("cdef");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | content_filter | The response was filtered due to the prompt triggering Azure's content management policy.",
                "400 | invalid_request_error | Output blocked by content filtering policy",
                "403 | '' | Content violates usage guidelines. Failed check: X",
                "400 | invalid_prompt | Your prompt was flagged as potentially violating our usage policy.",
                "400 | data_inspection_failed | Input data may contain inappropriate content.",
            })
    void knowsContentPolicies(int status, String type, String message) throws Exception {
        assertMeans(FailureCategory.CONTENT_FILTER, status, error(type, message), 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "You must be a member of an organization to use the API. | must be a member of an organization",
                "You have insufficient permissions for this operation. Missing scopes: api.model.read. Check that you have the correct role, and if you're using a restricted API key, that it has the necessary scopes. | Missing scopes: api.model.read",
                "Your IP 192.0.2.7 is not in the list of allowed addresses of sk-12**********cdef | IP 192.0.2.7 is not in the list",
                "Project proj_1 has been archived | Project proj_1 has been archived",
                "The country of your request is not served: sk-12...cdef | country of your request is not served",
                "The organization is disabled: " + KEY + " | organization is disabled",
            })
    void showsWhyAGoodKeyWasRefused(String message, String shown) throws Exception {
        server.script().json(401, error("invalid_request_error", message));
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            assertThatThrownBy(() -> connection.chat(HI))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            e -> assertThat(e.category()).isEqualTo(FailureCategory.AUTHENTICATION))
                    .hasMessageContaining(shown)
                    .hasMessageNotContainingAny("sk-12", "cdef");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Incorrect API key provided: sk-12**********cdef. You can find your API key at https://platform.openai.com.",
                "You didn't provide an API key. You need to provide your API key in an Authorization header",
                "invalid x-api-key",
                "Invalid API Key",
                "Unauthorized",
                "No auth credentials found",
                "Authentication Error, Invalid proxy server token passed. Received API Key = sk-...cdef, Key Hash (Token) =88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b.",
                "Your api key: ****cdef is invalid",
                "x-api-key header is required",
                "''",
            })
    void showsNothingOfAWrongKey(String message) throws Exception {
        server.script().json(401, error("authentication_error", message));
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            assertThatThrownBy(() -> connection.chat(HI))
                    .hasMessageContaining("the API key is missing, wrong or revoked")
                    .hasMessageNotContainingAny("sk-", "cdef", "88dc");
        }
    }

    static Stream<List<Object>> reasons() {
        return Stream.of(
                List.of("STOP", FinishReason.STOP),
                List.of("Stop", FinishReason.STOP),
                List.of("end_turn", FinishReason.STOP),
                List.of("eos", FinishReason.STOP),
                List.of("max_tokens", FinishReason.LENGTH),
                List.of("MAX_TOKENS", FinishReason.LENGTH),
                List.of("model_length", FinishReason.LENGTH),
                List.of("tool_use", FinishReason.TOOL_CALLS),
                List.of("SAFETY", FinishReason.CONTENT_FILTER),
                List.of("refusal", FinishReason.CONTENT_FILTER),
                List.of("pause_turn", FinishReason.PAUSED),
                List.of("network_error", FinishReason.ERROR),
                List.of("insufficient_system_resource", FinishReason.ERROR),
                List.of("null", FinishReason.OTHER),
                List.of("sleepy", FinishReason.OTHER));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void understandsReasonsOfEitherProtocolInBoth(List<Object> row) throws Exception {
        String told = (String) row.get(0);
        server.script()
                .json("{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"" + told + "\"}]}")
                .json("{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"" + told
                        + "\"}");
        for (Provider provider : new Provider[] {Provider.LOCAL, Provider.ANTHROPIC}) {
            try (LlmConnection connection = connect(provider)) {
                assertThat(connection.chat(HI).finishReason()).isEqualTo(row.get(1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "LOCAL"})
    void theTextNullIsNoEnd(Provider provider) throws Exception {
        String chunk = "data: {\"choices\":[{\"delta\":{\"content\":\"%s\"},\"finish_reason\":\"%s\"}]}\n\n";
        server.script()
                .events(chunk.formatted("a", "null"), chunk.formatted("b", "STOP"))
                .events(chunk.formatted("a", "null"), chunk.formatted("b", "null"));
        try (LlmConnection connection = connect(provider)) {
            assertThat(Streams.end(Streams.drain(connection.stream(HI))).text()).isEqualTo("ab");
            assertThatThrownBy(() -> Streams.drain(connection.stream(HI)))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.TRUNCATED));
        }
    }
}
