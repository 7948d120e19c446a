package org.genaiconnector.ra.json;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LongStringFilterTest {
    private static final String LONG = "x".repeat(1_000_000);

    private static byte[] sifted(String json, String... bulky) throws IOException {
        InputStream in = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
        try (LongStringFilter sieve = new LongStringFilter(in, Set.of(bulky))) {
            return sieve.readAllBytes();
        }
    }

    private static JsonObject read(String json, String... bulky) throws IOException {
        return (JsonObject) LenientJson.read(sifted(json, bulky));
    }

    @Test
    void cutsLongStringsOfBulkyMembersOnly() throws IOException {
        String json = """
                {"id": "j", "workflow": {"prompt": {"1": {"class_type": "Load", "inputs": {"image": "%s", "n": [1, "a"]}}},
                 "extra_data": {"genai_connector": {"id": "j"}}}, "outputs": {"3": {"text": ["%s"]}}, "n": NaN}""".formatted(LONG, LONG);
        byte[] sifted = sifted(json, "workflow");
        assertThat(sifted.length).isBetween(1_000_000, 1_020_000);
        JsonObject job = (JsonObject) LenientJson.read(sifted);
        assertThat(job.getJsonObject("outputs")
                        .getJsonObject("3")
                        .getJsonArray("text")
                        .getString(0))
                .isEqualTo(LONG);
        JsonObject workflow = job.getJsonObject("workflow");
        assertThat(workflow.getJsonObject("prompt").getJsonObject("1").getString("class_type"))
                .isEqualTo("Load");
        assertThat(workflow.getJsonObject("extra_data")
                        .getJsonObject("genai_connector")
                        .getString("id"))
                .isEqualTo("j");
    }

    @Test
    void cutsThroughListsUpToTheirEnd() throws IOException {
        String item = "[1.5, \"id\", {\"9\": {\"inputs\": {\"s\": \"" + LONG + "\"}}}, {}, [\"9\"]]";
        JsonObject queue = read(
                "{\"queue_running\": [" + item + "], \"queue_pending\": [" + item + "," + item + "], \"rest\": \""
                        + LONG + "\"}",
                "queue_running",
                "queue_pending");
        JsonArray last = queue.getJsonArray("queue_pending").getJsonArray(1);
        assertThat(last.getString(1)).isEqualTo("id");
        assertThat(last.getJsonArray(4).getString(0)).isEqualTo("9");
        assertThat(queue.getString("rest")).isEqualTo(LONG);
    }

    @Test
    void cutsNoCharacterInTwo() throws IOException {
        for (String character :
                new String[] {"é", "画", "\uD83C\uDFA8", "\\n", "\\u00e9", "\\\\", "\\\"", "ab\\u0041"}) {
            for (int shift = 0; shift < 7; shift++) {
                String text = "x".repeat(shift) + character.repeat(20_000);
                JsonObject read = read("{\"prompt\": [\"" + text + "\"], \"after\": 7}", "prompt");
                String cut = read.getJsonArray("prompt").getString(0);
                assertThat(cut.length()).isBetween(2_000, 17_000);
                assertThat(cut).doesNotContain("\uFFFD");
                assertThat(read.getInt("after")).isEqualTo(7);
            }
        }
    }

    @Test
    void aNameFurtherDownIsNotTheServers() throws IOException {
        JsonObject read = read(
                "{\"id\": {\"outputs\": {\"1\": {\"prompt\": [\"" + LONG + "\"]}}, \"prompt\": [\"" + LONG + "\"]}}",
                "prompt");
        JsonObject entry = read.getJsonObject("id");
        assertThat(entry.getJsonObject("outputs")
                        .getJsonObject("1")
                        .getJsonArray("prompt")
                        .getString(0))
                .isEqualTo(LONG);
        assertThat(entry.getJsonArray("prompt").getString(0).length()).isLessThan(20_000);
    }

    @Test
    void leavesWhatIsShortOrNoJsonAsItIs() throws IOException {
        for (String text : new String[] {
            "",
            "{",
            "}}]]",
            "<html>\"workflow\": \"" + "y".repeat(100),
            "{\"workflow\": {\"a\": \"b\\\"c\", \"d\": [1e5, null]}}"
        }) {
            assertThat(new String(sifted(text, "workflow"), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        }
    }
}
