package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    static Stream<String> recordings() throws IOException {
        return Trace.names().stream();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void writesEveryRecordedAnswerInTheRecordedLength(String name) throws IOException {
        for (Trace.Line line : Trace.read(name).lines()) {
            JsonNode headers = line.json().path("headers");
            if (line.dir().equals("http-res")
                    && headers.path("Content-Type").asText().startsWith("application/json")) {
                assertThat(Json.write(Trace.value(line.body())))
                        .as(name + ".jsonl line " + line.number())
                        .hasSize(headers.get("Content-Length").asInt());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NaN",
                "Infinity",
                "-Infinity",
                "0.1",
                "1.0",
                "-1000.0",
                "1e+16",
                "1.5e-07",
                "0.0001",
                "123456789012345.6",
                "18446744073709551615",
                "{\"a\": [1, null, true, {}], \"b\": []}",
                "\"gr\\u00fc\\u00dfe \\ud83d\\ude00 \\\"quoted\\\" \\n\\t\\\\ \\u007f\""
            })
    void writesWhatItReadTheWayPythonDoes(String text) throws JsonProcessingException {
        assertThat(Json.write(Json.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{} {}", "[1,]", "nan"})
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonProcessingException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": [1, 2.0, null, true]}|{'a': [1, 2.0, None, True]}",
                "\"it's\"|\"it's\"",
                "\"a 'b' \\\"c\\\"\"|'a \\'b\\' \"c\"'",
                "1e16|1e+16",
                "NaN|nan"
            })
    void showsValuesLikePython(String json, String repr) throws JsonProcessingException {
        assertThat(Python.repr(Json.parse(json))).isEqualTo(repr);
    }
}
