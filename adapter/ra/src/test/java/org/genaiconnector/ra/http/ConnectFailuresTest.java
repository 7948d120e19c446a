package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages of failures to connect name each address once. */
class ConnectFailuresTest {
    /** A port on which no process listens. */
    private static final int UNUSED = 1;

    @ParameterizedTest
    @CsvSource({"http, 127.0.0.1", "https, 127.0.0.1", "http, localhost"})
    void aRefusedConnectionNamesTheServerOnce(String scheme, String host) {
        GenAiException failure = failure(URI.create(scheme + "://" + host + ":" + UNUSED), Transport.DEFAULT);
        assertThat(failure.category()).isEqualTo(FailureCategory.UNAVAILABLE);
        assertThat(failure)
                .hasMessage("Test server at " + scheme + "://" + host + ":" + UNUSED
                        + " cannot be connected to: Connection refused (property serverUrl)");
    }

    @ParameterizedTest
    @CsvSource({"http", "https"})
    void aRefusingProxyIsNamedOnce(String scheme) {
        Transport.Proxy proxy = new Transport.Proxy("127.0.0.1", UNUSED, "", "");
        GenAiException failure = failure(
                URI.create(scheme + "://gpu.example"),
                new Transport(Optional.empty(), true, Optional.of(proxy), Map.of()));
        assertThat(failure)
                .hasMessage("Test server at " + scheme + "://gpu.example cannot be connected to through the proxy "
                        + "127.0.0.1:" + UNUSED + ": Connection refused (properties proxyHost, proxyPort)");
    }

    @ParameterizedTest
    @CsvSource({"http", "https"})
    void anUnknownHostIsNamedOnce(String scheme) {
        GenAiException failure = failure(URI.create(scheme + "://gpu.invalid"), Transport.DEFAULT);
        assertThat(failure)
                .hasMessage("Test server at " + scheme
                        + "://gpu.invalid cannot be reached: the host name is unknown (property serverUrl)");
    }

    private static GenAiException failure(URI server, Transport transport) {
        HttpSettings direct = TestBackends.settings(server, Duration.ofSeconds(5), Duration.ofSeconds(10));
        try (HttpBackend backend = TestBackends.with(new HttpSettings(
                direct.backend(),
                direct.server(),
                direct.connectTimeout(),
                direct.responseTimeout(),
                direct.callTimeout(),
                direct.retry(),
                direct.circuit(),
                transport))) {
            return TestBackends.failure(() -> TestBackends.get(backend, TestBackends.connect(backend)));
        }
    }
}
