package org.genaiconnector.llm;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A request in the service's own protocol, for libraries that have their own codec and want the connections of a pool. Immutable.
 */
public final class RawRequest {
    /** The connection's own, and those of single sockets. */
    private static final Set<String> REFUSED = Set.of(
            "authorization",
            "proxy-authorization",
            "x-api-key",
            "api-key",
            "x-goog-api-key",
            "cookie",
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "content-type",
            "expect",
            "upgrade",
            "te",
            "trailer",
            "keep-alive",
            "accept-encoding");

    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final String mediaType;
    private final byte[] body;
    private final Duration timeout;

    private RawRequest(
            String method, String path, Map<String, String> headers, String mediaType, byte[] body, Duration timeout) {
        this.method = method;
        this.path = path;
        this.headers = headers;
        this.mediaType = mediaType;
        this.body = body;
        this.timeout = timeout;
    }

    /**
     * A request without a body.
     *
     * @param method in upper case, such as {@code GET}
     * @param path below the factory's address, encoded, perhaps with a query: {@code /models?limit=10}
     * @return the request
     * @throws IllegalArgumentException if the method is none, or the path leads out of the factory's address
     */
    public static RawRequest of(String method, String path) {
        if (method == null || !method.matches("[A-Z]{1,20}")) {
            throw new IllegalArgumentException("A method has upper-case letters only: " + method);
        }
        return new RawRequest(method, checked(path), Map.of(), null, null, null);
    }

    /**
     * A POST of JSON.
     *
     * @param path as in {@link #of}
     * @param json the body
     * @return the request
     * @throws IllegalArgumentException as {@link #of}
     */
    public static RawRequest post(String path, byte[] json) {
        return of("POST", path).withBody("application/json", json);
    }

    private static String checked(String path) {
        URI uri;
        try {
            uri = URI.create(Objects.requireNonNull(path, "path"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("A path is encoded: " + e.getMessage(), e);
        }
        boolean plain = path.startsWith("/") && !path.startsWith("//") && uri.getRawFragment() == null;
        if (!plain || Arrays.asList(uri.getPath().split("/")).contains("..")) {
            throw new IllegalArgumentException(
                    "A path begins with one slash and stays below the factory's address: " + path);
        }
        return path;
    }

    /**
     * The same with a header.
     *
     * @param name not that of a credential, which the connection sets, nor of the connection itself or the body
     * @param value one line
     * @return a new request
     * @throws IllegalArgumentException if the name or the value is not permitted
     */
    public RawRequest withHeader(String name, String value) {
        if (!isHeader(name)) {
            throw new IllegalArgumentException("The header " + name + " is set by the connection");
        }
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || !value.matches("[\\t\\x20-\\x7e\\x80-\\xff]*")) {
            throw new IllegalArgumentException("This is no header: " + name);
        }
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(name, value);
        return new RawRequest(method, path, more, mediaType, body, timeout);
    }

    /**
     * Whether requests may have a header of this name.
     *
     * @param name in any case
     * @return false for credentials, and for what belongs to the connection or the body
     */
    public static boolean isHeader(String name) {
        return !REFUSED.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * The same with a body.
     *
     * @param type media type, such as {@code application/json}
     * @param content not copied
     * @return a new request
     */
    public RawRequest withBody(String type, byte[] content) {
        return new RawRequest(
                method, path, headers, Objects.requireNonNull(type, "type"), Objects.requireNonNull(content), timeout);
    }

    /**
     * The same with a limit for the time of the call, to the end of its answer.
     *
     * @param limit not negative; null for the pool's call timeout, which also caps it
     * @return a new request
     */
    public RawRequest withTimeout(Duration limit) {
        return new RawRequest(method, path, headers, mediaType, body, RequestBuilder.notNegative(limit));
    }

    /**
     * The method.
     *
     * @return in upper case
     */
    public String method() {
        return method;
    }

    /**
     * The path.
     *
     * @return encoded, with the query
     */
    public String path() {
        return path;
    }

    /**
     * The headers.
     *
     * @return unmodifiable
     */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }

    /**
     * The media type of the body.
     *
     * @return empty without a body
     */
    public Optional<String> mediaType() {
        return Optional.ofNullable(mediaType);
    }

    /**
     * The body.
     *
     * @return not copied; empty without a body
     */
    public Optional<byte[]> body() {
        return Optional.ofNullable(body);
    }

    /**
     * The longest time that the call may take, with all its attempts and waits, and to the end of its answer.
     *
     * @return empty for the pool's call timeout, which also caps it
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /** Method and path; never headers or body, which may hold what users say. */
    @Override
    public String toString() {
        return "RawRequest[" + method + " " + path.replaceFirst("\\?.*", "") + "]";
    }
}
