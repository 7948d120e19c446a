package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.genaiconnector.client.RecordMismatchException;
import org.genaiconnector.client.RecordSchema;
import org.genaiconnector.storyboard.StoryWriter.Draft;
import org.junit.jupiter.api.Test;

class StoryWriterTest {
    private final RecordSchema<Draft> schema = RecordSchema.of(Draft.class);

    @Test
    void readsTheScenesThatAModelWrites() throws Exception {
        Draft draft = schema.read("{\"scenes\": [{\"text\": \" A boat. \"}, {\"text\": \"A storm.\"}]}");
        assertThat(draft.scenes()).extracting(StoryWriter.Scene::text).containsExactly("A boat.", "A storm.");
    }

    @Test
    void takesNoEmptyScene() {
        assertThatThrownBy(() -> schema.read("{\"scenes\": [{\"text\": \"A boat.\"}, {\"text\": \" \"}]}"))
                .isInstanceOfSatisfying(
                        RecordMismatchException.class,
                        e -> assertThat(e.problems())
                                .containsExactly("scenes[1] is refused: a scene must not be empty"));
        assertThatThrownBy(() -> schema.read("{\"scenes\": []}")).hasMessageContaining("at least one scene");
    }
}
