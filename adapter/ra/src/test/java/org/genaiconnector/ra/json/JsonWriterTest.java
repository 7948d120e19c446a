package org.genaiconnector.ra.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

    private static String text(Random random) {
        String letters = "abc \"\\/\n\t\u0001äß猫🐳{}[]:,";
        return random.ints(random.nextInt(12), 0, letters.codePointCount(0, letters.length()))
                .map(index -> letters.codePointAt(letters.offsetByCodePoints(0, index)))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void writesWhatAParserReads() {
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            String text = text(random).repeat(1 + random.nextInt(80));
            double number = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
            JsonWriter json = new JsonWriter();
            json.beginObject().member(text, text).member("number", number).name("list");
            json.beginArray().value("a").nothing().value(JsonValue.TRUE).endArray();
            json.name("data").base64("data:,", new byte[i]).member("long", Long.MIN_VALUE);
            JsonObject read =
                    (JsonObject) LenientJson.read(json.endObject().bytes(Set.of(), JsonValue.EMPTY_JSON_OBJECT));

            assertThat(((JsonString) read.get(text)).getString()).isEqualTo(text);
            assertThat(((JsonNumber) read.get("number")).doubleValue()).isEqualTo(number);
            assertThat((JsonArray) read.get("list")).hasToString("[\"a\",null,true]");
            assertThat(read.getString("data")).startsWith("data:,");
            assertThat(read.getJsonNumber("long").longValueExact()).isEqualTo(Long.MIN_VALUE);
        }
    }

    @Test
    void writesHalfACharacterAsAQuestionMark() {
        byte[] bytes = new JsonWriter()
                .beginObject()
                .member("a", "x\ud83dy\udc33")
                .endObject()
                .bytes(Set.of(), JsonValue.EMPTY_JSON_OBJECT);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("{\"a\":\"x?y?\"}");
    }

    @Test
    void letsExtraMembersWinAndLeavesOutWhatIsNullOrOmitted() {
        byte[] bytes = new JsonWriter()
                .beginObject()
                .member("a", "\u00e4,}{\"b\":1")
                .member("b", 2)
                .name("c")
                .beginObject()
                .member("b", 5)
                .endObject()
                .member("d", true)
                .member("e", 3)
                .endObject()
                .bytes(Set.of("d", "b"), (JsonObject) LenientJson.read("{\"b\": [3], \"e\": null, \"f\": \"x\"}"));
        assertThat(LenientJson.read(bytes))
                .isEqualTo(LenientJson.read(
                        "{\"a\": \"\u00e4,}{\\\"b\\\":1\", \"c\": {\"b\": 5}, \"b\": [3], \"f\": \"x\"}"));
    }

    @Test
    void canLeaveOutEverything() {
        byte[] bytes = new JsonWriter()
                .beginObject()
                .member("a", 1)
                .member("b", 2)
                .endObject()
                .bytes(Set.of("a", "b"), JsonValue.EMPTY_JSON_OBJECT);
        assertThat(bytes).asString().isEqualTo("{}");
    }

    @Test
    void keepsEveryByteOfWhatIsJsonAlready() {
        String kept = "{\"\\u00e9\": [1.50e2 ,-0], \"\\/\":\"\"}";
        String text = new JsonWriter()
                .beginObject()
                .name("first")
                .verbatim(kept)
                .name("list")
                .beginArray()
                .object(kept)
                .verbatim("1.0")
                .value("")
                .verbatim("null")
                .endArray()
                .name("empty")
                .beginObject()
                .members(" { } ")
                .endObject()
                .name("members")
                .beginObject()
                .members(kept)
                .member("last", true)
                .members("{\"a\":1}")
                .endObject()
                .endObject()
                .text();
        assertThat(text)
                .isEqualTo("{\"first\":" + kept + ",\"list\":[" + kept + ",1.0,\"\",null],\"empty\":{},\"members\":{"
                        + "\"\\u00e9\": [1.50e2 ,-0], \"\\/\":\"\",\"last\":true,\"a\":1}}");
    }

    @Test
    void writesWholeNumbersWithoutAFraction() {
        String text = new JsonWriter()
                .beginObject()
                .member("a", 2.0)
                .member("b", -0.25)
                .member("c", 1e20)
                .endObject()
                .text();
        assertThat(text).isEqualTo("{\"a\":2,\"b\":-0.25,\"c\":1.0E20}");
    }

    @Test
    void refusesWhatIsNotOneValue() {
        JsonWriter json = new JsonWriter().beginObject();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> json.members("{\"a\":1}],\"b\":[{}"))
                .withMessageContaining("Provider data");
    }

    @Test
    void refusesToEndBeforeTheObjectDoes() {
        JsonWriter json = new JsonWriter().beginObject();
        assertThatThrownBy(json::text).isInstanceOf(JsonException.class);
    }
}
