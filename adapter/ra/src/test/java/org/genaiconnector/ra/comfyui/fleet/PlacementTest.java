package org.genaiconnector.ra.comfyui.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Placement: which backend finishes a job first")
class PlacementTest {
    /** A job of 10 s, and 30 s to load its model. */
    private static final Placement.Times TIMES = new Placement.Times(Duration.ofSeconds(10), Duration.ofSeconds(30));

    private static JobNeeds needs(String... tags) {
        return new JobNeeds(
                "kind",
                Set.of("Loader"),
                Set.of(new JobNeeds.ModelUse("Loader", "name", "m.safetensors")),
                Set.of("m.safetensors"),
                List.of(tags),
                List.of());
    }

    /** {@code LIVE 2x 40s 3 +m t=1}: state, weight, work ahead, jobs; {@code +m}: has the model, {@code t=1}: a tag, {@code -x}: lacks. */
    private static BackendView view(String name, String text) {
        List<String> words = Arrays.asList(text.strip().split(" "));
        return new BackendView(
                name,
                URI.create("http://" + name),
                Integer.parseInt(words.get(1).replace("x", "")),
                words.stream().filter(word -> word.contains("=")).collect(Collectors.toSet()),
                BackendView.State.valueOf(words.get(0)),
                Duration.ofSeconds(Long.parseLong(words.get(2).replace("s", ""))),
                Integer.parseInt(words.get(3)),
                words.contains("+m") ? Set.of("m.safetensors") : Set.of(),
                words.stream()
                        .filter(word -> word.startsWith("-"))
                        .map(word -> "model file " + word.substring(1))
                        .toList());
    }

    private static Placement.Choice choose(String one, String two, String... tags) {
        return Placement.choose(needs(tags), TIMES, List.of(view("one", one), view("two", two)));
    }

    @ParameterizedTest(name = "{0} or {1}: {2} ({3})")
    @CsvSource(delimiter = ';', textBlock = """
            LIVE 1x 0s 0       ; LIVE 1x 0s 0        ; one ; equals go by the order of the configuration
            LIVE 1x 10s 1      ; LIVE 1x 0s 0        ; two ; the shorter queue
            LIVE 1x 0s 0       ; LIVE 1x 0s 0 +m     ; two ; its model is loaded
            LIVE 1x 0s 0       ; LIVE 1x 59s 6 +m    ; two ; waiting is shorter than loading, which others wait for, too
            LIVE 1x 0s 0       ; LIVE 1x 61s 6 +m    ; one ; loading is shorter than waiting
            LIVE 1x 30s 3      ; LIVE 3x 60s 6       ; two ; three times as fast
            LIVE 1x 30s 3      ; LIVE 3x 90s 9       ; two ; a third of 160 s is less than 100 s
            LIVE 1x 0s 1       ; LIVE 1x 0s 0        ; two ; fewer jobs, though they take no time
            DOWN 1x 0s 0       ; LIVE 1x 500s 9      ; two ; a dead backend is not asked
            DRAINED 1x 0s 0    ; LIVE 1x 500s 9      ; two ; a drained backend gets no jobs
            TRIED 1x 0s 0      ; LIVE 1x 500s 9      ; two ; not again where it was refused
            LIVE 1x 0s 0 -m    ; LIVE 1x 500s 9      ; two ; not where the model is missing
            """)
    void choosesWhatEndsFirst(String one, String two, String chosen, String why) {
        assertThat(choose(one, two).backend()).as(why).map(BackendView::name).hasValue(chosen);
    }

    @Test
    void requiresTags() {
        assertThat(choose("LIVE 1x 0s 0 gpu=8g", "LIVE 1x 500s 9 gpu=24g a=b", "gpu=24g")
                        .backend())
                .map(BackendView::name)
                .hasValue("two");
    }

    @Test
    void saysOfEachBackendWhatItLacks() {
        Placement.Choice choice = choose("LIVE 1x 0s 0 gpu=8g", "LIVE 1x 0s 0 gpu=24g -m -n", "gpu=24g");
        assertThat(choice.backend()).isEmpty();
        assertThat(choice.possible()).isFalse();
        assertThat(choice.reasons()).containsExactly("one has no tag gpu=24g", "two lacks model file m, model file n");
    }

    @Test
    void knowsThatAnotherTimeMayBeBetter() {
        Placement.Choice choice = choose("DOWN 1x 0s 0", "DRAINED 1x 0s 0");
        assertThat(choice.possible()).isTrue();
        assertThat(choice.reasons()).containsExactly("one does not answer", "two is drained");
    }
}
