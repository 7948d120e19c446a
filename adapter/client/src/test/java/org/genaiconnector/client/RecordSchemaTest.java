package org.genaiconnector.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.ResponseFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSchemaTest {

    enum Mood {
        CALM,
        WILD
    }

    @Description("A thing in a picture")
    record Prop(
            String name, @Description("how many of them") int count) {}

    record Scene(String text, Mood mood, List<Prop> props, Optional<Prop> hero, boolean night, double light) {}

    record Numbers(
            byte b,
            Short s,
            int i,
            Long l,
            float f,
            Double d,
            Boolean flag,
            Optional<List<String>> words,
            List<Optional<Integer>> holes) {}

    record Share(int percent) {
        Share {
            if (percent > 100) {
                throw new IllegalArgumentException("percent must be 100 at most");
            }
        }
    }

    record Shares(List<Share> shares) {}

    record WithMap(String name, Inner inner) {}

    record Inner(Map<String, String> values) {}

    record Tree(String name, List<Tree> children) {}

    private static final RecordSchema<Scene> SCENE = RecordSchema.of(Scene.class);

    private static final String GOOD = """
        {"text": "A lighthouse", "mood": "WILD", "props": [{"name": "gull", "count": 2}], "hero": null,
         "night": true, "light": 0.5}\
        """;

    private static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static List<String> problems(RecordSchema<?> schema, String text) {
        return catchThrowableOfType(RecordMismatchException.class, () -> schema.read(text))
                .problems();
    }

    @Test
    void describesTheRecordStrictly() {
        String prop = """
            {"type": "object", "description": "A thing in a picture",
             "properties": {"name": {"type": "string"},
                            "count": {"type": "integer", "description": "how many of them"}},
             "required": ["name", "count"], "additionalProperties": false}\
            """;
        assertThat(SCENE.schema()).isEqualTo(json("""
            {"type": "object",
             "properties": {
               "text": {"type": "string"},
               "mood": {"type": "string", "enum": ["CALM", "WILD"]},
               "props": {"type": "array", "items": %s},
               "hero": {"anyOf": [%s, {"type": "null"}]},
               "night": {"type": "boolean"},
               "light": {"type": "number"}},
             "required": ["text", "mood", "props", "hero", "night", "light"],
             "additionalProperties": false}\
            """.formatted(prop, prop)));
        assertThat(SCENE.responseFormat()).isEqualTo(ResponseFormat.schema("Scene", SCENE.schema()));
    }

    @Test
    void readsTheRecord() throws Exception {
        assertThat(SCENE.read(GOOD))
                .isEqualTo(new Scene(
                        "A lighthouse", Mood.WILD, List.of(new Prop("gull", 2)), Optional.empty(), true, 0.5));
    }

    @Test
    void readsAllKindsOfNumbers() throws Exception {
        assertThat(RecordSchema.of(Numbers.class).read("""
            {"b": -128, "s": 32767, "i": 3.0, "l": 9223372036854775807, "f": 1.5, "d": 1e3, "flag": false,
             "words": ["a"], "holes": [1, null]}\
            """))
                .isEqualTo(new Numbers(
                        (byte) -128,
                        Short.MAX_VALUE,
                        3,
                        Long.MAX_VALUE,
                        1.5f,
                        1000.0,
                        false,
                        Optional.of(List.of("a")),
                        List.of(Optional.of(1), Optional.empty())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "```json\n%s\n```",
                "Here it is:\n%s\nI hope you like it!",
                "<think>{maybe} a boat?</think>\n%s",
            })
    void toleratesWhatModelsWriteAroundTheirJson(String form) throws Exception {
        assertThat(SCENE.read(form.formatted(GOOD)).text()).isEqualTo("A lighthouse");
    }

    @Test
    void ignoresMembersThatTheRecordDoesNotHave() throws Exception {
        assertThat(RecordSchema.of(Share.class).read("{\"percent\": 7, \"note\": \"about\"}"))
                .isEqualTo(new Share(7));
    }

    @Test
    void namesEverythingThatDoesNotFit() {
        assertThat(problems(SCENE, """
            {"text": 1, "mood": "SAD", "props": [{"name": "gull", "count": 1.5}, 7], "hero": {"name": "cat"},
             "night": "yes"}\
            """))
                .containsExactly(
                        "text must be a string, but is 1",
                        "mood must be one of CALM, WILD, but is \"SAD\"",
                        "props[0].count must be an integer of 32 bits, but is 1.5",
                        "props[1] must be an object, but is 7",
                        "hero.count is missing",
                        "night must be true or false, but is \"yes\"",
                        "light is missing");
    }

    @Test
    void reportsWhatTheRecordsOwnChecksRefuse() {
        assertThat(problems(RecordSchema.of(Shares.class), "{\"shares\": [{\"percent\": 7}, {\"percent\": 101}]}"))
                .containsExactly("shares[1] is refused: percent must be 100 at most");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"I cannot | no JSON object", "{\"text\": } | not JSON", "{\"a\": {} | not JSON"})
    void tellsThatAnAnswerIsNoJson(String text, String problem) {
        assertThat(problems(SCENE, text)).singleElement().asString().contains(problem);
        assertThatThrownBy(() -> SCENE.read(text))
                .isInstanceOfSatisfying(RecordMismatchException.class, e -> {
                    assertThat(e.category()).isEqualTo(FailureCategory.PROTOCOL);
                    assertThat(e.isRetryable()).isTrue();
                })
                .hasMessageContaining("Scene");
    }

    @Test
    void namesTheComponentOfAnUnsupportedType() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordSchema.of(WithMap.class))
                .withMessageContainingAll("WithMap.inner.values", "Map");
    }

    @Test
    void refusesARecordThatContainsItself() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordSchema.of(Tree.class))
                .withMessageContaining("Tree.children");
    }

    record Amount(double value, Optional<Long> whole) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e-2147483648",
                "1e2147483648",
                "1e-99999999999999",
                "1e-2147483647",
                "1e2147483647",
                "-1e400000000",
                "DIGITS",
                "0.DIGITS",
                "DEEP"
            })
    void failsWithAMismatchBeyondTheParsersLimits(String number) {
        String value =
                number.replace("DIGITS", "9".repeat(2_000)).replace("DEEP", "[".repeat(3_000) + "]".repeat(3_000));
        for (String json : List.of(
                "{\"value\": " + value + "}",
                "{\"value\": 1, \"whole\": " + value + "}",
                "{\"value\": 1, \"whole\": {\"a\": " + value + "}}",
                "{\"value\": \"no\", \"other\": " + value + "}")) {
            try {
                assertThat(RecordSchema.of(Amount.class).read(json)).isNotNull(); // a double may well be infinite or 0
            } catch (RecordMismatchException e) {
                assertThat(e.problems()).isNotEmpty();
                assertThat(e.getMessage().length()).isLessThan(4_000);
            }
        }
    }
}
