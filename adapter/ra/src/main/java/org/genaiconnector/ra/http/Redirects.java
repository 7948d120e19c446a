package org.genaiconnector.ra.http;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hc.core5.http.HttpHeaders;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Where a backend's redirects of downloads lead. Services keep files in storage elsewhere, and answer with a signed address of
 * it. Another origin gets no credentials: no header of the connection but {@code User-Agent}, no parameter of {@code serverUrl},
 * no client certificate, and no address that repeats a key. Other calls are never redirected ({@link HttpCall#followsRedirects()}).
 */
final class Redirects {
    /** As many as browsers' own limits are far above, and real services are far below. */
    static final int MOST = 5;

    private final HttpSettings home;

    /** Made at the first redirect to another origin, because it reads the JVM's trust store. */
    private Exchange elsewhere;

    Redirects(HttpSettings home) {
        this.home = home;
    }

    /**
     * The next request of a call.
     *
     * @param call to be made
     * @param at its address
     * @param elsewhere whether another origin than the backend's has answered before or will now: it gets no credentials
     */
    record Hop(HttpCall call, URI at, boolean elsewhere) {}

    static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /** The request that a call begins with. */
    static Hop first(HttpCall call) {
        return new Hop(call, call.resource().uri(), false);
    }

    /**
     * Where an answer leads.
     *
     * @param hop what it answers
     * @param answer a redirect
     * @param number how many redirects there have been with this one
     * @throws GenAiException if that is no place to go to
     */
    Hop next(Hop hop, HttpAnswer answer, int number) throws GenAiException {
        String location = answer.header("Location").map(String::strip).orElse("");
        if (location.isEmpty()) {
            throw refused(answer, "it names no address");
        }
        URI to = resolved(hop.at(), location).orElseThrow(() -> refused(answer, "that is no address of HTTP"));
        if (number > MOST) {
            throw refused(answer, "there are more than " + MOST + " in a row");
        }
        if (to.getRawUserInfo() != null) {
            throw refused(answer, "the address has a user or password");
        }
        if (isSecure(hop.at()) && !isSecure(to)) {
            throw refused(answer, "from https to http the file would come unprotected");
        }
        boolean away = hop.elsewhere() || !isSameOrigin(home.server(), to);
        if (away && !answer.secrets().mask(to.toString()).equals(to.toString())) {
            throw refused(answer, "the address repeats a credential of this connection");
        }
        return new Hop(hop.call().to(HttpResource.of(to)), to, away);
    }

    private static Optional<URI> resolved(URI base, String location) {
        try {
            URI to = base.resolve(new URI(location.replaceFirst("#.*", "")));
            boolean http = "http".equalsIgnoreCase(to.getScheme()) || "https".equalsIgnoreCase(to.getScheme());
            return http && to.getHost() != null ? Optional.of(to) : Optional.empty();
        } catch (java.net.URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static GenAiException refused(HttpAnswer answer, String why) {
        return answer.failure(
                FailureCategory.PROTOCOL,
                answer.refusal(answer.excerpt()) + " -- this redirect is not followed: " + why,
                null);
    }

    private static boolean isSecure(URI address) {
        return "https".equalsIgnoreCase(address.getScheme());
    }

    private static boolean isSameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI address) {
        return address.getPort() >= 0 ? address.getPort() : isSecure(address) ? 443 : 80;
    }

    /** The limits of a request elsewhere, whose failures name where that is. */
    HttpSettings settings(HttpSettings limits, URI at) {
        return new HttpSettings(
                "The storage to which " + home.name() + " redirects,",
                HttpResource.origin(at),
                limits.connectTimeout(),
                limits.responseTimeout(),
                limits.callTimeout(),
                limits.retry(),
                limits.circuit(),
                limits.transport());
    }

    /** All headers that another origin gets besides those of the call. */
    Map<String, String> headers(URI at) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        String userAgent = home.transport().headers().get(HttpHeaders.USER_AGENT);
        if (userAgent != null) {
            headers.put(HttpHeaders.USER_AGENT, userAgent);
        }
        home.transport()
                .proxy()
                .filter(proxy -> !isSecure(at) && !proxy.user().isEmpty())
                .ifPresent(proxy -> headers.put(HttpHeaders.PROXY_AUTHORIZATION, proxy.authorization()));
        return headers;
    }

    /** The exchange with other origins: the proxy and trusted certificates of the backend, and nothing else of it. */
    synchronized Exchange elsewhere() {
        if (elsewhere == null) {
            Transport way = home.transport().elsewhere();
            // behind a proxy it is the proxy that looks names up
            elsewhere = new DirectExchange(
                    way.proxy().isPresent()
                            ? new ConnectionRouter(way)
                            : new ConnectionRouter(
                                    way, new GuardedNames(home.server().getHost())));
        }
        return elsewhere;
    }
}
