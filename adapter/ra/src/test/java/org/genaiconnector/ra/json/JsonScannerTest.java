package org.genaiconnector.ra.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.genaiconnector.ra.Traces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {

    private static JsonScanner scanner(String json) {
        return new JsonScanner(json.getBytes(StandardCharsets.UTF_8));
    }

    /** The tree that one gets by entering everything. */
    private static JsonValue walk(JsonScanner json) {
        if (json.isObject()) {
            JsonObjectBuilder object = JsonValues.PROVIDER.createObjectBuilder();
            for (boolean more = json.enterObject(); more; more = json.next()) {
                String name = json.name();
                object.add(name, walk(json));
            }
            return object.build();
        }
        if (json.isArray()) {
            JsonArrayBuilder array = JsonValues.PROVIDER.createArrayBuilder();
            for (boolean more = json.enterArray(); more; more = json.next()) {
                array.add(walk(json));
            }
            return array.build();
        }
        return json.isString() ? JsonValues.PROVIDER.createValue(json.string()) : json.tree();
    }

    @Test
    void readsWhatAParserReadsInEveryRecordedAnswer() {
        assertThat(Traces.exchanges("llm"))
                .filteredOn(exchange -> exchange.answer().jsonObjectIfAny().isPresent())
                .isNotEmpty()
                .allSatisfy(exchange -> {
                    JsonScanner json = new JsonScanner(exchange.answer().body());
                    assertThat(walk(json))
                            .isEqualTo(LenientJson.read(exchange.answer().body()));
                    json.end();
                });
    }

    @Test
    void readsWhatAParserReadsInAnyDocument() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            String document = value(random, 4).toString();
            JsonScanner json = scanner(" " + document + "\n");
            assertThat(walk(json)).hasToString(document);
            json.end();
            JsonScanner skipping = scanner(document);
            skipping.skip();
            skipping.end();
        }
    }

    private static JsonValue value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> JsonValue.NULL;
            case 1 -> random.nextBoolean() ? JsonValue.TRUE : JsonValue.FALSE;
            case 2 -> JsonValues.PROVIDER.createValue(random.nextInt());
            case 3 -> JsonValues.PROVIDER.createValue(random.nextGaussian());
            case 4 -> JsonValues.PROVIDER.createValue(text(random));
            case 5 -> {
                JsonArrayBuilder array = JsonValues.PROVIDER.createArrayBuilder();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(random, depth - 1));
                }
                yield array.build();
            }
            default -> {
                JsonObjectBuilder object = JsonValues.PROVIDER.createObjectBuilder();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.add("name" + i, value(random, depth - 1));
                }
                yield object.build();
            }
        };
    }

    private static String text(Random random) {
        String letters = "abc \"\\/\n\t\u0001äß猫🐳{}[]:,";
        return random.ints(random.nextInt(12), 0, letters.codePointCount(0, letters.length()))
                .map(index -> letters.codePointAt(letters.offsetByCodePoints(0, index)))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`\"a\\u00e4\\ud83d\\udc33\\n\\/\"` | `aä🐳\n/`",
                "`\"\"` | ``",
                "null | ``",
                "17 | ``",
                "{\"a\": [1]} | ``",
            })
    void takesEverythingButStringsForAbsent(String json, String text) {
        assertThat(scanner(json).string()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 7",
        "0, 0",
        "3.0, 3",
        "12e2, 1200",
        "-1, -1",
        "null, -1",
        "1e99, -1",
        "NaN, -1",
        "9223372036854775807, -1"
    })
    void countsFromZeroOn(String json, long count) {
        assertThat(scanner(json).count()).isEqualTo(count);
    }

    @Test
    void takesNumbersThatAreNoneForAbsent() {
        JsonScanner json = scanner("[NaN, -Infinity, \"1\", -1.5e3]");
        assertThat(json.enterArray()).isTrue();
        assertThat(json.number()).isNaN();
        assertThat(json.next()).isTrue();
        assertThat(json.number()).isNaN();
        assertThat(json.next()).isTrue();
        assertThat(json.number()).isNaN();
        assertThat(json.next()).isTrue();
        assertThat(json.number()).isEqualTo(-1500);
        assertThat(json.next()).isFalse();
    }

    @Test
    void entersNothingThatIsNoContainer() {
        JsonScanner json = scanner("{\"a\": null, \"b\": [], \"c\": {}, \"d\": \"x\", \"e\": [5]}");
        StringBuilder entered = new StringBuilder();
        for (boolean more = json.enterObject(); more; more = json.next()) {
            String name = json.name();
            for (boolean element = json.enterArray(); element; element = json.next()) {
                entered.append(name).append(json.count());
            }
        }
        assertThat(entered).hasToString("e5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\" 1}",
                "[1 2]",
                "[1",
                "[1,",
                "]",
                "}",
                "nul",
                "Nothing",
                "\"open",
                "\"line\nbreak\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "{\"a\":1}x",
                "<html>",
                "{\"a\":1]"
            })
    void refusesWhatIsNoJson(String text) {
        assertThatThrownBy(() -> {
                    JsonScanner json = scanner(text);
                    walk(json);
                    json.end();
                })
                .isInstanceOf(JsonException.class);
    }

    @Test
    void skipsWhatIsNestedDeeplyWithoutRecursion() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        JsonScanner json = scanner("{\"a\":" + deep + ",\"b\":1}");
        assertThat(json.enterObject()).isTrue();
        json.skip();
        assertThat(json.next()).isTrue();
        assertThat(json.count()).isEqualTo(1);
    }
}
