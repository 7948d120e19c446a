package org.genaiconnector.storyboard.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"a\":}", "[1]", "\"text\"", "{} {}", "{'a':1}"})
    void refusesWhatIsNoJsonObject(String body) {
        assertRefused(400, body);
    }

    @Test
    void refusesAnAbyss() {
        assertRefused(400, "[".repeat(100_000));
    }

    @Test
    void refusesMoreThanTenMegabytes() {
        assertRefused(413, "{\"a\":\"" + "x".repeat(10_000_000) + "\"}");
    }

    @Test
    void namesTheMemberThatIsMissingOrWrong() throws IOException {
        JsonBody body = read("{\"number\":1.5,\"nothing\":null}");

        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> body.text("idea"))
                .withMessageContaining("\"idea\" is missing");
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> body.text("nothing"))
                .withMessageContaining("\"nothing\" is missing");
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> body.text("number"))
                .withMessage("\"number\" must be a string");
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> body.optionalInt("number"))
                .withMessage("\"number\" must be a whole number");
    }

    @Test
    void readsWhatIsThere() throws IOException {
        JsonBody body = read("{\"text\":\"ü\",\"int\":0,\"double\":0.0,\"object\":{},\"array\":[]}");

        assertThat(body.text("text")).isEqualTo("ü");
        assertThat(body.optionalInt("int")).hasValue(0);
        assertThat(body.optionalDouble("double")).hasValue(0);
        assertThat(body.object("object")).isEmpty();
        assertThat(body.array("array")).isEmpty();
        assertThat(body.optionalText("absent")).isEmpty();
    }

    private static void assertRefused(int status, String body) {
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> read(body))
                .extracting(RequestException::status)
                .isEqualTo(status);
    }

    private static JsonBody read(String text) throws IOException {
        return JsonBody.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
