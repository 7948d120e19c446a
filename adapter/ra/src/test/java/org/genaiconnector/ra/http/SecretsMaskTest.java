package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsMaskTest {
    private static final URI SERVER = URI.create("http://ollama:11434/v1");
    private static final String KEY = "sk-\"quoted\\\"/2f";
    private static final Transport.Proxy PROXY = new Transport.Proxy("proxy.example", 3128, "anna", "pr0xy-secret");
    private static final Transport TRANSPORT = new Transport(
            Optional.empty(),
            true,
            Optional.of(PROXY),
            Map.of("CF-Access-Client-Secret", "cloudflare-42", "X-Team", "blue-team-1"));
    private static final Secrets SECRETS = Secrets.of(
            List.of(KEY, "ollama", "test", "no"),
            Map.of("authorization", "Bearer gateway-7", "anthropic-version", "2023-06-01"),
            SERVER,
            TRANSPORT);

    @ParameterizedTest
    @ValueSource(
            strings = {
                KEY,
                "sk-\\\"quoted\\\\\\\"/2f",
                "sk-\\\"quoted\\\\\\\"\\/2f",
                "sk-%22quoted%5C%22%2F2f",
                "pr0xy-secret",
                "YW5uYTpwcjB4eS1zZWNyZXQ=",
                "Basic YW5uYTpwcjB4eS1zZWNyZXQ=",
                "cloudflare-42",
                "Bearer gateway-7",
                "gateway-7",
            })
    void hidesWhatIsSentInEveryForm(String form) {
        assertThat(SECRETS.mask("<" + form + "> and x" + form + "x")).isEqualTo("<***> and x***x");
    }

    @ParameterizedTest
    @CsvSource({"the test fails, the *** fails", "latest, latest", "testing, testing"})
    void hidesShortWordsOnlyWhereTheyStandAlone(String text, String shown) {
        assertThat(SECRETS.mask(text)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "ollama", "2023-06-01", "blue-team-1", "anna", "proxy.example"})
    void hidesNothingThatIsNoSecret(String text) {
        assertThat(SECRETS.mask(text)).isEqualTo(text);
    }

    @Test
    void hidesASecretThatTheEndOfAnExcerptCutsInTwo() {
        for (int before = 1_760; before < 1_800; before++) {
            String spaces = " ".repeat(before - 10) + "x".repeat(10);
            String excerpt = answer(spaces + "cloudflare-42 and more").excerpt();
            assertThat(excerpt).doesNotContain("clou").startsWith("xxxxxxxxxx");
        }
    }

    @Test
    void hidesSecretsInBodiesAndLeavesOtherBytesAlone() {
        byte[] body = "ä\u0000 cloudflare-42 ö".getBytes(StandardCharsets.UTF_8);
        assertThat(SECRETS.mask(body)).asString(StandardCharsets.UTF_8).isEqualTo("ä\u0000 *** ö");
        byte[] other = {(byte) 0xff, 0, (byte) 0xc3};
        assertThat(SECRETS.mask(other)).isSameAs(other);
    }

    @Test
    void hidesSecretsInWordsRequestIdAndCausesOfAFailure() {
        Map<String, List<String>> headers = Map.of("x-request-id", List.of("gateway-7"));
        Exception cause = new IOException("got gateway-7", new IllegalStateException("clean"));
        GenAiException failure = new HttpAnswer("Server", "/x", 500, headers, new byte[0], SECRETS)
                .failure(FailureCategory.SERVER, "said gateway-7", cause);
        assertThat(failure).hasMessage("Server said ***");
        assertThat(failure.requestId()).contains("***");
        assertThat(failure.getCause())
                .hasToString("java.io.IOException: got ***")
                .hasStackTraceContaining("hidesSecretsInWordsRequestIdAndCausesOfAFailure");
        assertThat(failure.getCause().getCause()).hasToString("java.lang.IllegalStateException: clean");
    }

    @Test
    void keepsCausesThatAreClean() {
        Exception cause = new IOException("clean");
        assertThat(answer("").failure(FailureCategory.SERVER, "said", cause))
                .cause()
                .isSameAs(cause);
        GenAiException failure = new GenAiException(FailureCategory.COMMUNICATION, "ollama broke off", cause);
        assertThat(SECRETS.mask(failure)).isSameAs(failure);
    }

    @Test
    void showsNoSecretItself() {
        assertThat(SECRETS).hasToString("Secrets[8]");
        assertThat(TRANSPORT.toString())
                .contains("proxy.example", "X-Team")
                .doesNotContain("pr0xy", "cloudflare-42", "blue");
        assertThat(answer("body").toString()).doesNotContain("cloudflare-42");
    }

    private static HttpAnswer answer(String body) {
        return new HttpAnswer("Server", "/x", 500, Map.of(), body.getBytes(StandardCharsets.UTF_8), SECRETS);
    }
}
