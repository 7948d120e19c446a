package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors with status 200 or within a stream: their category, their message, and whether the adapter retries. */
class ErrorsUnderSuccessTest {
    private static final ChatRequest HI = ChatRequest.of("Hi");
    private static final String GOOD =
            "{\"choices\":[{\"message\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]";
    private static final String TEXT = "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n";
    private static final String STOP = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String RAW = "{\"error\":{\"message\":\"Provider returned"
            + " error\",\"code\":429,\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"message\\\":\\\"slow down,"
            + " please\\\"}}\"}}}";

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    private static LlmConnection connect(Provider provider) throws Exception {
        return llm.connect(provider, managed -> {
            managed.setMaxRetries(1);
            managed.setRetryDelayMillis(1);
        });
    }

    private static int requests() {
        return server.traffic().requests(Match.method("POST")).size();
    }

    private static GenAiException failure(Provider provider, boolean streamed) throws Exception {
        try (LlmConnection connection = connect(provider)) {
            return catchThrowableOfType(GenAiException.class, () -> {
                if (streamed) {
                    Streams.drain(connection.stream(HI));
                } else {
                    connection.chat(HI);
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "429, RATE_LIMIT, 2",
        "502, UNAVAILABLE, 2",
        "402, QUOTA, 1",
        "'\"500\"', SERVER, 2",
        "'\"408\"', TIMEOUT_SERVER, 2",
        "400, INVALID_REQUEST, 1",
        "403, PERMISSION, 1",
        "529, OVERLOADED, 2",
        "504, UNAVAILABLE, 1",
        "524, SERVER, 1"
    })
    void takesANumberForTheStatus(String code, FailureCategory category, int requests) throws Exception {
        String error = "{\"message\":\"Provider returned error\",\"code\":" + code
                + ",\"metadata\":{\"raw\":\"no luck upstream\"}}";
        String[] bodies = {
            "{\"error\":" + error + "}",
            "{\"choices\":[{\"error\":" + error + ",\"message\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}"
        };
        for (String body : bodies) {
            for (int form = 0; form < 4; form++) {
                llm.forget();
                for (int i = 0; i < 2; i++) {
                    switch (form) {
                        case 0, 1 -> server.script().json(body);
                        case 2 -> server.script().stream("text/event-stream", body);
                        default -> server.script().events(": wait\n\n", "data: " + body + "\n\n");
                    }
                }
                GenAiException failure = failure(Provider.LOCAL, form > 0);
                assertThat(failure.category()).isEqualTo(category);
                assertThat(failure).hasMessageContaining("no luck upstream").hasMessageContaining("status 200");
                assertThat(requests()).as("form " + form).isEqualTo(requests);
            }
        }
    }

    @Test
    void succeedsWhenTheSecondAttemptDoes() throws Exception {
        server.script().json(RAW).json(GOOD + "}");
        server.script().events("data: " + RAW + "\n\n").events(TEXT, STOP);
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            assertThat(connection.chat(HI).text()).isEqualTo("Hello");
            assertThat(Streams.end(Streams.drain(connection.stream(HI))).text()).isEqualTo("Hello");
        }
        assertThat(requests()).isEqualTo(4);
    }

    @Test
    void doesNotTryAgainBehindTheFirstEvent() throws Exception {
        server.script().events(TEXT, "data: " + RAW + "\n\n");
        GenAiException failure = failure(Provider.LOCAL, true);
        assertThat(failure.category()).isEqualTo(FailureCategory.RATE_LIMIT);
        assertThat(failure).hasMessageContaining("slow down, please");
        assertThat(requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"504, false", "524, false", "502, true", "429, true"})
    void reportsInTheMiddleOfAStreamWhatMayHaveBeenDone(int number, boolean retryable) throws Exception {
        server.script().events(TEXT, "data: {\"error\":{\"message\":\"no luck\",\"code\":" + number + "}}\n\n");
        assertThat(failure(Provider.LOCAL, true).isRetryable()).isEqualTo(retryable);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"\",\"metadata\":{\"raw\":\"the words\"}}}",
                "{\"error\":{\"message\":\"{\\\"error\\\":{\\\"message\\\":\\\"the words\\\"}}\"}}",
                "{\"error\":{\"message\":\"outer\",\"metadata\":{\"raw\":\"{\\\"detail\\\":\\\"the words\\\"}\"}}}",
                "{\"error\":{\"error\":{\"message\":\"the words\"}}}",
                "{\"error\":{\"message\":\"outer\",\"metadata\":{\"raw\":{\"error\":\"the words\"}}}}",
                "{\"error\":\"the words\"}",
                "{\"error\":true,\"message\":\"the words\"}",
                "[{\"error\":{\"code\":429,\"message\":\"the words\",\"status\":\"RESOURCE_EXHAUSTED\"}}]",
                "{\"code\":429,\"msg\":\"the words\"}",
            })
    void showsTheInnermostWords(String body) throws Exception {
        server.script().json(body).json(body);
        assertThat(failure(Provider.LOCAL, false)).hasMessageContaining("the words");
        server.script().clear();
        server.script().json(400, body);
        assertThat(failure(Provider.LOCAL, false)).hasMessageContaining("the words");
    }

    @Test
    void readsGeminisArrays() throws Exception {
        String body =
                "[{\"error\":{\"code\":429,\"message\":\"Resource exhausted\",\"status\":\"RESOURCE_EXHAUSTED\"}}]";
        for (boolean streamed : new boolean[] {false, true}) {
            for (int status : new int[] {200, 429}) {
                server.script().json(status, body).json(status, body);
                GenAiException failure = failure(Provider.LOCAL, streamed);
                assertThat(failure.category()).isEqualTo(FailureCategory.RATE_LIMIT);
                assertThat(failure).hasMessageContaining("Resource exhausted");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"out of memory\" | SERVER",
                "{\"message\":\"out of memory\"} | SERVER",
                "{\"message\":\"out of memory\",\"type\":null,\"code\":null} | SERVER",
                "{\"message\":\"no\",\"type\":\"invalid_request_error\"} | INVALID_REQUEST",
                "{\"message\":\"no\",\"type\":\"BadRequestError\",\"code\":400} | INVALID_REQUEST",
                "{\"message\":\"no\",\"code\":\"insufficient_quota\"} | QUOTA",
                "{\"message\":\"prompt is too long\"} | CONTEXT_LENGTH",
            })
    void blamesTheServiceOnceItHasBegun(String error, FailureCategory category) throws Exception {
        for (String before : new String[] {"", TEXT}) {
            server.script().clear();
            server.script().events(before, "data: {\"error\":" + error + "}\n\n");
            server.script().events(before, "data: {\"error\":" + error + "}\n\n");
            assertThat(failure(Provider.LOCAL, true).category()).isEqualTo(category);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "timeout_error, UNAVAILABLE, 1",
        "authentication_error, AUTHENTICATION, 1",
        "permission_error, PERMISSION, 1",
        "not_found_error, NOT_FOUND, 1",
        "request_too_large, TOO_LARGE, 1",
        "billing_error, QUOTA, 1",
        "rate_limit_error, RATE_LIMIT, 2",
        "overloaded_error, OVERLOADED, 2",
        "api_error, SERVER, 2",
        "invalid_request_error, INVALID_REQUEST, 1",
        "some_error_of_tomorrow, SERVER, 2"
    })
    void knowsAnthropicsKinds(String type, FailureCategory category, int requests) throws Exception {
        String error = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"" + type
                + "\",\"message\":\"as the test wants\"}}\n\n";
        server.script().events(error).events(error);
        assertThat(failure(Provider.ANTHROPIC, true).category()).isEqualTo(category);
        assertThat(requests()).isEqualTo(requests);
    }

    @Test
    void readsAnErrorThatIsNoJson() throws Exception {
        for (Provider provider : SimulatedLlm.PROVIDERS) {
            server.script().clear();
            server.script().events("event: error\ndata: upstream hung up\n\n");
            server.script().events("event: error\ndata: upstream hung up\n\n");
            GenAiException failure = failure(provider, true);
            assertThat(failure.category()).isEqualTo(FailureCategory.SERVER);
            assertThat(failure).hasMessageContaining("upstream hung up");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "{}", "false", "null", "[]", "0", "{\"message\":\"\",\"code\":null}"})
    void takesNoErrorForNone(String error) throws Exception {
        server.script().json(GOOD + ",\"error\":" + error + "}");
        server.script()
                .events(
                        "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"},\"error\":" + error + "}],\"error\":"
                                + error + "}\n\n",
                        STOP);
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            assertThat(connection.chat(HI).text()).isEqualTo("Hello");
            assertThat(Streams.end(Streams.drain(connection.stream(HI))).text()).isEqualTo("Hello");
        }
        server.script()
                .json("{\"content\":[{\"type\":\"text\",\"text\":\"Hello\"}],\"stop_reason\":\"end_turn\",\"error\":"
                        + error + "}");
        try (LlmConnection connection = connect(Provider.ANTHROPIC)) {
            assertThat(connection.chat(HI).text()).isEqualTo("Hello");
        }
    }

    @Test
    void readsAWholeAnswerUnderTheTypeOfAStream() throws Exception {
        server.script().stream("text/event-stream", "\ufeff\r\n " + GOOD.substring(0, 20), GOOD.substring(20) + "}");
        server.script().stream("application/json", TEXT, STOP, "data: [DONE]\n\n");
        server.script().stream("application/json", "\n" + TEXT, STOP);
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            for (int i = 0; i < 3; i++) {
                assertThat(Streams.end(Streams.drain(connection.stream(HI))).text())
                        .isEqualTo("Hello");
            }
        }
        assertThat(server.traffic().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void readsAnErrorBehindComments() throws Exception {
        String error = "{\n  \"error\": {\n    \"message\": \"gone upstream\",\n    \"code\": 502\n  }\n}";
        for (String end : new String[] {"\n\n", "\n", ""}) {
            server.script().clear();
            server.script().events(": PROCESSING\n\n", ": PROCESSING\n\n", error + end);
            server.script().events(": PROCESSING\n\n", error + end);
            GenAiException failure = failure(Provider.LOCAL, true);
            assertThat(failure.category()).isEqualTo(FailureCategory.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("gone upstream");
        }
    }

    @Test
    void showsThePageThatComesInPlaceOfAStream() throws Exception {
        server.script().stream("text/event-stream", "<html>Sign in first</html>");
        GenAiException failure = failure(Provider.LOCAL, true);
        assertThat(failure.category()).isEqualTo(FailureCategory.PROTOCOL);
        assertThat(failure).hasMessageContaining("Sign in first");
    }
}
