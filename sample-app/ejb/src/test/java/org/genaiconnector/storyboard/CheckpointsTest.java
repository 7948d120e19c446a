package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

    private static final String OWN = "dreamcoast_v2.safetensors";

    private static String choose(String... installed) throws Exception {
        return new Checkpoints(Optional.empty(), () -> List.of(installed)).choose(OWN);
    }

    @Test
    void takesThatOfTheWorkflowIfComfyUiHasIt() throws Exception {
        assertThat(choose("a.safetensors", OWN)).isEqualTo(OWN);
    }

    @Test
    void takesTheFirstThatComfyUiHasOtherwise() throws Exception {
        assertThat(choose("b.safetensors", "a.safetensors")).isEqualTo("b.safetensors");
    }

    @Test
    void saysThatComfyUiHasNone() {
        assertThatThrownBy(() -> choose())
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE))
                .hasMessageContaining("has no checkpoint")
                .hasMessageContaining("models/checkpoints");
    }

    @Test
    void takesTheConfiguredOneUnseen() throws Exception {
        Checkpoints checkpoints = new Checkpoints(Optional.of("mine.safetensors"), () -> {
            throw new GenAiException(FailureCategory.UNAVAILABLE, "ComfyUI was asked");
        });

        assertThat(checkpoints.choose(OWN)).isEqualTo("mine.safetensors");
    }

    @Test
    void leavesTheWorkflowAsItIsWhereComfyUiCannotTell() throws Exception {
        Checkpoints checkpoints = new Checkpoints(Optional.empty(), () -> {
            throw new GenAiException(FailureCategory.NOT_FOUND, "no such route");
        });

        assertThat(checkpoints.choose(OWN)).isEqualTo(OWN);
    }

    @Test
    void passesOnWhyComfyUiCannotBeAsked() {
        Checkpoints checkpoints = new Checkpoints(Optional.empty(), () -> {
            throw new GenAiException(FailureCategory.TIMEOUT_CONNECT, "silence");
        });

        assertThatThrownBy(() -> checkpoints.choose(OWN)).hasMessage("silence");
    }
}
