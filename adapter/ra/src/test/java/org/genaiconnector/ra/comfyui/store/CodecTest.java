package org.genaiconnector.ra.comfyui.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Supplier;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.OutputValue;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read again as it was. */
class CodecTest {
    private static final int ROUNDS = 500;

    private final Random random = new Random(15);

    private String text() {
        String all = "a\"\\\u0000\n\t{}[]é漢\uD83D\uDE00' ;--";
        int[] points = all.codePoints().toArray();
        StringBuilder text = new StringBuilder("x");
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private <T> List<T> some(Supplier<T> value) {
        List<T> all = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            all.add(value.get());
        }
        return all;
    }

    private JsonValue json() {
        return switch (random.nextInt(7)) {
            case 0 -> JsonValue.NULL;
            case 1 -> JsonValue.TRUE;
            case 2 -> Json.createValue(text());
            case 3 -> Json.createValue(random.nextLong());
            case 4 -> Json.createValue(java.math.BigDecimal.valueOf(random.nextGaussian() * 1e30));
            case 5 -> Json.createObjectBuilder().add(text(), json()).build();
            default -> Json.createArrayBuilder().add(json()).add(json()).build();
        };
    }

    private Submission submission() {
        JsonObjectBuilder inputs = Json.createObjectBuilder();
        some(this::text)
                .forEach(name -> inputs.add(name, Json.createObjectBuilder().add("v", json())));
        try {
            Submission.Builder builder = Submission.builder(Workflow.of(Json.createObjectBuilder()
                            .add(
                                    "1",
                                    Json.createObjectBuilder()
                                            .add("class_type", text())
                                            .add("inputs", inputs))
                            .build()))
                    .tag(maybe(this::text).orElse(null))
                    .caller(maybe(this::text).orElse(null))
                    .targets(some(this::text))
                    .previewMethod(maybe(this::text).orElse(null))
                    .extraData(Json.createObjectBuilder().add(text(), json()).build())
                    .partial(random.nextBoolean())
                    .timeout(maybe(() -> Duration.ofNanos(random.nextLong(Long.MAX_VALUE)))
                            .orElse(null));
            return random.nextBoolean()
                    ? builder.number(random.nextGaussian()).build()
                    : builder.front(random.nextBoolean()).build();
        } catch (WorkflowRejectedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void submissions() {
        for (int i = 0; i < ROUNDS; i++) {
            Submission submission = submission();
            assertThat(SubmissionCodec.submission(SubmissionCodec.text(submission)))
                    .isEqualTo(submission);
        }
    }

    private Output output() {
        return switch (random.nextInt(3)) {
            case 0 ->
                new OutputFile(
                        text(),
                        text(),
                        text(),
                        text(),
                        FileDirectory.values()[random.nextInt(FileDirectory.values().length)]);
            case 1 -> new OutputText(text(), text(), text());
            default -> new OutputValue(text(), text(), json());
        };
    }

    private JobStatus status() {
        Map<String, List<NodeError>> errors = new LinkedHashMap<>();
        some(this::text).forEach(node -> errors.put(node, some(() -> new NodeError(text(), text(), text()))));
        return new JobStatus(
                "id",
                JobState.values()[random.nextInt(JobState.values().length)],
                random.nextBoolean() ? OptionalInt.of(random.nextInt()) : OptionalInt.empty(),
                maybe(() -> new JobProgress(random.nextGaussian(), random.nextInt(99), text(), random.nextDouble())),
                maybe(() -> Duration.ofMillis(random.nextInt(1_000_000))),
                some(this::output),
                maybe(() -> new JobFailure(text(), text(), text(), text(), some(this::text))),
                errors);
    }

    @Test
    void statuses() {
        for (int i = 0; i < ROUNDS; i++) {
            JobStatus status = status();
            assertThat(StatusCodec.status("id", StatusCodec.text(status))).isEqualTo(status);
        }
    }

    @Test
    void anOutputMayBeNestedAsDeeplyAsItCanBeRead() {
        JsonArray deep = JsonValue.EMPTY_JSON_ARRAY;
        for (int i = 0; i < 998; i++) {
            deep = Json.createArrayBuilder().add(deep).build();
        }
        JobStatus status = JobStatus.ended(
                "id", JobState.COMPLETED, List.of(new OutputValue("1", "deep", deep)), Optional.empty());
        assertThat(StatusCodec.status("id", StatusCodec.text(status)).outputs().toString())
                .isEqualTo(status.outputs().toString());
    }

    @Test
    void progressThatIsNoNumberIsLeftOut() {
        JobStatus status = JobStatus.of("id", JobState.RUNNING)
                .with(Optional.of(new JobProgress(Double.NaN, 1, "1", 0)), Optional.empty());
        assertThat(StatusCodec.status("id", StatusCodec.text(status)).progress())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{}",
                "{\"workflow\":{}}",
                "{\"workflow\":{\"1\":{\"class_type\":\"A\",\"inputs\":{}}},\"timeout\":\"x\"}"
            })
    void otherTextsAreNoSubmissions(String text) {
        assertThatThrownBy(() -> SubmissionCodec.submission(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a stored submission");
    }
}
