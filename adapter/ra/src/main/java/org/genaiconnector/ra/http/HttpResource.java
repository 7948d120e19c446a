package org.genaiconnector.ra.http;

import jakarta.ws.rs.client.WebTarget;
import java.util.function.UnaryOperator;

/** Address of something on a server. Making one costs some microseconds, so those without parameters are made once. */
public final class HttpResource {
    private final WebTarget target;
    private volatile String path;

    HttpResource(WebTarget target) {
        this.target = target;
    }

    WebTarget target() {
        return target;
    }

    /**
     * What lies below.
     *
     * @param segment one path segment, encoded here, slashes too
     * @return not null
     */
    public HttpResource sub(String segment) {
        return derive(here -> here.path("{segment}").resolveTemplate("segment", segment, true));
    }

    /**
     * This resource with a query parameter.
     *
     * @param name plain text
     * @param value plain text, encoded here
     * @return not null
     */
    public HttpResource query(String name, Object value) {
        // a template, because "{" and "}" in a plain query value would be taken for one
        return derive(here -> here.queryParam(name, "{value}").resolveTemplate("value", value));
    }

    private HttpResource derive(UnaryOperator<WebTarget> change) {
        try {
            return new HttpResource(change.apply(target));
        } catch (IllegalStateException e) {
            return this; // the backend has been closed meanwhile: every call fails and says so, whatever its address
        }
    }

    /** The path, for messages. */
    @Override
    public String toString() {
        String known = path;
        if (known == null) { // dear, and of no use to most of those with parameters
            known = target.getUri().getRawPath();
            path = known;
        }
        return known;
    }
}
