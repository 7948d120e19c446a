package org.genaiconnector.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The simulator behind TLS, with faults that count plain text. */
@Timeout(60)
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path directory;

    private static SSLContext context;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path store = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-startdate",
                        "-1d",
                        "-validity",
                        "3650",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        context = context(store);
    }

    private static SSLContext context(Path store) throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, PASSWORD);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(keys);
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return made;
    }

    @Test
    void answersOverTlsAndBreaksOnCommand() throws Exception {
        HttpClient trusting = HttpClient.newBuilder().sslContext(context).build();
        try (LlmSimulator simulator = LlmSimulator.builder().tls(context).start()) {
            HttpRequest models = HttpRequest.newBuilder(simulator.openAiUri().resolve("/v1/models"))
                    .build();
            assertThat(simulator.uri().getScheme()).isEqualTo("https");
            HttpResponse<String> answer = trusting.send(models, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            simulator.faults().next(Fault.closeAfter(100));
            assertThatThrownBy(() -> trusting.send(models, BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            simulator.faults().next(Fault.resetBeforeResponse()).next(Fault.resetBeforeResponse());
            assertThatThrownBy(() -> trusting.send(models, BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void isNotTrustedByClientsWithoutTheCertificate() {
        try (LlmSimulator simulator = LlmSimulator.builder().tls(context).start()) {
            HttpRequest models = HttpRequest.newBuilder(simulator.openAiUri().resolve("/v1/models"))
                    .build();
            assertThatThrownBy(() -> HttpClient.newHttpClient().send(models, BodyHandlers.ofString()))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }
}
