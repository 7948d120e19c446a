package org.genaiconnector.ivt;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessTest {

    @Test
    void answersCallersOnTheSameMachine() throws Exception {
        assertThat(Access.refusal(request("127.0.0.1", "localhost", Map.of()))).isEmpty();
        assertThat(Access.refusal(request("::1", "[::1]", Map.of()))).isEmpty();
        assertThat(Access.refusal(request("127.0.0.1", "127.0.0.1", Map.of("Origin", "http://127.0.0.1:8080"))))
                .isEmpty();
    }

    @Test
    void refusesTheNetworkProxiesAndPagesOfOthers() throws Exception {
        assertThat(Access.refusal(request("192.0.2.7", "localhost", Map.of())))
                .get()
                .asString()
                .contains("192.0.2.7");
        assertThat(Access.refusal(request("127.0.0.1", "localhost", Map.of("X-Forwarded-For", "192.0.2.7"))))
                .get()
                .asString()
                .contains("X-Forwarded-For");
        assertThat(Access.refusal(request("127.0.0.1", "rebound.example", Map.of())))
                .isPresent();
        assertThat(Access.refusal(request("127.0.0.1", "localhost.example", Map.of())))
                .isPresent();
        assertThat(Access.refusal(request("127.0.0.1", "localhost", Map.of("Origin", "http://evil.example"))))
                .isPresent();
        assertThat(Access.refusal(request("127.0.0.1", "localhost", Map.of("Origin", "null"))))
                .isPresent();
    }

    private static HttpServletRequest request(String caller, String name, Map<String, String> headers) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                AccessTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getRemoteAddr" -> caller;
                    case "getServerName" -> name;
                    case "getServerPort" -> 8080;
                    case "getScheme" -> "http";
                    case "getHeader" -> headers.get((String) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
