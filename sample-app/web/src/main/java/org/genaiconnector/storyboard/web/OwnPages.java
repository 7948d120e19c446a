package org.genaiconnector.storyboard.web;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides whether a request may come from a page of this application, or from no page at all. A browser sends requests
 * on behalf of any page, also one on the Internet; it names the origin of that page.
 */
final class OwnPages {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");
    private static final Pattern PORT = Pattern.compile(":\\d*$");
    /** No {@code URI}, which takes no name with an underscore, such as that of a container. */
    private static final Pattern ORIGIN = Pattern.compile("(https?)://([^/?#@\\s]+)");

    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+]");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final Set<String> names;

    /**
     * The pages of this application.
     *
     * @param names under which it is reached, besides localhost and addresses; empty if any will do off loopback
     */
    OwnPages(Set<String> names) {
        this.names = names;
    }

    /** The headers of a request that matter, each as often as it was sent. */
    record Request(
            String method, boolean overLoopback, List<String> hosts, List<String> origins, List<String> fetchSites) {}

    /** A refusal. */
    record Refusal(int status, String message) {}

    /** Empty for a request that may be answered. */
    Optional<Refusal> check(Request request) {
        boolean hostsMatter = request.overLoopback() || !names.isEmpty();
        if (request.hosts().size() > 1
                || hostsMatter && !request.hosts().stream().allMatch(this::isOwn)) {
            // a foreign host name may resolve to this address: a page under that name could read the answers (DNS
            // rebinding)
            return Optional.of(new Refusal(
                    421,
                    "This application is not known by the name in the Host header. If a proxy passes it on, set"
                            + " STORYBOARD_HOSTS to that name"));
        }
        if (READING.contains(request.method())) {
            return Optional.empty(); // another page could send these, but not read the answers
        }
        boolean own = OWN_SITES.containsAll(request.fetchSites())
                && request.origins().stream()
                        .allMatch(origin -> request.hosts().stream().anyMatch(host -> isSame(origin, host)));
        return own
                ? Optional.empty()
                : Optional.of(new Refusal(403, "Only pages of this application may ask for this"));
    }

    private boolean isOwn(String host) {
        String name = name(host);
        return name.equals("localhost")
                || IPV6.matcher(name).matches()
                || IPV4.matcher(name).matches()
                || names.contains(name);
    }

    /** Without the port. */
    static String name(String host) {
        String name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** The scheme cannot be compared: a proxy may speak TLS for us. So a host without a port has that of the origin's scheme. */
    private static boolean isSame(String origin, String host) {
        Matcher page = ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
        if (!page.matches()) {
            return false; // such as "null", which a page without an origin sends
        }
        String port = page.group(1).equals("https") ? ":443" : ":80";
        return withPort(page.group(2), port).equals(withPort(host.toLowerCase(Locale.ROOT), port));
    }

    private static String withPort(String host, String usual) {
        return PORT.matcher(host).find() ? host : host + usual;
    }
}
