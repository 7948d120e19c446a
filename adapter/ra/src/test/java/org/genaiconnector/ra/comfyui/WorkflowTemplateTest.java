package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.Map;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowParameter;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The administered object, configured as a container would, rightly and wrongly. */
class WorkflowTemplateTest {
    private static final String WORKFLOW = """
            {"6": {"class_type": "CLIPTextEncode", "inputs": {"text": "old", "clip": ["4", 1]}, "_meta": {"title": "positive"}},
             "3": {"class_type": "KSampler", "inputs": {"seed": 1, "tiled": true}},
             "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a.safetensors"}}}""";

    @TempDir
    private Path directory;

    private Path file;
    private WorkflowTemplateImpl template;

    @BeforeEach
    void configure() throws Exception {
        file = Files.writeString(directory.resolve("painting.json"), WORKFLOW);
        template = new WorkflowTemplateImpl();
        template.setWorkflowFile(file.toString());
        template.setParameters("prompt=positive.text, seed = KSampler.seed,tiled=3.tiled");
        template.setRequiredParameters("prompt");
    }

    private static void assertWrong(WorkflowTemplateImpl template, FailureCategory category, String... words) {
        assertThatThrownBy(template::workflow)
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(category))
                .message()
                .contains(words);
    }

    @Test
    void listsItsParameters() throws Exception {
        assertThat(template.parameters())
                .containsExactly(
                        new WorkflowParameter(
                                "prompt", "positive.text", WorkflowParameter.Type.TEXT, Json.createValue("old"), true),
                        new WorkflowParameter(
                                "seed", "KSampler.seed", WorkflowParameter.Type.NUMBER, Json.createValue(1), false),
                        new WorkflowParameter(
                                "tiled", "3.tiled", WorkflowParameter.Type.SWITCH, JsonValue.TRUE, false));
    }

    @Test
    void setsParametersAndLeavesTheRest() throws Exception {
        Workflow filled = template.with(Map.of("prompt", "new", "tiled", false));

        assertThat(filled)
                .isEqualTo(Workflow.parse(WORKFLOW).with("6.text", "new").with("3.tiled", false));
        assertThat(template.workflow()).isEqualTo(Workflow.parse(WORKFLOW));
    }

    @Test
    void takesAllKindsOfNumbers() throws Exception {
        for (Number number : new Number[] {7, 7L, (short) 7, (byte) 7, BigInteger.valueOf(7)}) {
            assertThat(template.with(Map.of("prompt", "", "seed", number)).value("3.seed"))
                    .isEqualTo(Json.createValue(7));
        }
        assertThat(template.with(Map.of("prompt", "", "seed", 0.1f)).value("3.seed"))
                .hasToString("0.1");
        assertThat(template.with(Map.of("prompt", Json.createValue("x"))).value("6.text"))
                .isEqualTo(Json.createValue("x"));
    }

    @Test
    void namesAllThatIsWrongWithValues() {
        assertThatThrownBy(() -> template.with(Map.of("seed", "five", "tiled", 1, "steps", 20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prompt is required")
                .hasMessageContaining("seed is a number and cannot be a text")
                .hasMessageContaining("tiled is true or false and cannot be a number")
                .hasMessageContaining("there is no parameter steps")
                .hasMessageContaining("Its parameters are prompt (a text, required), seed (a number)");
    }

    @Test
    void refusesValuesThatWorkflowsCannotHave() {
        for (Object value : new Object[] {new Date(), Double.NaN, JsonValue.EMPTY_JSON_ARRAY, new int[0]}) {
            assertThatThrownBy(() -> template.with(Map.of("prompt", value)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("prompt cannot be");
        }
        assertThatThrownBy(() -> template.with(Collections.singletonMap("prompt", null)))
                .hasMessageContaining("prompt cannot be null");
    }

    @Test
    void takesAWorkflowInPlace() throws Exception {
        template.setWorkflowFile(null);
        template.setWorkflow(WORKFLOW);

        assertThat(template.with(Map.of("prompt", "new")).value("6.text")).isEqualTo(Json.createValue("new"));
    }

    @Test
    void worksWithoutParameters() throws Exception {
        template.setParameters(null);
        template.setRequiredParameters(null);

        assertThat(template.parameters()).isEmpty();
        assertThat(template.with(Map.of())).isEqualTo(template.workflow());
        assertThatThrownBy(() -> template.with(Map.of("x", 1))).hasMessageContaining("Its parameters are none");
    }

    @Test
    void readsAFileAgainOnlyAfterItHasChanged() throws Exception {
        Workflow first = template.workflow();
        assertThat(template.workflow()).isSameAs(first);

        Files.writeString(file, WORKFLOW.replace("old", "young"));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));

        assertThat(template.workflow().value("6.text")).isEqualTo(Json.createValue("young"));
    }

    @Test
    void tellsOfAFileThatIsGoneAndRecovers() throws Exception {
        template.workflow();
        Files.delete(file);
        assertWrong(template, FailureCategory.NOT_FOUND, file.toString(), "there is no such file");

        Files.writeString(file, WORKFLOW);
        assertThat(template.workflow()).isEqualTo(Workflow.parse(WORKFLOW));
    }

    @Test
    void tellsOfAFileThatIsNoWorkflow() throws Exception {
        Files.writeString(file, "{\"nodes\": [], \"links\": []}");
        assertWrong(template, FailureCategory.INVALID_REQUEST, file.toString(), "Export (API)");

        Files.writeString(file, "{\"7\": {\"class_type\": \"SaveImage\"}}");
        assertThatThrownBy(template::workflow)
                .isInstanceOfSatisfying(
                        WorkflowRejectedException.class,
                        e -> assertThat(e.nodeErrors()).containsOnlyKeys("7"))
                .hasMessageContaining(file.toString());

        Files.write(file, "{\"ü\"".getBytes(StandardCharsets.ISO_8859_1));
        assertWrong(template, FailureCategory.INVALID_REQUEST, file.toString(), "not in UTF-8");
    }

    @Test
    void readsFilesThatBeginWithAByteOrderMark() throws Exception {
        Files.writeString(file, "\uFEFF" + WORKFLOW);
        assertThat(template.workflow()).isEqualTo(Workflow.parse(WORKFLOW));
    }

    @ParameterizedTest
    @CsvSource({
        "'prompt=negative.text', prompt, 'it has 3.seed'",
        "'prompt', \"prompt\", name=input",
        "'=positive.text', positive.text, name=input",
        "'prompt=', prompt=, name=input",
        "'a=3.seed,a=3.tiled', two parameters a, ''",
        "'seed=3.seed', requires parameters, prompt",
    })
    void tellsOfWrongParameters(String parameters, String one, String other) {
        template.setParameters(parameters);
        assertWrong(template, FailureCategory.INVALID_REQUEST, file.toString(), one, other);
    }

    @Test
    void needsExactlyOneWorkflow() {
        template.setWorkflow(WORKFLOW);
        assertWrong(template, FailureCategory.INVALID_REQUEST, "workflowFile", "both");
        template.setWorkflow(null);
        template.setWorkflowFile(" ");
        assertWrong(template, FailureCategory.INVALID_REQUEST, "workflowFile", "neither");
    }

    @Test
    void survivesSerialization() throws Exception {
        template.workflow();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(template);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            WorkflowTemplateImpl copy = (WorkflowTemplateImpl) in.readObject();
            assertThat(copy).isEqualTo(template).hasSameHashCodeAs(template);
            assertThat(copy.with(Map.of("prompt", "x"))).isEqualTo(template.with(Map.of("prompt", "x")));
        }
    }

    @Test
    void namesTitlesWithCommasSignsAndQuotationMarks() throws Exception {
        template.setWorkflowFile(null);
        template.setWorkflow("""
                {"1": {"class_type": "A", "inputs": {"text": "a"}, "_meta": {"title": "Positive, main = \\"best\\""}},
                 "2": {"class_type": "A", "inputs": {"text": "b"}, "_meta": {"title": "5\\" wide"}},
                 "3": {"class_type": "A", "inputs": {"text": "c"}, "_meta": {"title": "\\"all\\""}}}""");
        template.setParameters(
                "\"the, prompt\" = \"Positive, main = \"\"best\"\"\".text, width=5\" wide.text, all=\"all\".text, whole=\"2.text\"");
        template.setRequiredParameters("\"the, prompt\", width");

        assertThat(template.parameters())
                .extracting(WorkflowParameter::name)
                .containsExactly("the, prompt", "width", "all", "whole");
        assertThat(template.parameters())
                .extracting(parameter -> parameter.defaultValue().toString())
                .containsExactly("\"a\"", "\"b\"", "\"c\"", "\"b\"");
        assertThat(template.with(Map.of("the, prompt", "x", "width", "y")).value("1.text"))
                .hasToString("\"x\"");
        assertThatThrownBy(() -> template.with(Map.of("width", "y"))).hasMessageContaining("the, prompt is required");
    }

    @Test
    void saysWhatIsWrongWithATitleThatIsNotQuoted() {
        template.setParameters("prompt=Positive, main.text");
        template.setRequiredParameters(null);
        assertWrong(template, FailureCategory.INVALID_REQUEST, "prompt", "leads nowhere");
        template.setParameters("prompt=\"positive.text");
        assertWrong(template, FailureCategory.INVALID_REQUEST, "\"positive.text");
        template.setParameters("=\"\"");
        assertWrong(template, FailureCategory.INVALID_REQUEST, "not name=input");
    }
}
