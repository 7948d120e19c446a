package org.genaiconnector.storyboard.micro;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Log filter that keeps back what Payara Micro says at every start and what means nothing here, each message named with
 * its reason. It is set in {@code logging.properties}; every other warning gets through.
 */
public final class KnownNoise implements Filter {

    /**
     * A warning known to be harmless.
     *
     * @param logger that gives it
     * @param key of the message
     * @param parameter the first one of the message must begin with this; empty for any
     */
    private record Known(String logger, String key, String parameter) {

        boolean matches(LogRecord log) {
            Object[] parameters = log.getParameters();
            boolean none = parameters == null || parameters.length == 0;
            return logger.equals(log.getLoggerName())
                    && key.equals(log.getMessage())
                    && (none ? "" : String.valueOf(parameters[0])).startsWith(parameter);
        }
    }

    private static final String CONNECTORS =
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.connectors.util";

    private static final String RESOURCES = "javax.enterprise.resource.resourceadapter.com.sun.enterprise.";

    /** The pool of the stories' database. */
    private static final String STORIES = "storyboard";

    private static final String SECURITY = "javax.enterprise.system.core.security";

    private static final String RESPONDER = "org.glassfish.jersey.server.ServerRuntime$Responder";
    private static final Set<String> GONE = Set.of("Broken pipe", "Connection reset by peer", "Connection is closed");

    private static final List<Known> KNOWN = List.of(
            // Certificates of the JDK's and of Payara's trust store expire, more of them every year. Payara prints each
            // of
            // them in full and goes on: an expired certificate vouches for no server.
            new Known("javax.enterprise.system.security.ssl", "NCLS-SECURITY-05054", ""),
            // A setting of the pool that a connection factory definition can only give as a plain property. Payara
            // takes it and also offers it to the adapter, which has no such property.
            new Known(CONNECTORS, "no.such.method", "setPREFER-VALIDATE-OVER-RECREATE"),
            new Known(CONNECTORS, "rardeployment.no_setter_method", "PREFER-VALIDATE-OVER-RECREATE"),
            // The database of the stories is down, which the application says once, and Payara three times for each
            // attempt. The
            // third one does not name its pool; there is no other pool of a database.
            new Known(RESOURCES + "resource.allocator", "poolmgr.create_resource_error", STORIES),
            new Known(RESOURCES + "connectors", "poolmgr.get_connection_failure", STORIES),
            new Known("javax.enterprise.resource.resourceadapter.com.sun.gjc.spi", "jdbc.exc_get_conn", ""),
            // Payara 7 at every start: the policy provider of its own configuration, which it does not have any more
            new Known(SECURITY, "NCLS-SECURITY-01149", "jakarta.security.jacc.policy.provider"),
            new Known(SECURITY, "NCLS-SECURITY-01145", ""),
            // Payara 7 for the first message-driven bean: it then makes the class that it misses
            new Known(
                    "javax.enterprise.system.container.ejb.com.sun.ejb",
                    "Class Not loaded yet com.sun.ejb.containers.interceptors._SystemInterceptorProxy_Serializable",
                    ""),
            // Payara 7 for every application at the root: it compares the empty path with "/"
            new Known(
                    "javax.enterprise.system.container.web.com.sun.web.security",
                    "Context path from ServletContext: {0} differs from path from bundle: {1}",
                    ""));

    @Override
    public boolean isLoggable(LogRecord log) {
        if (log.getLevel().intValue() < Level.WARNING.intValue()) {
            // Payara's step by step report, some of which ignores the levels of logging.properties
            return log.getLoggerName() != null && log.getLoggerName().startsWith("org.genaiconnector");
        }
        return !isFailedCommit(log) && !isOfAGoneClient(log) && KNOWN.stream().noneMatch(known -> known.matches(log));
    }

    /**
     * Payara prints what a resource adapter's commit throws, with its stack trace, and passes it on to the application, which
     * tells its user. By name, because Payara Micro has its own loader of the class.
     */
    private static boolean isFailedCommit(LogRecord log) {
        return "poolmgr.system_exception".equals(log.getMessage())
                && log.getThrown() != null
                && "jakarta.resource.spi.LocalTransactionException"
                        .equals(log.getThrown().getClass().getName());
    }

    /**
     * A browser that leaves a page breaks off the answer in progress, which Jersey prints with two stack traces. The
     * messages are those of Grizzly and of the operating system; a broken connection to a backend has others.
     */
    private static boolean isOfAGoneClient(LogRecord log) {
        if (!RESPONDER.equals(log.getLoggerName()) || log.getThrown() == null) {
            return false;
        }
        Throwable root = log.getThrown();
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass() == IOException.class && GONE.contains(String.valueOf(root.getMessage()));
    }
}
