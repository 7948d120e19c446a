package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyExclusionsTest {
    private static final Transport.Proxy PROXY = new Transport.Proxy("proxy.example", 3128, "me", "secret");

    @ParameterizedTest
    @CsvSource({
        "gpu.example, gpu.example",
        "gpu.example, GPU.Example",
        "gpu.example, *.example",
        "gpu.example, gpu.*",
        "gpu.example, *u.ex*",
        "gpu.example, *",
        "gpu.example, other| gpu.example |third",
        "127.0.0.1, localhost|127.*",
        "[::1], [::1]",
    })
    void excludes(String host, String exclusions) {
        assertThat(proxyFor(host, exclusions)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "gpu.example, ''",
        "gpu.example, |",
        "gpu.example, example",
        "gpu.example, gpu",
        "gpu.example, *.gpu.example",
        "gpu.example, g*u.example",
        "gpu.example.org, gpu.example",
    })
    void doesNotExclude(String host, String exclusions) {
        assertThat(proxyFor(host, exclusions)).isTrue();
    }

    @Test
    void showsNoPassword() {
        assertThat(PROXY).hasToString("proxy.example:3128");
        assertThat(new Transport(Optional.empty(), true, Optional.of(PROXY), Map.of()).toString())
                .doesNotContain("secret");
    }

    private static boolean proxyFor(String host, String exclusions) {
        return Transport.unlessExcluded(URI.create("http://" + host + ":8188"), exclusions, PROXY)
                .isPresent();
    }
}
