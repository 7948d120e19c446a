package org.genaiconnector.storyboard.micro;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.spi.LocalTransactionException;
import java.io.IOException;
import java.net.SocketException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A filter that kept back too much would hide what a user needs. */
class KnownNoiseTest {

    private static final String SSL = "javax.enterprise.system.security.ssl";
    private static final String EXPIRED = "NCLS-SECURITY-05054";
    private static final String CONNECTORS =
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.connectors.util";

    private final KnownNoise filter = new KnownNoise();

    @ParameterizedTest
    @ValueSource(strings = {"trustcenterclass2caii", "entrustevca", "cert_7_entrust (2026)", "s1as", ""})
    void keepsBackAnyExpiredCertificate(String alias) {
        assertThat(filter.isLoggable(warning(SSL, EXPIRED, alias, "[ dump of the certificate ]")))
                .isFalse();
        assertThat(filter.isLoggable(warning(SSL, EXPIRED))).isFalse();
    }

    @Test
    void letsOtherMessagesOfTheSameLoggerThrough() {
        assertThat(filter.isLoggable(warning(SSL, "NCLS-SECURITY-05055", "x"))).isTrue();
        assertThat(filter.isLoggable(warning("somebody.else", EXPIRED, "x"))).isTrue();
    }

    @Test
    void keepsBackThePoolsSettingButNoPropertyThatIsMisspelt() {
        assertThat(filter.isLoggable(
                        warning(CONNECTORS, "rardeployment.no_setter_method", "PREFER-VALIDATE-OVER-RECREATE")))
                .isFalse();
        assertThat(filter.isLoggable(warning(CONNECTORS, "rardeployment.no_setter_method", "serverUlr")))
                .isTrue();
    }

    @Test
    void keepsBackThatTheDatabaseOfTheStoriesIsDownButNoOtherPool() {
        String allocator = "javax.enterprise.resource.resourceadapter.com.sun.enterprise.resource.allocator";
        assertThat(filter.isLoggable(warning(allocator, "poolmgr.create_resource_error", "storyboard", "refused")))
                .isFalse();
        assertThat(filter.isLoggable(
                        warning(allocator, "poolmgr.create_resource_error", "java:app/genai/comfyui", "refused")))
                .isTrue();
    }

    @Test
    void keepsBackWhatPayara7SaysOfItsOwnParts() {
        String security = "javax.enterprise.system.core.security";
        assertThat(filter.isLoggable(
                        warning(security, "NCLS-SECURITY-01149", "jakarta.security.jacc.policy.provider", "null")))
                .isFalse();
        assertThat(filter.isLoggable(warning(security, "NCLS-SECURITY-01149", "other.property", "null")))
                .isTrue();

        String ejb = "javax.enterprise.system.container.ejb.com.sun.ejb";
        String missing = "Class Not loaded yet com.sun.ejb.containers.interceptors.";
        assertThat(filter.isLoggable(warning(ejb, missing + "_SystemInterceptorProxy_Serializable")))
                .isFalse();
        assertThat(filter.isLoggable(warning(ejb, missing + "Other"))).isTrue();
    }

    @Test
    void letsOnlyTheAdapterAndTheSampleTalkBelowWarnings() {
        assertThat(filter.isLoggable(record(Level.INFO, "org.genaiconnector.ra", "hello")))
                .isTrue();
        assertThat(filter.isLoggable(record(Level.INFO, "PayaraMicro", "hello")))
                .isFalse();
        assertThat(filter.isLoggable(record(Level.INFO, null, "hello"))).isFalse();
    }

    @Test
    void keepsBackAFailedCommitButNoOtherTroubleOfAPool() {
        LogRecord commit = record(Level.SEVERE, "any", "poolmgr.system_exception");
        commit.setThrown(new LocalTransactionException("The commit failed"));
        assertThat(filter.isLoggable(commit)).isFalse();

        LogRecord other = record(Level.SEVERE, "any", "poolmgr.system_exception");
        other.setThrown(new IllegalStateException("a bug"));
        assertThat(filter.isLoggable(other)).isTrue();
        assertThat(filter.isLoggable(record(Level.SEVERE, "any", "poolmgr.system_exception")))
                .isTrue();
    }

    @Test
    void keepsBackABrowserThatHasGoneButNoBackendThatHas() {
        String jersey = "org.glassfish.jersey.server.ServerRuntime$Responder";
        LogRecord browser = record(Level.SEVERE, jersey, "An I/O error has occurred while writing a response");
        browser.setThrown(
                new IllegalStateException(new IOException("Connection is closed", new IOException("Broken pipe"))));
        assertThat(filter.isLoggable(browser)).isFalse();

        LogRecord backend = record(Level.SEVERE, jersey, "An I/O error has occurred while writing a response");
        backend.setThrown(new IllegalStateException(new SocketException("Connection reset")));
        assertThat(filter.isLoggable(backend)).isTrue();
        assertThat(filter.isLoggable(record(Level.SEVERE, jersey, "anything else")))
                .isTrue();
    }

    private static LogRecord warning(String logger, String key, Object... parameters) {
        LogRecord log = record(Level.WARNING, logger, key);
        log.setParameters(parameters);
        return log;
    }

    private static LogRecord record(Level level, String logger, String message) {
        LogRecord log = new LogRecord(level, message);
        log.setLoggerName(logger);
        return log;
    }
}
