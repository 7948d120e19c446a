package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                    .map(name ->
                            new WorkflowParameter(name, "1.any", WorkflowParameter.Type.ANY, JsonValue.NULL, false))
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

    @Test
    void setsANewSeedAndTheCheckpointWhereTheAdministratorLetsIt() throws Exception {
        Bound bound = new Bound("positive.text", "sampler.seed", "checkpoint.ckpt_name");
        new WorkflowTemplates(bound, Optional.of("mine.safetensors")).textToImage("a lighthouse");

        assertThat(bound.given.get("positive.text")).isEqualTo("a lighthouse");
        assertThat(bound.given.get("sampler.seed")).isInstanceOf(Long.class);
        assertThat(bound.given.get("checkpoint.ckpt_name")).isEqualTo("mine.safetensors");
    }

    @Test
    void leavesAloneWhatTheAdministratorDoesNotOffer() throws Exception {
        Bound bound = new Bound("positive.text");
        new WorkflowTemplates(bound, Optional.of("mine.safetensors")).textToImage("a lighthouse");

        assertThat(bound.given.keySet()).hasToString("[positive.text]");
    }

    @Test
    void keepsTheSeedOfTheCaller() throws Exception {
        Bound bound = new Bound("positive.text", "sampler.seed");
        new WorkflowTemplates(bound, Optional.empty()).fill("text-to-image", Map.of("sampler.seed", 7));

        assertThat(bound.given.get("sampler.seed")).isEqualTo(7);
    }

    @Test
    void doesNotBlameTheCallerForAWorkflowThatCannotBeUsed() {
        for (Bound unusable : List.of(new Bound(), new Bound("prompt"))) {
            assertThatThrownBy(() -> new WorkflowTemplates(unusable, Optional.empty()).textToImage("a lighthouse"))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE))
                    .hasMessageContaining("java:app/genai/text-to-image");
        }
    }

    @Test
    void tellsACallerWhatThereIsToBeSet() {
        WorkflowTemplates templates = new WorkflowTemplates(new Bound("positive.text"), Optional.empty());

        assertThatThrownBy(() -> templates.fill("text-to-image", Map.of("positive.txt", "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("positive.text");
    }
}
