package org.genaiconnector.ivt;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who may use this application: callers on the machine of the application server, who ask for it by a name of that machine. So
 * neither the network, nor a proxy that forwards to it, nor a page of others in an administrator's browser can run it.
 */
final class Access {
    private static final String LOCAL_NAME = "localhost|127(\\.\\d{1,3}){3}|\\[?(0:0:0:0:0:0:0|:):1\\]?";

    private Access() {}

    /** Why a request is refused; empty if it is not. */
    static Optional<String> refusal(HttpServletRequest request) throws UnknownHostException {
        String caller = request.getRemoteAddr();
        if (!InetAddress.getByName(caller).isLoopbackAddress()) {
            return Optional.of(
                    "The installation verification test answers only to the machine of the application server, not to "
                            + caller
                            + ". Call it there, for example with curl, or through a tunnel (ssh -L, kubectl port-forward).");
        }
        Optional<String> proxy = Stream.of("Forwarded", "X-Forwarded-For", "Via")
                .filter(header -> request.getHeader(header) != null)
                .findFirst();
        if (proxy.isPresent()) {
            return Optional.of("The installation verification test does not answer to proxies (header " + proxy.get()
                    + "). Call the application server directly.");
        }
        String host = request.getServerName(); // HTTP/2 has no header Host
        if (!host.matches(LOCAL_NAME)) {
            return Optional.of(
                    "The installation verification test answers only under the names localhost and 127.0.0.1.");
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !origin.equals(origin(request))) {
            return Optional.of("The page " + origin + " may not run the installation verification test.");
        }
        return Optional.empty();
    }

    /** Of the pages of this application, as browsers write it. */
    private static String origin(HttpServletRequest request) {
        int usual = request.getScheme().equals("https") ? 443 : 80;
        String port = request.getServerPort() == usual ? "" : ":" + request.getServerPort();
        return request.getScheme() + "://" + request.getServerName() + port;
    }
}
