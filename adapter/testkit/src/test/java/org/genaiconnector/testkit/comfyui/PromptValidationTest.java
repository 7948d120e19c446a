package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beyond what was recorded: the remaining errors of the fact sheet, and what the server silently accepts. */
class PromptValidationTest {
    private static ComfyUiSimulator server;
    private static TestClient client;

    @BeforeAll
    static void start() {
        server = ComfyUiSimulator.start();
        client = new TestClient(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode submit(String inputs, String link) throws IOException {
        return client.post("/prompt", """
                {"prompt": {
                  "1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                  "2": {"class_type": "ImageScale", "inputs": {%s}},
                  "3": {"class_type": "SaveImage", "inputs": {"images": %s, "filename_prefix": "it/v"}}}}""".formatted(inputs, link));
    }

    private static final String GOOD =
            "\"image\": [\"1\", 0], \"upscale_method\": \"area\", \"width\": 4, \"height\": 4, \"crop\": \"center\"";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"width\": -1 | value_smaller_than_min | Value -1 smaller than min of 0",
                "\"width\": null | invalid_input_type | Failed to convert an input value to a INT value",
                "\"width\": {} | invalid_input_type | Failed to convert an input value to a INT value",
                "\"width\": NaN | invalid_input_type | Failed to convert an input value to a INT value",
                "\"crop\": true | value_not_in_list | Value not in list",
                "\"image\": [\"1\", 7] | exception_during_inner_validation | Exception when validating inner node",
                "\"image\": [1, 0] | exception_during_inner_validation | Exception when validating inner node",
                "\"image\": [\"1\", 0, 0] | bad_linked_input | Bad linked input, must be a length-2 list of [node_id, slot_index]",
            })
    void saysWhatIsWrongWithAnInput(String input, String type, String message) throws IOException {
        JsonNode errors = submit(GOOD + ", " + input, "[\"2\", 0]").at("/node_errors/2/errors");
        assertThat(errors).hasSize(1);
        assertThat(errors.at("/0/type").textValue()).isEqualTo(type);
        assertThat(errors.at("/0/message").textValue()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource({"8.9, 8", "'\"8\"', 8", "true, 1", "'{\"__value__\": 8}', 8"})
    void convertsLiteralsToTheTypeOfTheirInput(String given, int stored) throws IOException {
        JsonNode answer = submit(GOOD + ", \"width\": " + given, "[\"2\", 0]");
        String id = answer.path("prompt_id").asText();
        JsonNode width = client.awaitEnd(id).at("/prompt/2/2/inputs/width");
        assertThat(width.isInt()).isTrue();
        assertThat(width.intValue()).isEqualTo(stored);
    }

    @Test
    void blamesTheOutputForASlotThatDoesNotExist() throws IOException {
        JsonNode error = submit(GOOD, "[\"2\", 5]").at("/node_errors/3/errors/0");
        assertThat(error.get("type").textValue()).isEqualTo("exception_during_validation");
        assertThat(error.at("/extra_info/exception_type").textValue()).isEqualTo("IndexError");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\": \"x\"} | 500",
                "{\"prompt\": null} | 500",
                "{\"prompt\": {\"1\": 5}} | 500",
                "{\"prompt\": {}, \"number\": null} | 500",
                "{\"prompt\": {}, \"number\": \"1.5\"} | 400",
                "5 | 500"
            })
    void getsItselfInTroubleWhereTheRealServerDoes(String body, int status) throws IOException {
        assertThat(client.send("POST", "/prompt", body).statusCode()).isEqualTo(status);
    }

    @Test
    void runsOnlyTheTargetsThatWereNamed() throws IOException {
        JsonNode answer = client.post("/prompt", """
                {"prompt": {
                  "1": {"class_type": "PrimitiveString", "inputs": {"value": "x"}},
                  "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
                  "3": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}}},
                 "partial_execution_targets": ["3"]}""");
        JsonNode entry = client.awaitEnd(answer.get("prompt_id").textValue());
        assertThat(entry.get("outputs").has("2")).isFalse();
        assertThat(entry.at("/outputs/3/text/0").textValue()).isEqualTo("x");
    }
}
