package org.genaiconnector.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Setting inputs of a workflow. */
class WorkflowInputTest {
    private static final String SAMPLED = """
            {"5": {"class_type": "KSampler", "_meta": {"title": "first pass"},
                   "inputs": {"seed": 1, "cfg": 7, "sampler_name": "euler", "tiled": false, "model": ["4", 0],
                              "extra": {"deep": {"a/b": 1}}, "unset": null}},
             "6": {"class_type": "SamplerCustom", "inputs": {"noise_seed": 18446744073709551615, "seed": ["5", 0]}},
             "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a.safetensors"}}}""";

    private static Workflow sampled() throws WorkflowRejectedException {
        return Workflow.parse(SAMPLED);
    }

    @Test
    void findsANodeByItsClassIfOnlyOneIsOfIt() throws Exception {
        assertThat(sampled().with("KSampler.seed", 2)).isEqualTo(sampled().with("5.seed", 2));
    }

    @Test
    void prefersATitleToAClass() throws Exception {
        Workflow workflow = Workflow.parse("""
                {"1": {"class_type": "Text", "inputs": {"value": "a"}},
                 "2": {"class_type": "Other", "inputs": {"value": "b"}, "_meta": {"title": "Text"}}}""");

        assertThat(workflow.with("Text.value", "new").value("2.value")).isEqualTo(Json.createValue("new"));
    }

    @Test
    void refusesAClassThatTwoNodesAreOf() throws Exception {
        Workflow workflow = Workflow.parse("""
                {"1": {"class_type": "Text", "inputs": {"value": "a"}}, "2": {"class_type": "Text", "inputs": {"value": "b"}}}""");
        assertThatThrownBy(() -> workflow.with("Text.value", "x")).hasMessageContaining("[1, 2]");
    }

    @Test
    void findsValuesByPath() throws Exception {
        Workflow workflow = sampled().with("/5/inputs/seed", 2).with("/5/inputs/extra/deep/a~1b", 3);

        assertThat(workflow.value("5.seed")).isEqualTo(Json.createValue(2));
        assertThat(((JsonObject) workflow.value("5.extra"))
                        .getJsonObject("deep")
                        .getInt("a/b"))
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/5/class_type", "/5/inputs", "/9/inputs/seed", "/5/inputs/none", "/5/inputs/seed/x", "/", "//"})
    void refusesPathsThatLeadToNoInput(String path) throws Exception {
        Workflow workflow = sampled();
        assertThatThrownBy(() -> workflow.with(path, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(path)
                .hasMessageContaining("first pass.seed");
    }

    @Test
    void refusesAValueOfAnotherTypeNamingTheInput() throws Exception {
        Workflow workflow = sampled();
        assertThatThrownBy(() -> workflow.with("5.sampler_name", 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5.sampler_name is a text")
                .hasMessageContaining("a number: 5");
        assertThatThrownBy(() -> workflow.with("5.seed", "five")).hasMessageContaining("5.seed is a number");
        assertThatThrownBy(() -> workflow.with("5.tiled", 1)).hasMessageContaining("5.tiled is true or false");
        assertThatThrownBy(() -> workflow.with("5.extra", "x")).hasMessageContaining("5.extra is a JSON object");
        assertThatThrownBy(() -> workflow.with("5.seed", JsonValue.EMPTY_JSON_ARRAY))
                .hasMessageContaining("5.seed");
    }

    @Test
    void takesNumbersWithAndWithoutFraction() throws Exception {
        assertThat(sampled().with("5.cfg", 7.5).value("5.cfg")).hasToString("7.5");
    }

    @Test
    void letsLinksAndNullsGiveWayToAnything() throws Exception {
        Workflow workflow = sampled().with("5.model", "x").with("5.unset", 1).with("5.seed", JsonValue.NULL);

        assertThat(workflow.value("5.model")).isEqualTo(Json.createValue("x"));
        assertThat(workflow.value("5.seed")).isEqualTo(JsonValue.NULL);
    }

    @Test
    void usesANewSeedEveryTime() throws Exception {
        Workflow one = sampled().withRandomSeed();
        Workflow other = sampled().withRandomSeed();

        assertThat(one).isNotEqualTo(other);
        for (String seed : new String[] {"5.seed", "6.noise_seed"}) {
            assertThat(((JsonNumber) one.value(seed)).longValueExact()).isBetween(0L, (1L << 31) - 1);
        }
        assertThat(one.value("6.seed")).isEqualTo(sampled().value("6.seed"));
        assertThat(one.with("5.seed", 1).with("6.noise_seed", 1))
                .isEqualTo(sampled().with("6.noise_seed", 1));
    }

    @Test
    void seedsWithinWhatTheNodeTakes() throws Exception {
        for (double most : new double[] {1, 65_535, Integer.MAX_VALUE, 0xffffffffL, 0x1p50, 0x1p64}) {
            Workflow seeded = sampled().withRandomSeed(Map.of("KSampler", sampler(-1, OptionalDouble.of(most))));
            assertThat(((JsonNumber) seeded.value("5.seed")).longValueExact())
                    .isBetween(0L, (long) Math.min(most, 0x1p53 - 1));
            assertThat(((JsonNumber) seeded.value("6.noise_seed")).longValueExact())
                    .isLessThan(1L << 31);
        }
        assertThat(sampled()
                        .withRandomSeed(Map.of("KSampler", sampler(7, OptionalDouble.of(7))))
                        .value("5.seed"))
                .hasToString("7");
        assertThat(((JsonNumber) sampled()
                                .withRandomSeed(Map.of("KSampler", sampler(0, OptionalDouble.empty())))
                                .value("5.seed"))
                        .longValueExact())
                .isLessThan(1L << 31);
    }

    private static NodeClass sampler(double min, OptionalDouble max) {
        NodeInput seed = new NodeInput(
                "seed",
                true,
                "INT",
                List.of(),
                OptionalDouble.of(min),
                max,
                OptionalDouble.empty(),
                Optional.empty(),
                false);
        return new NodeClass("KSampler", "KSampler", "", "", List.of(seed), List.of(), false, false);
    }

    @Test
    void refusesNumbersThatJsonCannotHold() throws Exception {
        Workflow workflow = sampled();
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> workflow.with("5.cfg", number))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("5.cfg: " + number);
        }
    }

    @Test
    void leavesAWorkflowWithoutSeedsAsItIs() throws Exception {
        Workflow workflow = Workflow.parse("{\"1\": {\"class_type\": \"A\", \"inputs\": {\"seed\": \"text\"}}}");
        assertThat(workflow.withRandomSeed()).isEqualTo(workflow);
    }

    @Test
    void refusesCyclesNamingTheNodesInThem() {
        assertThatThrownBy(() -> Workflow.parse("""
                        {"0": {"class_type": "A", "inputs": {"x": ["2", 0]}},
                         "1": {"class_type": "A", "inputs": {"x": ["3", 0], "y": ["4", 0]}},
                         "2": {"class_type": "A", "inputs": {"x": ["1", 0]}},
                         "3": {"class_type": "A", "inputs": {"x": ["2", 0]}},
                         "4": {"class_type": "A", "inputs": {}}}"""))
                .isInstanceOfSatisfying(
                        WorkflowRejectedException.class,
                        rejection -> assertThat(rejection.nodeErrors()).containsOnlyKeys("1", "2", "3"))
                .hasMessageContaining("2 -> 1 -> 3 -> 2");
    }

    @Test
    void refusesANodeThatNeedsItself() {
        assertThatThrownBy(() -> Workflow.parse("{\"1\": {\"class_type\": \"A\", \"inputs\": {\"x\": [\"1\", 0]}}}"))
                .hasMessageContaining("1 -> 1");
    }

    @Test
    void takesChainsOfThousandsOfNodes() throws Exception {
        StringBuilder json = new StringBuilder("{\"0\": {\"class_type\": \"A\", \"inputs\": {}}");
        for (int i = 1; i < 3000; i++) {
            json.append(", \"%d\": {\"class_type\": \"A\", \"inputs\": {\"x\": [\"%d\", 0]}}".formatted(i, i - 1));
        }
        assertThat(Workflow.parse(json.append('}').toString()).toJson()).hasSize(3000);
    }
}
