package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ManagedConnection;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.genaiconnector.Credentials;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The properties for headers, keys and the proxy, and the errors that name a wrong one. */
class TransportPropertiesTest {
    private final LlmSimulator server = LlmSimulator.start();
    private final LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void saysWhoItIs() throws Exception {
        assertThat(request(bean -> {}).header("User-Agent")).contains("genai-connector");
        assertThat(request(bean -> bean.setUserAgent("studio/2")).header("User-Agent"))
                .contains("studio/2");
    }

    @Test
    void sendsExtraHeadersWithEveryRequest() throws Exception {
        RecordedRequest request =
                request(bean -> bean.setExtraHeaders("OpenAI-Organization = org-1 ,X-Query=a=b&c, X-Empty="));
        assertThat(request.header("OpenAI-Organization")).contains("org-1");
        assertThat(request.header("X-Query")).contains("a=b&c");
        assertThat(request.header("X-Empty")).contains("");
    }

    @Test
    void anExtraHeaderDoesNotReplaceTheKey() throws Exception {
        RecordedRequest request = request(bean -> {
            bean.setExtraHeaders("authorization=Bearer of-the-gateway");
            bean.setApiKey("sk-1");
        });
        assertThat(request.headers().get("authorization")).containsExactly("Bearer sk-1");
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, Authorization, Bearer sk-1",
        "ANTHROPIC, x-api-key, sk-1",
        "LOCAL, Authorization, Bearer sk-1",
    })
    void sendsTheKeyAsTheProviderWantsItWithoutTheLineFeedOfItsFile(String provider, String header, String value)
            throws Exception {
        for (boolean asPassword : new boolean[] {true, false}) {
            RecordedRequest request = request(bean -> {
                bean.setProvider(provider);
                if (asPassword) {
                    bean.setPassword("sk-1\n");
                } else {
                    bean.setApiKey(" sk-1\r\n");
                }
            });
            assertThat(request.header(header)).contains(value);
        }
    }

    @Test
    void sendsTheKeyBareInTheConfiguredHeader() throws Exception {
        RecordedRequest request = request(bean -> {
            bean.setApiKey("sk-1");
            bean.setApiKeyHeader("api-key");
        });
        assertThat(request.header("api-key")).contains("sk-1");
        assertThat(request.header("Authorization")).isEmpty();
    }

    @Test
    void keepsTheProtocolsOtherHeadersWithAConfiguredOne() throws Exception {
        RecordedRequest request = request(bean -> {
            bean.setProvider("ANTHROPIC");
            bean.setApiKey("sk-1");
            bean.setApiKeyHeader("X-Gateway-Key");
        });
        assertThat(request.header("X-Gateway-Key")).contains("sk-1");
        assertThat(request.header("x-api-key")).isEmpty();
        assertThat(request.header("anthropic-version")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no equals sign",
                "=value",
                "A=1,,B=2",
                "A B=1",
                "A:=1",
                "Grün=1",
                "A=1,X=line\r\nInjected: 1",
                "Content-Length=5",
                "A=1,transfer-encoding=chunked",
            })
    void refusesExtraHeadersThatAreNone(String headers) {
        factory.setExtraHeaders(headers);
        assertInvalid("extraHeaders");
    }

    @Test
    void namesAWrongExtraHeaderButNotItsValue() {
        factory.setExtraHeaders("A=1,A=2,se cret=sk-1");
        assertInvalid("extraHeaders").hasMessageContaining("part 3").hasMessageNotContaining("sk-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "colon:", "x\r\ny"})
    void refusesAnInvalidKeyHeader(String header) {
        factory.setApiKeyHeader(header);
        assertInvalid("apiKeyHeader");
    }

    @Test
    void refusesAUserAgentOfTwoLines() {
        factory.setUserAgent("studio\r\nInjected: 1");
        assertInvalid("userAgent");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65_536})
    void refusesAnInvalidProxyPort(int port) {
        factory.setProxyHost("proxy.example");
        factory.setProxyPort(port);
        assertInvalid("proxyPort");
    }

    @Test
    void caresForNoPortWithoutAProxy() throws Exception {
        assertThat(request(bean -> bean.setProxyPort(0)).path()).endsWith("/models");
    }

    @Test
    void keysOfRequestsAreSentAsTheyAre() throws Exception {
        configure(factory);
        LlmConnectionFactory connections = (LlmConnectionFactory) factory.createConnectionFactory();
        try (LlmConnection connection = connections.getConnection(Credentials.apiKey("sk-2"))) {
            connection.listModels();
        }
        assertThat(server.traffic().requests())
                .allSatisfy(
                        request -> assertThat(request.header("Authorization")).contains("Bearer sk-2"));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertInvalid(String property) {
        return assertThatThrownBy(() -> factory.createManagedConnection(null, null))
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessageStartingWith("Configuration property " + property + " ");
    }

    private void configure(LlmManagedConnectionFactory bean) {
        bean.setServerUrl(server.openAiUri().toString());
        bean.setProbeOnCreate(false);
    }

    /** What a factory with these properties sends. */
    private RecordedRequest request(Consumer<LlmManagedConnectionFactory> properties) throws Exception {
        LlmManagedConnectionFactory bean = new LlmManagedConnectionFactory();
        configure(bean);
        properties.accept(bean);
        if (bean.getProvider().equals("ANTHROPIC")) {
            bean.setServerUrl(server.anthropicUri().toString());
        }
        server.traffic().forget();
        ManagedConnection managed = bean.createManagedConnection(null, null);
        ((LlmConnection) managed.getConnection(null, null)).listModels();
        managed.destroy();
        return server.traffic().requests().get(0);
    }
}
