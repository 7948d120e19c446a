package org.genaiconnector.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        for (String link : new String[] {"[\"8\", 0.5]", "[\"8\", 99999999999]", "[\"8\", true]", "[\"9\", 0]"}) {
            assertRejected(
                    "{\"8\": {\"class_type\": \"A\", \"inputs\": {}},"
                            + " \"7\": {\"class_type\": \"SaveImage\", \"inputs\": {\"images\": " + link + "}}}",
                    "node 7",
                    link.contains("9\"") ? "images" : "output number");
        }
    }

    @Test
    void leavesListsThatAreNoLinksAndTheLastOutputToTheServer() throws Exception {
        for (String list :
                new String[] {"[255, 0, 128]", "[]", "[8, 0]", "[\"8\"]", "[\"9\", 0, 0]", "[[\"9\", 0]]", "[\"8\", -1]"
                }) {
            String json = "{\"8\": {\"class_type\": \"A\", \"inputs\": {}},"
                    + " \"7\": {\"class_type\": \"SaveImage\", \"inputs\": {\"rgb\": " + list + "}}}";
            assertThat(Workflow.parse(json).value("7.rgb")).hasToString(list.replace(" ", ""));
        }
    }

    @Test
    void replacesAListByAListButNeverMakesALink() throws Exception {
        Workflow workflow =
                Workflow.parse("{\"7\": {\"class_type\": \"A\", \"inputs\": {\"rgb\": [1, 2, 3], \"text\": \"x\"}}}");

        assertThat(workflow.with("7.rgb", JsonValue.EMPTY_JSON_ARRAY).value("7.rgb"))
                .isEqualTo(JsonValue.EMPTY_JSON_ARRAY);
        JsonValue link = Json.createArrayBuilder().add("7").add(0).build();
        assertThatThrownBy(() -> workflow.with("7.rgb", link)).hasMessageContaining("7.rgb");
        assertThatThrownBy(() -> workflow.with("7.text", JsonValue.EMPTY_JSON_ARRAY))
                .hasMessageContaining("7.text");
        assertThatThrownBy(() -> workflow.with("7.none", link)).hasMessageContaining("7.rgb, 7.text");
    }

    @Test
    void leavesBrokenLinksToTheServerWhereNoOutputMayNeedThem() throws Exception {
        String whole = "\"1\": {\"class_type\": \"EmptyImage\", \"inputs\": {}},"
                + " \"2\": {\"class_type\": \"SaveImage\", \"inputs\": {\"images\": [\"1\", 0]}}";
        String broken = "\"3\": {\"class_type\": \"ImageInvert\", \"inputs\": {\"image\": [\"99\", 0]}}";

        assertThat(Workflow.parse("{" + whole + ", " + broken + "}").toJson()).hasSize(3);
        assertRejected("{" + broken + "}", "node 3", "image -> 99");
        assertRejected("{" + whole.replace("[\"1\"", "[\"3\"") + ", " + broken + "}", "node 3", "image -> 99");
        assertRejected(
                "{" + whole + ", " + broken
                        + ", \"4\": {\"class_type\": \"PreviewImage\", \"inputs\": {\"images\": [\"3\", 0]}}}",
                "node 3",
                "image -> 99");
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

    @Test
    void setsSeveralInputs(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("painting.json");
        Files.writeString(file, """
                {"1": {"class_type": "A", "inputs": {"text": "猫", "width": 8, "scale": 1.5, "tiled": false, "mask": {}}}}""");

        Workflow workflow = Workflow.of(file)
                .with(Map.of(
                        "1.text",
                        "a lighthouse",
                        "1.width",
                        768,
                        "1.scale",
                        0.25,
                        "1.tiled",
                        true,
                        "1.mask",
                        JsonValue.EMPTY_JSON_OBJECT));

        assertThat(workflow.value("1.text")).isEqualTo(Json.createValue("a lighthouse"));
        assertThat(workflow.value("1.width")).isEqualTo(Json.createValue(768));
        assertThat(workflow.value("1.scale")).isEqualTo(Json.createValue(0.25));
        assertThat(workflow.value("1.tiled")).isEqualTo(JsonValue.TRUE);
        assertThatThrownBy(() -> workflow.with(Map.of("1.width", new Object())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.width");
    }
}
