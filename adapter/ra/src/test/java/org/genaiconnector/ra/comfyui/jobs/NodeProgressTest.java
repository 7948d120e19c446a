package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.util.Set;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.ra.comfyui.wire.SignalCodec;
import org.genaiconnector.ra.json.LenientJson;
import org.junit.jupiter.api.Test;

/** Progress of workflows whose nodes expand into others, as loops do; messages as servers 0.3.10 and 0.33.0 send them. */
class NodeProgressTest {
    private final NodeProgress progress = new NodeProgress(Set.of("1", "2", "5", "9"));

    private JobProgress after(String type, String data) {
        String message = "{\"type\": \"" + type + "\", \"data\": " + data + "}";
        progress.apply(SignalCodec.read((JsonObject) LenientJson.read(message)).orElseThrow());
        return progress.current().orElseThrow();
    }

    private JobProgress executing(String node, String display) {
        return after(
                "executing",
                "{\"node\": \"%s\", \"display_node\": \"%s\", \"prompt_id\": \"j\"}".formatted(node, display));
    }

    private static String state(String id, String display, String real, String state, int value, int max) {
        return """
                "%s": {"value": %d, "max": %d, "state": "%s", "node_id": "%s", "prompt_id": "j", "display_node_id": "%s",
                       "parent_node_id": null, "real_node_id": "%s"}""".formatted(id, value, max, state, id, display, real);
    }

    private JobProgress states(String... states) {
        return after("progress_state", "{\"prompt_id\": \"j\", \"nodes\": {" + String.join(",", states) + "}}");
    }

    @Test
    void showsExpandedNodesAsThoseOfTheWorkflow() {
        executing("1", "1");
        states(state("1", "1", "1", "finished", 1, 1), state("5.0.0.2", "2", "5", "running", 3, 10));
        assertThat(progress.current().orElseThrow()).satisfies(now -> {
            assertThat(now.node()).isEqualTo("2");
            assertThat(now.value()).isEqualTo(3);
            assertThat(now.max()).isEqualTo(10);
        });
        assertThat(states(state("5.0.0.3", "unknown", "5", "running", 1, 4)).node())
                .isEqualTo("5");
        assertThat(executing("5.0.0.7", "9").node()).isEqualTo("9");
        assertThat(after("progress", "{\"node\": \"5.0.0.8\", \"value\": 1, \"max\": 2, \"prompt_id\": \"j\"}")
                        .node())
                .isEqualTo("5");
    }

    @Test
    void isNotDoneWhileALoopGoesOn() {
        executing("1", "1");
        states(state("1", "1", "1", "finished", 1, 1), state("2", "2", "2", "finished", 1, 1));
        executing("5", "5");
        double before = states(state("5", "5", "5", "running", 0, 1)).overall();
        for (int turn = 0; turn < 20; turn++) {
            executing("5.0.0." + turn, "2");
            executing("5.0.1." + turn, "9");
            states(
                    state("5.0.0." + turn, "2", "5", "finished", 1, 1),
                    state("5.0.1." + turn, "9", "5", "finished", 1, 1),
                    state("5", "5", "5", "running", 1, 1));
        }
        assertThat(before).isEqualTo(0.5);
        assertThat(progress.current().orElseThrow().overall()).isBetween(0.5, 0.75);
        states(state("5", "5", "5", "finished", 1, 1));
        assertThat(executing("9", "9").overall()).isEqualTo(0.75);
        assertThat(states(state("9", "9", "9", "finished", 1, 1)).overall()).isEqualTo(1);
    }

    @Test
    void isNotDoneWhileALoopGoesOnOnServersThatTellNoStates() {
        executing("1", "1");
        executing("2", "2");
        executing("5", "5");
        double before = progress.current().orElseThrow().overall();
        for (int turn = 0; turn < 20; turn++) {
            executing("5.0.0." + turn, "2");
            executing("5.0.1." + turn, "9");
        }
        assertThat(before).isEqualTo(0.5);
        assertThat(executing("9", "9").overall()).isLessThan(0.8);
        after("executed", "{\"node\": \"9\", \"display_node\": \"9\", \"output\": {}, \"prompt_id\": \"j\"}");
        assertThat(progress.current().orElseThrow().overall()).isLessThanOrEqualTo(0.99);
    }

    @Test
    void anOutputOfAnExpandedNodeDoesNotFinishTheNodeItIsShownAs() {
        executing("5", "5");
        JobProgress now = after(
                "executed", "{\"node\": \"5.0.0.1\", \"display_node\": \"9\", \"output\": {}, \"prompt_id\": \"j\"}");
        assertThat(now.overall()).isZero();
    }

    @Test
    void allStepsOfTheLastNodeAreNotItsEnd() {
        executing("1", "1");
        states(
                state("1", "1", "1", "finished", 1, 1),
                state("2", "2", "2", "finished", 1, 1),
                state("5", "5", "5", "finished", 1, 1));
        assertThat(states(state("9", "9", "9", "running", 20, 20)).overall()).isEqualTo(0.99);
    }
}
