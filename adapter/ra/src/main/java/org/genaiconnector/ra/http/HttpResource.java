package org.genaiconnector.ra.http;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Address of something on a backend. Those without parameters are made once, because the exchange prepares them for use. */
public final class HttpResource {
    private final String address;

    /** Encoded; empty for none. */
    private final String query;

    private volatile Object prepared;
    private volatile String path;

    private HttpResource(String address, String query) {
        this.address = address;
        this.query = query;
    }

    /**
     * The root of a backend.
     *
     * @param server base address, perhaps with a path
     * @param query of every address below, encoded; empty for none
     */
    static HttpResource root(URI server, String query) {
        return new HttpResource(server.toString().replaceFirst("/+$", ""), query);
    }

    /** Something of another backend. */
    static HttpResource of(URI whole) {
        String query = whole.getRawQuery();
        String address = origin(whole) + whole.getRawPath();
        return new HttpResource(address, query == null ? "" : query);
    }

    /** Scheme, host and port. */
    static URI origin(URI whole) {
        return URI.create(
                whole.getScheme() + "://" + whole.getHost() + (whole.getPort() < 0 ? "" : ":" + whole.getPort()));
    }

    /** The whole address, which may hold a token. */
    URI uri() {
        return URI.create(query.isEmpty() ? address : address + "?" + query);
    }

    /**
     * What lies below.
     *
     * @param encoded path, already encoded
     */
    HttpResource at(String encoded) {
        return new HttpResource(address + (encoded.startsWith("/") ? "" : "/") + encoded, query);
    }

    /**
     * What lies below.
     *
     * @param segment one path segment, encoded here, slashes too
     * @return its address
     */
    public HttpResource sub(String segment) {
        return at(encoded(segment));
    }

    /**
     * This resource with a query parameter.
     *
     * @param name plain text
     * @param value plain text, encoded here
     * @return its address
     */
    public HttpResource query(String name, Object value) {
        String parameter = encoded(name) + "=" + encoded(value.toString());
        return new HttpResource(address, query.isEmpty() ? parameter : query + "&" + parameter);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * What the exchange needs to send a request to this address; made at the first call.
     *
     * @param type always the same
     * @param maker makes it of the whole address
     */
    <T> T prepared(Class<T> type, Function<URI, T> maker) {
        Object known = prepared;
        if (known == null) {
            known = maker.apply(uri());
            prepared = known;
        }
        return type.cast(known);
    }

    /** The path, for messages. */
    @Override
    public String toString() {
        String known = path;
        if (known == null) { // costly, and of no use to most of those with parameters
            known = URI.create(address).getRawPath();
            path = known;
        }
        return known;
    }
}
