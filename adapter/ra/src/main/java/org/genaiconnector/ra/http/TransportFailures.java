package org.genaiconnector.ra.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.security.cert.CertPathBuilderException;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/** Gives a broken transport its category and its message, in one place. */
final class TransportFailures {

    /** The first byte of what a TLS server answers to plain text. */
    private static final int TLS_ALERT = 0x15;

    /** Stands in HttpClient's messages between the address and the reason. */
    private static final String CONNECT_FAILED = " failed: ";

    private TransportFailures() {}

    /**
     * Before the head of the answer had arrived.
     *
     * @param socket that of the attempt
     */
    static GenAiException beforeAnswer(HttpSettings settings, Throwable thrown, SocketHolder socket) {
        boolean connecting = socket.isConnecting(); // so nothing of the request can have been sent
        Throwable cause = root(thrown);
        String server = settings.name();
        String way = settings.transport()
                .proxy()
                .map(proxy -> " through the proxy " + proxy)
                .orElse("");
        String configured = way.isEmpty() ? " (property serverUrl)" : " (properties proxyHost, proxyPort)";
        if (cause instanceof StreamedBody.SourceException) {
            return failure(
                    FailureCategory.INVALID_REQUEST,
                    "What was to be sent to " + server + " cannot be read: " + words(cause.getCause()),
                    cause);
        }
        if (cause instanceof ConnectTimeoutException || connecting && cause instanceof SocketTimeoutException) {
            return failure(
                    FailureCategory.TIMEOUT_CONNECT,
                    server + " could not be reached" + way + " within "
                            + settings.connectTimeout().toMillis() + " ms (property connectTimeoutMillis): check "
                            + (way.isEmpty() ? "serverUrl" : "proxyHost and proxyPort") + ", and the network between",
                    cause);
        }
        if (cause instanceof SocketTimeoutException) {
            return failure(
                    FailureCategory.TIMEOUT_RESPONSE,
                    server + " did not answer within "
                            + settings.responseTimeout().toMillis() + " ms (property responseTimeoutMillis)",
                    cause);
        }
        if (cause instanceof UnknownHostException) {
            return failure(
                    FailureCategory.UNAVAILABLE,
                    server + " cannot be reached" + way + ": the host name is unknown" + configured,
                    cause);
        }
        if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            return failure(
                    FailureCategory.UNAVAILABLE,
                    server + " cannot be connected to" + way + ": " + reason(cause) + configured,
                    cause);
        }
        if (connecting && isCutHandshake(cause)) {
            return failure(
                    FailureCategory.UNAVAILABLE,
                    server + " broke the connection off" + way + " while it was being made" + configured
                            + ": it may be starting or going down",
                    cause);
        }
        if (cause instanceof SSLException && (connecting || cause instanceof SSLHandshakeException)) {
            String hint = socket.beginsWith('H')
                    ? " (it seems to speak plain HTTP: use http in serverUrl)"
                    : tlsHint(cause, settings);
            return failure(FailureCategory.TLS, server + ": no TLS connection: " + words(cause) + hint, cause);
        }
        if (cause instanceof MessageConstraintException) {
            return failure(
                    FailureCategory.TOO_LARGE,
                    server + " answered with a head that is too large: more than " + SocketHolder.MAX_HEAD_LINES
                            + " lines, or a line of more than " + SocketHolder.MAX_HEAD_LINE + " bytes",
                    cause);
        }
        if (cause instanceof HttpException) {
            return failure(FailureCategory.PROTOCOL, server + " does not speak HTTP/1.1: " + words(cause), cause);
        }
        if (!(cause instanceof IOException || cause instanceof IllegalStateException)) { // out of the HTTP client
            return failure(
                    FailureCategory.PROTOCOL, "A call of " + server + " failed in an unexpected way: " + cause, cause);
        }
        String hint = socket.beginsWith(TLS_ALERT) ? " (it seems to speak TLS: use https in serverUrl)" : "";
        return failure(
                FailureCategory.COMMUNICATION, server + " broke the connection off: " + words(cause) + hint, cause);
    }

    /**
     * A proxy refused a request, or to open a tunnel.
     *
     * @param answer the proxy's
     */
    static GenAiException byProxy(HttpSettings settings, HttpAnswer answer) {
        FailureCategory category =
                switch (answer.status()) {
                    case 502, 503, 504 -> FailureCategory.UNAVAILABLE; // it cannot reach the backend
                    default -> FailureCategory.PROXY;
                };
        String proxy = settings.transport().proxy().map(known -> " " + known).orElse("");
        GenAiException failure = answer.failure(
                category,
                "is not reached: the proxy" + proxy + " answered with status " + answer.status() + ": "
                        + answer.excerpt()
                        + (answer.status() == 407 ? " (properties proxyUser, proxyPassword)" : ""),
                null);
        // a status would be taken for that of a backend that the request has reached
        return category == FailureCategory.PROXY
                ? failure
                : new GenAiException(
                        category,
                        failure.getMessage(),
                        null,
                        true,
                        failure.retryAfter().orElse(null),
                        null,
                        null);
    }

    /** The head of an answer that contradicts itself or HTTP, in ways that HttpClient lets pass. */
    static GenAiException inHead(HttpSettings settings, String path, RuntimeException thrown) {
        return failure(
                FailureCategory.PROTOCOL,
                settings.name() + " answered " + path + " with a head that is not HTTP: " + words(thrown),
                thrown);
    }

    /** After the head of the answer, before its end. */
    static GenAiException inAnswer(HttpSettings settings, Throwable thrown) {
        Throwable cause = root(thrown);
        if (cause instanceof ZipException) {
            return failure(
                    FailureCategory.PROTOCOL,
                    settings.name() + " packs its answer in a way that cannot be unpacked: " + words(cause),
                    cause);
        }
        String how = cause instanceof SocketTimeoutException
                ? "fell silent for " + settings.responseTimeout().toMillis() + " ms (property responseTimeoutMillis)"
                : "broke off: " + words(cause);
        return failure(FailureCategory.TRUNCATED, settings.name() + " began to answer and " + how, cause);
    }

    /** Whether the caller's thread was interrupted, which closes the socket. */
    static boolean isInterrupted(Throwable thrown) {
        return root(thrown) instanceof ClosedByInterruptException;
    }

    static GenAiException deadline(HttpSettings settings, Deadline deadline, Throwable cause) {
        return failure(
                FailureCategory.DEADLINE,
                settings.name() + " did not finish within the call timeout of "
                        + deadline.whole().toMillis()
                        + " ms (property callTimeoutMillis, or the timeout of the request)",
                cause);
    }

    /** A reset or end of file where nothing was answered: on a used socket it was most likely closed while idle. */
    static boolean isConnectionLoss(Throwable thrown) {
        Throwable cause = root(thrown);
        return cause instanceof NoHttpResponseException
                || cause instanceof SocketException && !(cause instanceof ConnectException);
    }

    /**
     * A TLS handshake that ends without an alert means that a backend stops or starts, not that a certificate is wrong.
     */
    private static boolean isCutHandshake(Throwable cause) {
        return cause instanceof SocketException
                || cause instanceof EOFException
                || cause.getCause() instanceof EOFException;
    }

    /** The JDK's messages name no remedy. */
    private static String tlsHint(Throwable cause, HttpSettings settings) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof CertPathBuilderException) {
                return settings.transport().tls().isPresent()
                        ? " (its certificate is not trusted: not in trustStoreFile, or not in the JVM's trust store if there is none)"
                        : " (its certificate is not trusted; trustStoreFile names a store with those that are)";
            }
        }
        return " (check serverUrl, trustStoreFile, keyStoreFile and verifyHostName)";
    }

    private static GenAiException failure(FailureCategory category, String message, Throwable cause) {
        return new GenAiException(category, message, cause);
    }

    /** Jersey wraps what HttpClient throws, and HttpClient wraps some of what the JDK throws. */
    private static Throwable root(Throwable thrown) {
        Throwable cause = thrown;
        while (isWrapper(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof ClientProtocolException
                || !(thrown instanceof IOException) && !(thrown instanceof HttpException);
    }

    /** HttpClient's words without the address, which our sentence has named already. */
    private static String reason(Throwable cause) {
        String words = words(cause);
        int end = words.lastIndexOf(CONNECT_FAILED);
        return end < 0 ? words : words.substring(end + CONNECT_FAILED.length());
    }

    private static String words(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
