package org.genaiconnector.ra.connection;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.Credentials;

/**
 * One address of a factory as it is configured.
 *
 * @param name for people; unique within the factory
 * @param server base address, without query and without slash at its end; unique within the factory
 * @param query parameters of every request, encoded, without question mark; empty for none
 * @param weight 1 or more; an endpoint of weight 2 counts as twice as fast as one of weight 1
 * @param tags what it can do, in the administrator's words
 * @param credentials its own; empty if those of the factory count
 */
public record EndpointSettings(
        String name, URI server, String query, int weight, Set<String> tags, Optional<Credentials> credentials) {

    public EndpointSettings {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(credentials, "credentials");
        tags = Set.copyOf(tags);
    }

    /** The only address of a factory. */
    static EndpointSettings only(ServerUrl url) {
        return new EndpointSettings(nameOf(url.base()), url.base(), url.query(), 1, Set.of(), Optional.empty());
    }

    /** What an address is called that has no configured name: host, port and path. */
    static String nameOf(URI server) {
        return server.getRawAuthority() + server.getRawPath();
    }
}
