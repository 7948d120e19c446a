package org.genaiconnector.ra.connection;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.Credentials;

/**
 * One address of a factory as it is configured.
 *
 * @param id by which calls name it; unique within the factory
 * @param name for people; unique within the factory
 * @param server base address, without query and without slash at its end
 * @param query parameters of every request, encoded, without question mark; empty for none
 * @param weight 1 or more; an endpoint of weight 2 counts as twice as fast as one of weight 1
 * @param tags what it can do, in the administrator's words
 * @param credentials its own; empty if those of the factory count
 * @param keyHeader name of the header that carries its key; empty if that of the factory counts
 * @param dialect that it speaks; empty if that of the factory counts
 */
public record EndpointSettings(
        URI id,
        String name,
        URI server,
        String query,
        int weight,
        Set<String> tags,
        Optional<Credentials> credentials,
        Optional<String> keyHeader,
        Optional<String> dialect) {

    /** An endpoint that calls name by its address, which is unique. */
    EndpointSettings(
            String name,
            URI server,
            String query,
            int weight,
            Set<String> tags,
            Optional<Credentials> credentials,
            Optional<String> dialect) {
        this(server, name, server, query, weight, tags, credentials, Optional.empty(), dialect);
    }

    public EndpointSettings {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(keyHeader, "keyHeader");
        Objects.requireNonNull(dialect, "dialect");
        tags = Set.copyOf(tags);
    }

    /** The only address of a factory. */
    static EndpointSettings only(ServerUrl url) {
        return new EndpointSettings(
                nameOf(url.base()), url.base(), url.query(), 1, Set.of(), Optional.empty(), Optional.empty());
    }

    /**
     * An endpoint that calls name by its name, because others may have the same address.
     *
     * @param name letters, digits and {@code . _ -}
     * @param address as in property {@code serverUrl}
     * @param credentials its own; empty for none
     * @param keyHeader name of the header that carries the key; empty if that of the factory counts
     * @throws PropertyException if the address is wrong
     */
    public static EndpointSettings named(
            String name, String address, Optional<Credentials> credentials, Optional<String> keyHeader)
            throws PropertyException {
        ServerUrl url = ServerUrl.parse(address);
        return new EndpointSettings(
                idOf(name), name, url.base(), url.query(), 1, Set.of(), credentials, keyHeader, Optional.empty());
    }

    /**
     * What calls name an endpoint by.
     *
     * @param name of {@link #named}
     * @return the id of that endpoint
     */
    public static URI idOf(String name) {
        return URI.create("endpoint:" + name);
    }

    /** What an address is called that has no configured name: host, port and path. */
    static String nameOf(URI server) {
        return server.getRawAuthority() + server.getRawPath();
    }
}
