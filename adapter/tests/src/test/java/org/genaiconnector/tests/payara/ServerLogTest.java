package org.genaiconnector.tests.payara;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.genaiconnector.tests.Secrets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of logs find what they must find, because otherwise every test with an application server would be worthless. */
class ServerLogTest {
    private static final String SSL = "javax.enterprise.system.security.ssl";
    private static final String READY = entry("INFO", "PayaraMicro", "Payara Micro 6.2025.10 (build 42) ready\n");

    @Test
    void letsACleanLogPass() {
        assertThatCode(() -> ServerLog.of(READY).assertClean(List.of("s3cret"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"trustcenterclass4caii", "cert_7_entrust (2026) [jdk]", "s1as", "debian:x.pem"})
    void letsAnyExpiredCertificatePass(String alias) {
        assertThat(ServerLog.of(READY + expired(SSL, alias) + READY).troubles()).isEmpty();
    }

    @Test
    void expectsAMessageOfItsOwnLoggerOnly() {
        assertThat(ServerLog.of(expired("somebody.else", "x")).troubles()).hasSize(1);
    }

    @Test
    void expectsAMessageOfItsOwnKeyOnly() {
        String other = entry("WARNING", SSL, "[[\n  The SSL certificate with alias x has expired: [\n]]\n");
        assertThat(ServerLog.of(other).troubles()).hasSize(1);
    }

    @Test
    void findsWarningsAndErrors() {
        String warning = entry("WARNING", "org.genaiconnector.ra", "something is wrong\n");
        String severe = entry("SEVERE", "javax.enterprise", "[[\n  more\n  lines]]\n");
        assertThat(ServerLog.of(READY + warning + severe + READY).troubles())
                .extracting(ServerLog.Entry::level)
                .containsExactly("WARNING", "SEVERE");
    }

    @Test
    void findsStackTracesOfAnyLevel() {
        String trace = entry("INFO", "a.b", "[[\n  oh\njava.lang.Error\n\tat a.b.C.<init>(C.java:1)\n]]\n");
        String module = entry("FINE", "a.b", "[[\n  oh\n\tat java.base/java.util.List.of(List.java:1)\n]]\n");
        assertThat(ServerLog.of(trace + module).troubles()).hasSize(2);
    }

    @Test
    void findsSecrets() {
        String entry = entry("INFO", "a.b", "the key is s3cret\n");
        assertThatThrownBy(() -> ServerLog.of(entry).assertClean(List.of("other", "s3cret")))
                .hasMessageContaining("[s3cret]");
    }

    @Test
    void looksForTheSecretsOfAllTests() {
        String entry = entry("INFO", "a.b", "the key is " + Secrets.EDITORS_KEY + "\n");
        assertThatThrownBy(() -> ServerLog.of(entry).assertClean()).hasMessageContaining(Secrets.EDITORS_KEY);
    }

    @Test
    void letsAStackTracePassOnlyWhereItIsExpected() {
        String trace = "\n\tat a.b.C.d(C.java:1)\n";
        String gone = "ASURLClassLoader x was requested to find class y after done was invoked" + trace;
        String leak = "A potential connection leak detected for connection pool x" + trace;
        assertThat(ServerLog.of(entry("WARNING", "javax.enterprise.system.util", gone))
                        .troubles())
                .isEmpty();
        assertThat(ServerLog.of(entry(
                                "WARNING",
                                "javax.enterprise.resource.resourceadapter.com.sun.enterprise.resource.pool",
                                leak))
                        .troubles())
                .hasSize(1);
    }

    @Test
    void doesNotTakeAnUnreadableLogForAClean() {
        assertThatThrownBy(() ->
                        ServerLog.of("Nov 23, 2026 5:21:14 PM WARNING: gone\n").assertClean())
                .hasMessageContaining("format");
    }

    private static String expired(String logger, String alias) {
        return entry(
                "WARNING",
                "NCLS-SECURITY-05054",
                logger,
                "[[\n  The SSL certificate with alias " + alias + " has expired: [\n]]\n");
    }

    private static String entry(String level, String logger, String message) {
        return entry(level, "", logger, message);
    }

    private static String entry(String level, String key, String logger, String message) {
        return "[2026-11-23T17:27:17.441+0000] [] [%s] [%s] [%s] [tid: _ThreadID=1 _ThreadName=main] %s"
                .formatted(level, key, logger, message);
    }
}
