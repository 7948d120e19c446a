package org.genaiconnector.testkit;

import java.util.function.Predicate;

/** A condition on requests that decides whether a fault applies. */
@FunctionalInterface
public interface Match extends Predicate<RecordedRequest> {

    /** Every request. */
    static Match any() {
        return request -> true;
    }

    /** Requests to exactly this path; the query does not count. */
    static Match path(String path) {
        return request -> request.path().equals(path);
    }

    /** Requests with this method, in upper case. */
    static Match method(String method) {
        return request -> request.method().equals(method);
    }

    /** Requests that are not the first on their connection: what a pool sends on a socket it kept. */
    static Match reusedConnection() {
        return request -> request.numberOnConnection() > 1;
    }

    /** Requests whose body, read as UTF-8, contains this text. */
    static Match bodyContains(String text) {
        return request -> request.bodyText().contains(text);
    }

    /** Requests that satisfy both. */
    default Match and(Match other) {
        return request -> test(request) && other.test(request);
    }
}
