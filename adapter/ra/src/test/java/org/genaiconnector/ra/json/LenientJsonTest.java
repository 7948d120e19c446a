package org.genaiconnector.ra.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LenientJsonTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NaN | null",
                "Infinity | null",
                "-Infinity | null",
                "[NaN, -Infinity,Infinity] | [null,null,null]",
                "{\"a\": NaN, \"b\": -1.5, \"c\": -2} | {\"a\":null,\"b\":-1.5,\"c\":-2}",
            })
    void numbersThatAreNoneAreNull(String text, String meaning) {
        assertThat(LenientJson.read(text)).hasToString(meaning);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "a NaN b", "\\\"NaN", "\\\\\\\"Infinity", "-Infinity, NaN", "ü NaN €", "\\u004eaN"})
    void stringsAreLeftAlone(String escaped) {
        JsonObject strict = (JsonObject) LenientJson.read("{\"text\": \"" + escaped + "\"}");
        JsonObject lenient = (JsonObject) LenientJson.read("{\"number\": NaN, \"text\": \"" + escaped + "\"}");
        assertThat(lenient.getString("text")).isEqualTo(strict.getString("text"));
        assertThat(lenient.get("number")).isEqualTo(JsonValue.NULL);
    }

    @Test
    void textsBesideNonNumbersKeepAllTheirCharacters() {
        String text = "Grüße, 世界, 🎨 \u0000".replace("\u0000", "");
        JsonObject read = (JsonObject)
                LenientJson.read(("{\"a\": NaN, \"text\": \"" + text + "\"}").getBytes(StandardCharsets.UTF_8));
        assertThat(read.getString("text")).isEqualTo(text);
    }

    @Test
    void largeTextsAreMendedInReasonableTime() {
        int numbers = 500_000;
        JsonArray read = (JsonArray) LenientJson.read("[" + "NaN,".repeat(numbers) + "1]");
        assertThat(read).hasSize(numbers + 1).startsWith(JsonValue.NULL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "nan", "+Infinity", "[NaN", "{NaN: 1}", "<html>", "\"NaN"})
    void whatIsNoJsonStaysNone(String text) {
        assertThatThrownBy(() -> LenientJson.read(text)).isInstanceOf(JsonException.class);
    }

    /** The same with every provider: some overflow the stack, depending on what is on it already. */
    @ParameterizedTest
    @ValueSource(ints = {1_001, 100_000})
    void nestingBeyondReasonIsNotRead(int depth) {
        for (String[] pair : new String[][] {{"[", "]"}, {"{\"a\":", "}"}}) {
            String deep = pair[0].repeat(depth) + "1" + pair[1].repeat(depth);
            assertThatThrownBy(() -> LenientJson.read(deep))
                    .isInstanceOf(JsonException.class)
                    .hasMessage("Arrays and objects are nested more than 1000 deep");
        }
    }

    @Test
    void nestingWithinReasonIsRead() {
        assertThat(LenientJson.read("[".repeat(999) + "]".repeat(999))).isInstanceOf(JsonArray.class);
        String brackets = "\\\"" + "[{".repeat(2_000);
        assertThat(LenientJson.read("[\"" + brackets + "\"]")).isInstanceOf(JsonArray.class);
        assertThat(LenientJson.read("[" + "[],".repeat(2_000) + "1]")).isInstanceOf(JsonArray.class);
    }
}
