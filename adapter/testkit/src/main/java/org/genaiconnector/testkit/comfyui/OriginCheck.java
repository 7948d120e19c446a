package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.CROSS_SITE_CHECK;

import java.net.URI;
import java.util.Locale;

/**
 * Keeps web pages of other sites out of a server on the own machine: an Origin must name the host that the request is
 * for if that is a loopback one.
 */
record OriginCheck(ServerVersion version) {

    boolean refuses(Exchange exchange) {
        if (version.has(CROSS_SITE_CHECK)
                && exchange.header("sec-fetch-site")
                        .filter("cross-site"::equals)
                        .isPresent()) {
            return true;
        }
        String host = exchange.header("host").orElse("").toLowerCase(Locale.ROOT);
        String origin = exchange.header("origin").orElse("").toLowerCase(Locale.ROOT);
        if (host.isEmpty() || origin.isEmpty()) {
            return false;
        }
        URI wanted;
        URI asking;
        try {
            wanted = URI.create("//" + host);
            asking = URI.create(origin);
        } catch (IllegalArgumentException e) {
            return true;
        }
        if (!isLoopback(wanted.getHost()) || asking.getHost() == null) {
            return false;
        }
        boolean portsCount = wanted.getPort() >= 0 && asking.getPort() >= 0;
        return !wanted.getHost().equals(asking.getHost()) || (portsCount && wanted.getPort() != asking.getPort());
    }

    private static boolean isLoopback(String host) {
        return host != null && (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]"));
    }
}
