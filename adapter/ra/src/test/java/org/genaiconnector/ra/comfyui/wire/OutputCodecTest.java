package org.genaiconnector.ra.comfyui.wire;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.OutputValue;
import org.genaiconnector.ra.json.LenientJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What nodes put out, by the conventions of ComfyUI and beyond them. */
class OutputCodecTest {

    private static JsonObject json(String text) {
        return LenientJson.read(text).asJsonObject();
    }

    private static List<Output> outputs(String kinds) {
        return ComfyUiCodec.outputs("7", LenientJson.read(kinds));
    }

    private static List<Output> values(String kind, String... values) {
        return java.util.Arrays.stream(values)
                .<Output>map(value -> new OutputValue("7", kind, LenientJson.read(value)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "value", "tags", "result", "anything at all", ""})
    void loseNoValueOfAnyKind(String kind) {
        String items =
                "[42, 3.5, true, false, [[\"a\", \"b\"], null], {\"name\": \"cat\", \"score\": 0.9}, [], {}, {\"filename\": 3}, -1e400]";

        assertThat(outputs("{\"" + kind + "\": " + items + "}"))
                .containsExactlyElementsOf(values(
                        kind,
                        "42",
                        "3.5",
                        "true",
                        "false",
                        "[[\"a\", \"b\"], null]",
                        "{\"name\": \"cat\", \"score\": 0.9}",
                        "[]",
                        "{}",
                        "{\"filename\": 3}",
                        "-1e400"));
    }

    @Test
    void areReadInAnyForm() {
        assertThat(outputs(
                        "{\"count\": 5, \"text\": \"plain\", \"none\": null, \"nulls\": [null], \"map\": {\"a\": 1}}"))
                .containsExactly(
                        new OutputValue("7", "count", Json.createValue(5)),
                        new OutputText("7", "text", "plain"),
                        new OutputValue("7", "map", json("{\"a\": 1}")));
        assertThat(outputs("[1, \"a\"]"))
                .containsExactly(new OutputValue("7", "", Json.createValue(1)), new OutputText("7", "", "a"));
        assertThat(outputs("null")).isEmpty();
        assertThat(ComfyUiCodec.outputs("7", null)).isEmpty();
        assertThat(outputs("{\"score\": [NaN, [Infinity]]}")).isEqualTo(values("score", "[null]"));
    }

    @Test
    void leaveOutWhatOnlyTellsThePageToPlayTheFiles() {
        String animated = "\"animated\": [true]";
        assertThat(outputs("{\"images\": [{\"filename\": \"a.webp\"}], " + animated + "}"))
                .containsExactly(new OutputFile("7", "images", "a.webp", "", FileDirectory.OUTPUT));
        assertThat(outputs("{" + animated + "}")).containsExactly(new OutputValue("7", "animated", JsonValue.TRUE));
    }

    @ParameterizedTest
    @CsvSource({
        "mesh/castle.glb, '', mesh, castle.glb",
        "mesh\\castle.glb, '', mesh, castle.glb",
        "a\\b/c\\castle.glb, '', a/b/c, castle.glb",
        "mesh/castle.glb, out, out/mesh, castle.glb",
        "./castle.glb, ./sub, sub, castle.glb",
        "castle.glb, .\\sub\\., sub, castle.glb",
        "castle.glb, ., '', castle.glb",
        "castle.glb, a\\b, a\\b, castle.glb",
        "100%25 猫 e\u0301.png, sub, sub, 100%25 猫 e\u0301.png"
    })
    void nameFilesWithTheirFoldersApart(String filename, String subfolder, String folder, String name) {
        JsonObject file = Json.createObjectBuilder()
                .add("filename", filename)
                .add("subfolder", subfolder)
                .add("type", "temp")
                .build();
        JsonObject kinds = Json.createObjectBuilder()
                .add("3d", Json.createArrayBuilder().add(file))
                .build();

        OutputFile expected = new OutputFile("7", "3d", name, folder, FileDirectory.TEMP);
        assertThat(ComfyUiCodec.outputs("7", kinds)).containsExactly(expected);
        assertThat(expected.fault()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "../castle.glb, ''",
        "a/../../castle.glb, sub",
        "/etc/passwd, ''",
        "/passwd, ''",
        "/etc/passwd, sub",
        "\\etc\\passwd, ''",
        "C:\\x\\castle.glb, ''",
        "C:/castle.glb, sub",
        "castle.glb, ./../sub",
        "castle.glb, /./sub",
        "sub/, ''",
        "'', ''"
    })
    void stayOutsideIfTheyAre(String filename, String subfolder) {
        JsonObject file = Json.createObjectBuilder()
                .add("filename", filename)
                .add("subfolder", subfolder)
                .build();
        JsonObject kinds = Json.createObjectBuilder().add("images", file).build();

        assertThat(ComfyUiCodec.outputs("7", kinds))
                .singleElement()
                .satisfies(output -> assertThat(((OutputFile) output).fault()).isPresent());
    }

    /** As {@code /api/jobs} of 0.33.0 rewrites what the history has. */
    private static String asJobsTell(String filename) {
        return "{\"filename\": \"%s\", \"type\": \"output\", \"subfolder\": \"\", \"mediaType\": \"3d\"}"
                .formatted(filename);
    }

    @Test
    void areTheSameByEveryRoute() {
        String job = """
                {"id": "j", "status": "completed", "outputs": {"7": {"result": [%s, {"position": 1}], "text": [%s, "other"]}}}""".formatted(asJobsTell("mesh/castle.glb"), asJobsTell("a text that ends in .obj"));
        String history = """
                {"j": {"outputs": {"7": {"result": ["mesh/castle.glb", {"position": 1}, null],
                       "text": ["a text that ends in .obj", "other"]}}}}""";

        List<Output> told = ComfyUiCodec.job(json(job)).orElseThrow().outputs();
        assertThat(told)
                .containsExactly(
                        new OutputFile("7", "result", "castle.glb", "mesh", FileDirectory.OUTPUT),
                        new OutputValue("7", "result", json("{\"position\": 1}")),
                        new OutputText("7", "text", "a text that ends in .obj"),
                        new OutputText("7", "text", "other"));
        assertThat(ComfyUiCodec.history(json(history)))
                .singleElement()
                .satisfies(found -> assertThat(found.outputs()).isEqualTo(told));
    }

    @Test
    void areValuesIfTheyLieInNoDirectoryOfTheServer() {
        String file = "{\"filename\": \"a.png\", \"type\": \"cloud\"}";
        assertThat(outputs("{\"images\": [" + file + "]}")).containsExactly(new OutputValue("7", "images", json(file)));
    }

    @Test
    void takeOnlyNamesOfModelsForFiles() {
        assertThat(outputs("{\"result\": [\"3d/a.GLB [temp]\", \"a\\nb.obj\", \"see castle.png\", \".glb\"]}"))
                .containsExactly(
                        new OutputFile("7", "result", "a.GLB", "3d", FileDirectory.TEMP),
                        new OutputText("7", "result", "a\nb.obj"),
                        new OutputText("7", "result", "see castle.png"),
                        new OutputText("7", "result", ".glb"));
    }
}
