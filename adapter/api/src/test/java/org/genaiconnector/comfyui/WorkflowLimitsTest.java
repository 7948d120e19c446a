package org.genaiconnector.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workflows that are too much, and texts that parsers stumble over. */
class WorkflowLimitsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static String withValue(String value) {
        return "{\"3\": {\"class_type\": \"A\", \"inputs\": {\"x\": " + value + "}}}";
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    private static void assertRejected(String json, String... words) {
        assertThatThrownBy(() -> Workflow.parse(json))
                .isExactlyInstanceOf(WorkflowRejectedException.class)
                .message()
                .contains(words)
                .hasSizeLessThan(30_000);
    }

    /** @param link of node i, or none */
    private static String nodes(int count, java.util.function.IntUnaryOperator link) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            int source = link.applyAsInt(i);
            json.append(i == 0 ? "" : ",")
                    .append("\"%d\": {\"class_type\": \"A\", \"inputs\": {%s}}"
                            .formatted(i, source < 0 ? "" : "\"x\": [\"" + source + "\", 0]"));
        }
        return json.append('}').toString();
    }

    @Test
    void takesLongChainsInBothDirectionsInTimeInProportion() {
        assertTimeoutPreemptively(SOON, () -> {
            assertThat(Workflow.parse(nodes(20_000, i -> i - 1)).toJson()).hasSize(20_000);
            assertThat(Workflow.parse(nodes(20_000, i -> i == 19_999 ? -1 : i + 1))
                            .withRandomSeed()
                            .toJson())
                    .hasSize(20_000);
        });
    }

    @Test
    void findsACycleOfThousandsOfNodesAndNamesSomeOfThem() {
        assertTimeoutPreemptively(
                SOON,
                () -> assertThatThrownBy(() -> Workflow.parse(nodes(20_000, i -> (i + 1) % 20_000)))
                        .isInstanceOfSatisfying(
                                WorkflowRejectedException.class,
                                rejection -> assertThat(rejection.nodeErrors()).hasSize(20_000))
                        .message()
                        .contains("0 -> 1 -> 2", "20000 nodes")
                        .hasSizeLessThan(50_000));
    }

    @Test
    void refusesMoreNodesThanAnyServerRuns() {
        assertRejected(nodes(20_001, i -> -1), "more than 20000 nodes");
        JsonObject many = Json.createObjectBuilder(IntStream.rangeClosed(0, 20_000)
                        .boxed()
                        .collect(java.util.stream.Collectors.toMap(i -> "" + i, i -> (Object) "x")))
                .build();
        assertThatThrownBy(() -> Workflow.of(many)).hasMessageContaining("more than 20000 nodes");
    }

    @ParameterizedTest
    @ValueSource(ints = {198, 900, 1_000, 100_000})
    void refusesDepthThatEndsTheWorkerOfAServerNamingThePlace(int levels) {
        assertRejected(withValue(nested(levels)), "3.inputs.x", "200 levels", "worker");
        assertRejected(withValue("[".repeat(levels)), "3.inputs.x", "200 levels");
        assertRejected(withValue("{\"deep\":".repeat(levels)), "3.inputs.x.deep", "200 levels");
        assertRejected("[".repeat(levels + 10), "200 levels");
    }

    @Test
    void takesWhatIsNotTooDeep() throws Exception {
        JsonValue deep = Workflow.parse(withValue(nested(197))).value("3.x");
        assertThat(Workflow.of(Workflow.parse(withValue(nested(197))).toJson()).value("3.x"))
                .isEqualTo(deep);
        assertThat(Workflow.parse(withValue("\"" + "[{\\\"".repeat(5_000) + "\""))
                        .value("3.x"))
                .isNotNull();
    }

    @Test
    void refusesDepthOfWhatWasReadByOthers() throws Exception {
        JsonArray deep = JsonValue.EMPTY_JSON_ARRAY;
        for (int i = 0; i < 20_000; i++) {
            deep = Json.createArrayBuilder().add(deep).build();
        }
        JsonArray value = deep;
        JsonObject workflow = Json.createObjectBuilder()
                .add(
                        "3",
                        Json.createObjectBuilder()
                                .add("class_type", "A")
                                .add("inputs", Json.createObjectBuilder().add("x", value)))
                .build();

        assertThatThrownBy(() -> Workflow.of(workflow))
                .isExactlyInstanceOf(WorkflowRejectedException.class)
                .hasMessageContaining("3.inputs")
                .hasMessageContaining("200 levels");
        assertThatThrownBy(() ->
                        Workflow.of(Json.createObjectBuilder().add("3", value).build()))
                .isExactlyInstanceOf(WorkflowRejectedException.class)
                .hasMessageContaining("200 levels");
        Workflow lists = Workflow.parse(withValue("[]"));
        assertThatThrownBy(() -> lists.with("3.x", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3.x")
                .hasMessageContaining("200 levels");
    }

    @Test
    void refusesExtraDataThatIsTooDeep() throws Exception {
        JsonObject deep = JsonValue.EMPTY_JSON_OBJECT;
        for (int i = 0; i < 20_000; i++) {
            deep = Json.createObjectBuilder().add("x", deep).build();
        }
        JsonObject data = deep;
        Submission submission = Submission.of(Workflow.parse(withValue("1")));
        assertThatThrownBy(() -> submission.withExtraData(data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("extraData")
                .hasMessageContaining("200 levels");
    }

    @Test
    void quotesOnlyTheBeginningOfAWrongValue() throws Exception {
        Workflow workflow = Workflow.parse(withValue("1"));
        assertThatThrownBy(() -> workflow.with("3.x", "y".repeat(1_000_000)))
                .message()
                .contains("3.x is a number")
                .hasSizeLessThan(1_000);
    }

    @Test
    void refusesNumbersThatParsersDoNotTakeNamingThePlace() throws Exception {
        String long1101 = "9".repeat(1_101);
        for (String number : new String[] {
            long1101,
            "-" + long1101,
            "0." + long1101,
            "1e-2147483648",
            "1e2147483647",
            "1E+99999",
            "1e-99999999999999",
            "9".repeat(1_000_000)
        }) {
            assertRejected(withValue(number), "3.inputs.x", "1000 digits");
            assertRejected(withValue("[0, {\"y\": " + number + "}]"), "3.inputs.x[1].y");
            assertRejected("{\"7\": " + number + "}", "7", "1000 digits");
            assertRejected(number, "1000 digits");
        }
        Workflow workflow = Workflow.parse(withValue("1"));
        for (BigDecimal number : new BigDecimal[] {
            new BigDecimal(long1101), new BigDecimal("1e-2147483647"), new BigDecimal("1e2147483647")
        }) {
            assertThatThrownBy(() -> workflow.with("3.x", Json.createValue(number)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3.x")
                    .hasMessageContaining("1000 digits");
        }
    }

    @Test
    void takesNumbersOfEveryUsefulSize() throws Exception {
        for (String number :
                new String[] {"18446744073709551615", "1e400", "-1.5e-300", "0e0", "1E+0000009", "9".repeat(1_000)}) {
            assertThat(Workflow.parse(withValue(number)).value("3.x"))
                    .isEqualTo(Json.createValue(new BigDecimal(number)));
        }
    }

    @Test
    void takesAByteOrderMark() throws Exception {
        assertThat(Workflow.parse("\uFEFF" + withValue("1"))).isEqualTo(Workflow.parse(withValue("1")));
    }

    @Test
    void leavesOutTheCacheMarksOfPicturesThatAreNoNumbers() throws Exception {
        Workflow workflow = Workflow.parse("""
                {"1": {"class_type": "A", "inputs": {"x": "NaN"}, "is_changed": [NaN, -Infinity, Infinity]},
                 "\\u0032": {"class_type": "A", "inputs": {}, "is_changed": {"deep": [NaN]}},
                 "3": {"class_type": "A", "inputs": {}, "is_changed": ["abc"]}}""");

        assertThat(workflow.toJson().getJsonObject("1")).containsOnlyKeys("class_type", "inputs");
        assertThat(workflow.value("1.x")).isEqualTo(Json.createValue("NaN"));
        assertThat(workflow.toJson().getJsonObject("2")).containsOnlyKeys("class_type", "inputs");
        assertThat(workflow.toJson()
                        .getJsonObject("3")
                        .getJsonArray("is_changed")
                        .getString(0))
                .isEqualTo("abc");
    }

    @Test
    void refusesWhatIsNoNumberInInputsNamingThePlace() {
        assertRejected(withValue("NaN"), "3.inputs.x", "NaN");
        assertRejected(withValue("[1, -Infinity]"), "3.inputs.x[1]", "-Infinity");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "N",
                "{N",
                "Nan",
                "{\"1\": Infinit}",
                "}",
                "]]]",
                "\"",
                "\"\\",
                "{\"1\": \"\\",
                ":",
                ",,",
                "{:",
                "-",
                "{\"a\": -}",
                "{\"a\": {\"is_changed\": NaN}",
                "\uFEFF\uFEFF{}",
                "{\"1\": 1e}",
                "{]"
            })
    void refusesWhatIsNoJson(String text) {
        assertRejected(text, "not a JSON object");
    }
}
