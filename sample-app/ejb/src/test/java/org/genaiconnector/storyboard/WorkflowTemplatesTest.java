package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.Reference;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowParameter;
import org.genaiconnector.comfyui.WorkflowTemplate;
import org.junit.jupiter.api.Test;

class WorkflowTemplatesTest {

    /** What an administrator may have bound, with inputs of a node called as the parameters say. */
    private static final class Bound implements WorkflowTemplate {
        private static final long serialVersionUID = 1L;

        private static final JsonValue OWN = Json.createValue("own.safetensors");

        private final List<String> names;
        private transient Map<String, ?> given = Map.of();

        private Bound(String... names) {
            this.names = new ArrayList<>(List.of(names));
        }

        @Override
        public Workflow workflow() throws GenAiException {
            return Workflow.parse("{\"1\": {\"class_type\": \"Painter\", \"inputs\": {}}}");
        }

        @Override
        public List<WorkflowParameter> parameters() throws GenAiException {
            if (names.isEmpty()) {
                throw new GenAiException(FailureCategory.NOT_FOUND, "there is no such file");
            }
            return names.stream()
                    .map(name -> new WorkflowParameter(name, "1.any", WorkflowParameter.Type.ANY, OWN, false))
                    .toList();
        }

        @Override
        public Workflow with(Map<String, ?> values) throws GenAiException {
            if (!names.containsAll(values.keySet())) {
                throw new IllegalArgumentException("Its parameters are " + names);
            }
            given = values;
            return workflow();
        }

        @Override
        public void setReference(Reference reference) {}

        @Override
        public Reference getReference() {
            return null;
        }
    }

    private static WorkflowTemplates templates(Bound bound, String checkpoint) {
        return new WorkflowTemplates(bound, new Checkpoints(Optional.empty(), () -> List.of(checkpoint)));
    }

    private static void paint(Bound bound, String checkpoint) throws Exception {
        templates(bound, checkpoint).paint("text-to-image", Map.of(), "a lighthouse");
    }

    @Test
    void setsANewSeedAndACheckpointWhereTheAdministratorLetsIt() throws Exception {
        Bound bound = new Bound("positive.text", "sampler.seed", "checkpoint.ckpt_name");
        paint(bound, "mine.safetensors");

        assertThat(bound.given.get("positive.text")).isEqualTo("a lighthouse");
        assertThat(bound.given.get("sampler.seed")).isInstanceOf(Long.class);
        assertThat(bound.given.get("checkpoint.ckpt_name")).isEqualTo("mine.safetensors");
    }

    @Test
    void leavesAloneWhatTheAdministratorDoesNotOffer() throws Exception {
        Bound bound = new Bound("positive.text");
        paint(bound, "mine.safetensors");

        assertThat(bound.given.keySet()).hasToString("[positive.text]");
    }

    @Test
    void keepsTheSeedAndTheCheckpointOfTheCaller() throws Exception {
        Bound bound = new Bound("positive.text", "sampler.seed", "checkpoint.ckpt_name");
        templates(bound, "mine.safetensors")
                .fill("text-to-image", Map.of("sampler.seed", 7, "checkpoint.ckpt_name", "other.safetensors"));

        assertThat(bound.given.get("sampler.seed")).isEqualTo(7);
        assertThat(bound.given.get("checkpoint.ckpt_name")).isEqualTo("other.safetensors");
    }

    @Test
    void doesNotBlameTheCallerForAWorkflowThatCannotBeUsed() {
        for (Bound unusable : List.of(new Bound(), new Bound("prompt"))) {
            assertThatThrownBy(() -> paint(unusable, "mine.safetensors"))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE))
                    .hasMessageContaining("java:app/genai/text-to-image");
        }
    }

    @Test
    void tellsACallerWhatThereIsToBeSet() {
        WorkflowTemplates templates = templates(new Bound("positive.text"), "mine.safetensors");

        assertThatThrownBy(() -> templates.fill("text-to-image", Map.of("positive.txt", "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("positive.text");
        assertThatThrownBy(() -> templates.check("text-to-image", Map.of("positive.txt", "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("positive.text");
    }

    @Test
    void keepsTheTextForTheScene() {
        WorkflowTemplates templates = templates(new Bound("positive.text"), "mine.safetensors");

        assertThatThrownBy(() -> templates.check("text-to-image", Map.of("positive.text", "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("text of the scene");
    }

    @Test
    void asksForNoCheckpointToCheckParameters() {
        WorkflowTemplates templates = new WorkflowTemplates(
                new Bound("positive.text", "checkpoint.ckpt_name"), new Checkpoints(Optional.empty(), () -> {
                    throw new GenAiException(FailureCategory.UNAVAILABLE, "ComfyUI was asked");
                }));

        assertThatCode(() -> templates.check("text-to-image", Map.of())).doesNotThrowAnyException();
    }
}
