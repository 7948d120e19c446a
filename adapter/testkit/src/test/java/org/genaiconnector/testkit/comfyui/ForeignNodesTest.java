package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes of nodes that the simulator does not have by itself. */
class ForeignNodesTest {
    private static final String THIRD_PARTY = """
            {"1": {"class_type": "UnetLoaderGGUF", "inputs": {"unet_name": "flux-Q4.gguf"}},
             "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "a cat", "clip": ["1", 3]}},
             "3": {"class_type": "FancySampler", "inputs": {"model": ["1", 0], "positive": ["2", 0], "points": [1, 2, 3]}},
             "4": {"class_type": "SaveImage", "inputs": {"images": ["3", -1], "filename_prefix": "it/any"}},
             "5": {"class_type": "KSampler", "inputs": {"model": ["1", 0], "seed": 1, "steps": 1, "cfg": 7,
                   "sampler_name": "fancy", "scheduler": "normal", "positive": ["2", 0], "negative": ["2", 0],
                   "latent_image": ["3", 1], "denoise": 1.0}},
             "6": {"class_type": "VHS_VideoCombine", "inputs": {"images": ["3", 0]}}}""";

    private ComfyUiSimulator server;
    private TestClient client;

    private void begin(UnaryOperator<ComfyUiSimulator.Builder> choices) {
        server = choices.apply(ComfyUiSimulator.builder()).start();
        client = new TestClient(server);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private JsonNode run(String graph) throws IOException {
        JsonNode entry = client.awaitEnd(client.submit(graph));
        assertThat(entry.at("/status/status_str").textValue())
                .as(entry.toString())
                .isEqualTo("success");
        return entry;
    }

    private String refused(String graph) throws IOException {
        JsonNode answer = client.post("/prompt", "{\"prompt\": " + graph + "}");
        assertThat(answer.has("prompt_id")).as(answer.toString()).isFalse();
        return answer.toString();
    }

    @Test
    void areRefusedUnlessWanted() throws IOException {
        begin(builder -> builder);
        assertThat(refused(THIRD_PARTY)).contains("missing_node_type");
        assertThat(client.json("/object_info/FancySampler")).isEmpty();
    }

    @Test
    void areAllAcceptedIfWanted() throws IOException {
        begin(ComfyUiSimulator.Builder::acceptAnyClass);

        JsonNode entry = run(THIRD_PARTY);

        JsonNode saved = entry.at("/outputs/4/images/0");
        assertThat(client.view(saved)).startsWith(0x89, 'P', 'N', 'G');
        assertThat(client.json("/object_info/FancySampler")
                        .at("/FancySampler/output_node")
                        .booleanValue())
                .isTrue();
        assertThat(refused("{\"1\": {\"class_type\": \"EmptyImage\", \"inputs\": {\"width\": 0}},"
                        + " \"2\": {\"class_type\": \"SaveImage\", \"inputs\": {\"images\": [\"1\", 0]}}}"))
                .contains("value_smaller_than_min", "required_input_missing");
        assertThat(refused("{\"1\": {\"inputs\": {}}}")).contains("missing_node_type");
        server.restart();
        run(THIRD_PARTY);
    }

    @Test
    void areMadeByTests() throws IOException {
        begin(builder -> builder.node("Score", Map.of("image", "IMAGE"), List.of("FLOAT"), """
                        {"text": [42], "value": [0.1, 2], "tags": [{"name": "cat", "score": 0.9}]}""")
                .node("Pass", Map.of("image", "IMAGE"), List.of("IMAGE", "MASK"))
                .node("End", Map.of("any", "*"), List.of()));

        JsonNode entry = run("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 255}},
                 "2": {"class_type": "Pass", "inputs": {"image": ["1", 0]}},
                 "3": {"class_type": "Score", "inputs": {"image": ["2", 0]}},
                 "4": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "it/pass"}},
                 "5": {"class_type": "End", "inputs": {"any": ["2", 1]}}}""");

        assertThat(entry.at("/outputs/3"))
                .isEqualTo(Json.parse(
                        "{\"text\": [42], \"value\": [0.1, 2], \"tags\": [{\"name\": \"cat\", \"score\": 0.9}]}"));
        assertThat(Pictures.read(server.outputDirectory().resolve("it/pass_00001_.png"))
                        .orElseThrow()
                        .getRGB(0, 0))
                .isEqualTo(0xff0000ff);
        assertThat(client.json("/object_info/Pass")
                        .at("/Pass/input/required/image/0")
                        .textValue())
                .isEqualTo("IMAGE");
        assertThat(refused("{\"1\": {\"class_type\": \"End\", \"inputs\": {}}}"))
                .contains("required_input_missing");
        assertThat(refused("{\"1\": {\"class_type\": \"Pass\", \"inputs\": {}}}"))
                .contains("prompt_no_outputs");
    }

    private static final String SAVED = """
            {"CheckpointLoaderSimple": {"input": {"required": {"ckpt_name": [["sd_xl.safetensors"], {"tooltip": "x"}]}},
               "output": ["MODEL", "CLIP", "VAE"], "output_node": false, "name": "CheckpointLoaderSimple"},
             "Classify": {"input": {"required": {"image": ["IMAGE"], "mode": ["COMBO", {"options": ["a", "b"]}],
                 "many": ["COMBO", {"options": ["x", "y"], "multiselect": true}], "limit": ["INT", {"min": 0, "max": 9}],
                 "far": ["COMBO", {"remote": {"route": "/r"}}], "grows": ["COMFY_AUTOGROW_V3", {}]},
                 "optional": {"either": ["MASK,IMAGE"]}},
               "output": ["STRING", ["p", "q"]], "output_node": true, "name": "Classify", "python_module": "custom_nodes.c"}}""";

    private static String classified(String inputs) {
        return """
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 255}},
                 "2": {"class_type": "Classify", "inputs": {"image": ["1", 0], "mode": "a", "many": {"__value__": ["x", "y"]},
                       "limit": 3, "far": "anything", "either": ["1", 0]%s}}}""".formatted(inputs);
    }

    @Test
    void areReadFromASavedDescription(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("object_info.json"), SAVED);
        begin(builder -> builder.nodeClasses(file));

        run(classified(""));
        assertThat(client.json("/object_info/Classify").get("Classify"))
                .isEqualTo(Json.parse(SAVED).get("Classify"));
        assertThat(refused(classified(", \"mode\": \"c\""))).contains("value_not_in_list", "mode");
        assertThat(refused(classified(", \"many\": {\"__value__\": [\"x\", \"z\"]}")))
                .contains("value_not_in_list");
        assertThat(refused(classified(", \"limit\": 10"))).contains("value_bigger_than_max");
        assertThat(refused(classified(", \"mode\": {\"__value__\": [\"a\"]}"))).contains("value_not_in_list");
        run(Graphs.painted("with the model of the other server", 7).replace("dreamcoast_v2", "sd_xl"));
        assertThat(refused(Graphs.painted("x", 7))).contains("value_not_in_list", "ckpt_name");
    }

    @Test
    void areNotReadFromAnythingElse(@TempDir Path directory) {
        ComfyUiSimulator.Builder builder = ComfyUiSimulator.builder();
        for (String wrong : new String[] {"{", "[]", "{}", "{\"nodes\": []}"}) {
            assertThatThrownBy(() -> builder.nodeClasses(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> builder.nodeClasses(directory.resolve("none")))
                .isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> builder.node("A", Map.of(), List.of(), "[]"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofLaterVersionsAreMissingInOlderOnes() throws IOException {
        begin(builder -> builder.version("0.3.10"));
        assertThat(refused(Graphs.TEXT)).contains("invalid_prompt");
        assertThat(client.json("/object_info/PreviewAny")).isEmpty();
        assertThat(client.json("/object_info/SaveImage")).isNotEmpty();
    }
}
