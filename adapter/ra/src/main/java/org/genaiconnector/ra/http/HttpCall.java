package org.genaiconnector.ra.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A request to be made.
 *
 * @param method HTTP method
 * @param resource what it is made to
 * @param headers besides those of the connection
 * @param body null for none
 * @param repeatable whether it may be made twice
 * @param subject the part of the backend that executes it, such as a model; empty for the backend as a whole
 * @param followsRedirects whether a redirect is followed, without credentials where it leaves the backend; only for GET and HEAD
 */
public record HttpCall(
        String method,
        HttpResource resource,
        Map<String, String> headers,
        Body body,
        Repeatable repeatable,
        String subject,
        boolean followsRedirects) {

    /** What is sent. */
    public sealed interface Body permits Bytes, Streamed {
        /**
         * Value of the {@code Content-Type} header.
         *
         * @return for example {@code application/json}
         */
        String mediaType();
    }

    /**
     * A body in memory.
     *
     * @param mediaType value of {@code Content-Type}
     * @param content not copied
     */
    public record Bytes(String mediaType, byte[] content) implements Body {}

    /**
     * A body written while it is sent, in chunks.
     *
     * @param mediaType value of {@code Content-Type}
     * @param writer called once
     */
    public record Streamed(String mediaType, Writer writer) implements Body {}

    /** Writes a streamed body. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes everything.
         *
         * @param out not to be closed
         * @throws IOException if the source or the connection breaks
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** A call of the backend as a whole; the parameters are those of the record. */
    public HttpCall(
            String method, HttpResource resource, Map<String, String> headers, Body body, Repeatable repeatable) {
        this(method, resource, headers, body, repeatable, "", false);
    }

    public HttpCall {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(repeatable, "repeatable");
        Objects.requireNonNull(subject, "subject");
        if (followsRedirects && !method.equals("GET") && !method.equals("HEAD")) {
            throw new IllegalArgumentException("A " + method + " is not redirected");
        }
    }

    /**
     * A GET, which may be repeated.
     *
     * @param resource what is asked for
     * @return the call
     */
    public static HttpCall get(HttpResource resource) {
        return new HttpCall("GET", resource, Map.of(), null, Repeatable.ALWAYS);
    }

    /**
     * A POST of JSON.
     *
     * @param resource where to
     * @param json UTF-8
     * @param repeatable whether it may be made twice
     * @return the call
     */
    public static HttpCall post(HttpResource resource, byte[] json, Repeatable repeatable) {
        return new HttpCall("POST", resource, Map.of(), new Bytes("application/json", json), repeatable);
    }

    /**
     * A POST without body.
     *
     * @param resource where to
     * @param repeatable whether it may be made twice
     * @return the call
     */
    public static HttpCall post(HttpResource resource, Repeatable repeatable) {
        return new HttpCall("POST", resource, Map.of(), null, repeatable);
    }

    /**
     * This call with one more header.
     *
     * @param name header name
     * @param value header value
     * @return a copy
     */
    public HttpCall header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpCall(method, resource, more, body, repeatable, subject, followsRedirects);
    }

    /**
     * This call for a part of the backend. Failures and rate limits of one part say nothing about another.
     *
     * @param part such as the name of a model
     * @return a copy
     */
    public HttpCall about(String part) {
        return new HttpCall(method, resource, headers, body, repeatable, part, followsRedirects);
    }

    /**
     * This call of a file, which may be kept elsewhere.
     *
     * @return a copy that follows redirects
     */
    public HttpCall followingRedirects() {
        return new HttpCall(method, resource, headers, body, repeatable, subject, true);
    }

    /** This call of something else. */
    HttpCall to(HttpResource other) {
        return new HttpCall(method, other, headers, body, repeatable, subject, followsRedirects);
    }

    /** What this call has in common with those that succeed, fail and are limited together: a model may hang while the list of
     * models answers. */
    Lane lane() {
        return new Lane(repeatable == Repeatable.ALWAYS, subject);
    }

    /**
     * What calls have in common that succeed, fail and are limited together.
     *
     * @param question whether they only ask
     * @param subject see {@link HttpCall#subject()}
     */
    record Lane(boolean question, String subject) {}
}
