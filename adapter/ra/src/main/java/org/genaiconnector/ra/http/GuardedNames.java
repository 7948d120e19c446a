package org.genaiconnector.ra.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Looks up the hosts that redirects lead to, and refuses those that are nearer than the backend: a public backend must not make
 * the adapter read from this network, nor one of this network from this machine, and none from link-local addresses, where
 * clouds offer keys to their machines. The socket is connected to what was judged, so a name cannot change in between.
 */
final class GuardedNames implements DnsResolver {
    private final String home;

    /** @param home host of the backend */
    GuardedNames(String home) {
        this.home = home;
    }

    /** How near an address is, the nearest first. */
    private enum Distance {
        MACHINE,
        LINK,
        NETWORK,
        WORLD
    }

    /** A host that a redirect must not lead to. */
    static final class TooNearException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        TooNearException(String message) {
            super(message);
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = SystemDefaultDnsResolver.INSTANCE.resolve(host);
        Distance least = ofHome();
        for (InetAddress address : found) {
            Distance distance = of(address);
            if (distance == Distance.LINK ? least != Distance.LINK : distance.compareTo(least) < 0) {
                throw new TooNearException(
                        switch (distance) {
                            case MACHINE -> "it leads to this machine";
                            case LINK -> "it leads to a link-local address";
                            default -> "it leads from a public address into a private network";
                        });
            }
        }
        return found;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
    }

    private Distance ofHome() throws UnknownHostException {
        return Stream.of(SystemDefaultDnsResolver.INSTANCE.resolve(home))
                .map(GuardedNames::of)
                .min(Distance::compareTo)
                .orElse(Distance.WORLD);
    }

    private static Distance of(InetAddress address) {
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return Distance.MACHINE;
        }
        if (address.isLinkLocalAddress()) {
            return Distance.LINK;
        }
        return address.isSiteLocalAddress() || address.isMulticastAddress() || isPrivate(address.getAddress())
                ? Distance.NETWORK
                : Distance.WORLD;
    }

    /** What the JDK does not know: unique local addresses of IPv6 (RFC 4193), shared ones of providers (RFC 6598). */
    private static boolean isPrivate(byte[] address) {
        return address.length == 4 ? address[0] == 100 && (address[1] & 0xc0) == 64 : (address[0] & 0xfe) == 0xfc;
    }
}
