package org.genaiconnector.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WorkflowTest {
    private static final String VALID = """
            {"1": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 0}},
             "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "old"}, "_meta": {"title": "positive"}},
             "3": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "format.bit_depth": "8-bit"},
                   "_meta": {"title": "v1.0 save"}}}""";

    @Test
    void setsInputsByTitleAndById() throws Exception {
        Workflow workflow = Workflow.parse(VALID).with("positive.text", "new").with("1.width", 32);

        assertThat(workflow.toJson().getJsonObject("2").getJsonObject("inputs").getString("text"))
                .isEqualTo("new");
        assertThat(workflow.toJson().getJsonObject("1").getJsonObject("inputs").getInt("width"))
                .isEqualTo(32);
    }

    @Test
    void setsInputsWhoseNamesHoldDots() throws Exception {
        Workflow workflow = Workflow.parse(VALID).with("v1.0 save.format.bit_depth", "16-bit");

        assertThat(workflow.toJson().getJsonObject("3").getJsonObject("inputs").getString("format.bit_depth"))
                .isEqualTo("16-bit");
    }

    @Test
    void staysAsItIsWhenAnInputIsSet() throws Exception {
        Workflow workflow = Workflow.parse(VALID);
        workflow.with("positive.text", "new");

        assertThat(workflow).isEqualTo(Workflow.parse(VALID));
    }

    @Test
    void keepsTheOrderOfNodes() throws Exception {
        assertThat(Workflow.parse(VALID)
                        .with("3.format.bit_depth", "16-bit")
                        .toJson()
                        .keySet())
                .containsExactly("1", "2", "3");
    }

    @Test
    void namesTheInputsItHasWhenAskedForAnother() throws Exception {
        Workflow workflow = Workflow.parse(VALID);
        assertThatThrownBy(() -> workflow.with("negative.text", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("negative.text")
                .hasMessageContaining("positive.text");
    }

    @Test
    void refusesATitleThatTwoNodesHave() throws Exception {
        Workflow workflow = Workflow.parse("""
                {"1": {"class_type": "A", "inputs": {"text": ""}, "_meta": {"title": "prompt"}},
                 "2": {"class_type": "A", "inputs": {"text": ""}, "_meta": {"title": "prompt"}}}""");
        assertThatThrownBy(() -> workflow.with("prompt.text", "x")).hasMessageContaining("[1, 2]");
    }

    @Test
    void refusesTheUiFormatWithAdvice() {
        assertRejected("{\"nodes\": [], \"links\": [], \"version\": 0.4}", "UI format", "Export (API)");
    }

    @Test
    void refusesAWholeRequest() {
        assertRejected("{\"prompt\": " + VALID + ", \"client_id\": \"x\"}", "prompt");
    }

    @Test
    void refusesANodeWithoutInputsNamingIt() {
        assertRejected("{\"7\": {\"class_type\": \"SaveImage\"}}", "node 7", "inputs");
    }

    @Test
    void refusesANodeWithoutClassNamingIt() {
        assertRejected("{\"7\": {\"inputs\": {}}}", "node 7", "class_type");
    }

    @Test
    void refusesALinkToAMissingNodeNamingBoth() {
        assertRejected(
                "{\"7\": {\"class_type\": \"SaveImage\", \"inputs\": {\"images\": [\"9\", 0]}}}",
                "node 7",
                "images -> 9");
    }

    @Test
    void refusesLinksTheServerWouldStumbleOver() {
        for (String link : new String[] {"[7, 0]", "[\"7\"]", "[\"7\", 0, 0]", "[\"7\", -1]", "[\"7\", 0.5]", "[]"}) {
            assertRejected(
                    "{\"7\": {\"class_type\": \"SaveImage\", \"inputs\": {\"images\": " + link + "}}}",
                    "node 7",
                    "images");
        }
    }

    @Test
    void namesEveryWrongNode() {
        assertThatThrownBy(() -> Workflow.parse("{\"1\": 5, \"2\": {\"class_type\": \"A\"}, \"3\": {\"inputs\": {}}}"))
                .isInstanceOfSatisfying(
                        WorkflowRejectedException.class,
                        rejection -> assertThat(rejection.nodeErrors()).containsOnlyKeys("1", "2", "3"));
    }

    @Test
    void refusesWhatIsNoJsonObject() {
        assertRejected("{\"1\": ", "not a JSON object");
        assertRejected("[]", "not a JSON object");
        assertRejected("", "not a JSON object");
        assertRejected("{}", "no nodes");
    }

    private static void assertRejected(String json, String... words) {
        assertThatThrownBy(() -> Workflow.parse(json))
                .isInstanceOf(WorkflowRejectedException.class)
                .message()
                .contains(words);
    }
}
