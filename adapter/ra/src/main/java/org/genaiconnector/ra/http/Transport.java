package org.genaiconnector.ra.http;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.HttpHost;

/**
 * The way to a backend: TLS, a proxy, headers and parameters that a gateway requires.
 *
 * @param tls empty for the JVM's trust store and no certificate of our own
 * @param tlsElsewhere the same without a certificate of our own, for what the backend redirects to
 * @param verifyHostName false accepts a valid certificate of another host
 * @param proxy empty for none
 * @param headers sent with every request, {@code User-Agent} among them
 * @param query of every request, encoded, such as {@code api-version=2024-10-21}; empty for none. It may hold a token,
 *     so no message shows it
 * @param kind the HTTP client that makes the calls
 * @param traced whether requests carry the context of the trace that they belong to
 */
public record Transport(
        Optional<SSLContext> tls,
        Optional<SSLContext> tlsElsewhere,
        boolean verifyHostName,
        Optional<Proxy> proxy,
        Map<String, String> headers,
        String query,
        TransportKind kind,
        boolean traced) {

    /** The JVM's trust store, no proxy, no headers. */
    public static final Transport DEFAULT = new Transport(Optional.empty(), true, Optional.empty(), Map.of());

    /** The way to a backend that wants no parameters in addresses, by the HTTP client that there is. */
    public Transport(
            Optional<SSLContext> tls, boolean verifyHostName, Optional<Proxy> proxy, Map<String, String> headers) {
        this(tls, tls, verifyHostName, proxy, headers, "", TransportKind.AUTO, true);
    }

    /** The way to other origins than the backend's. */
    Transport elsewhere() {
        Map<String, String> anonymous = new TreeMap<>(headers);
        anonymous.keySet().retainAll(Set.of("User-Agent"));
        return new Transport(
                tlsElsewhere, tlsElsewhere, verifyHostName, proxy, anonymous, "", TransportKind.DIRECT, false);
    }

    public Transport {
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(tlsElsewhere, "tlsElsewhere");
        Objects.requireNonNull(proxy, "proxy");
        headers = Map.copyOf(headers);
    }

    /**
     * The same way.
     *
     * @param trace whether requests carry the context of the trace that they belong to
     * @return a copy
     */
    public Transport traced(boolean trace) {
        return new Transport(tls, tlsElsewhere, verifyHostName, proxy, headers, query, kind, trace);
    }

    /** Does not show the headers' values. */
    @Override
    public String toString() {
        return "Transport[tls=" + (tls.isPresent() ? "own stores" : "the JVM's") + ", verifyHostName=" + verifyHostName
                + ", proxy=" + proxy.map(Proxy::toString).orElse("none") + ", headers=" + headers.keySet()
                + ", kind=" + kind + "]";
    }

    /**
     * An HTTP proxy.
     *
     * @param host name or address
     * @param port 1 to 65535
     * @param user empty for none
     * @param password may be empty
     */
    public record Proxy(String host, int port, String user, String password) {

        HttpHost address() {
            return new HttpHost(host, port);
        }

        /** Value of the header {@code Proxy-Authorization}: HTTP basic. */
        String authorization() {
            return BasicAuthorization.of(user, password);
        }

        /** Does not show the password. */
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * The proxy to be used for a backend.
     *
     * @param server its address
     * @param exclusions host names as in {@code http.nonProxyHosts}: separated by bars, with an asterisk at either end
     * @param proxy the configured one
     * @return empty if the backend is excluded
     */
    public static Optional<Proxy> unlessExcluded(URI server, String exclusions, Proxy proxy) {
        for (String pattern : exclusions.split("\\|")) {
            String name = pattern.strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && matches(name, server.getHost().toLowerCase(Locale.ROOT))) {
                return Optional.empty();
            }
        }
        return Optional.of(proxy);
    }

    private static boolean matches(String pattern, String host) {
        boolean open = pattern.startsWith("*");
        boolean end = pattern.length() > 1 && pattern.endsWith("*");
        String core = pattern.substring(open ? 1 : 0, pattern.length() - (end ? 1 : 0));
        if (open && end) {
            return host.contains(core);
        }
        if (open) {
            return host.endsWith(core);
        }
        return end ? host.startsWith(core) : host.equals(core);
    }
}
