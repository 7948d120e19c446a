package org.genaiconnector.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request as the simulator read it.
 *
 * @param number position among all requests since the start or the last {@link Traffic#forget()}, from 1
 * @param connection number of the TCP connection it came on, from 1 in order of opening
 * @param numberOnConnection position among the requests of that connection, from 1
 * @param method the HTTP method, in upper case
 * @param target path and query as sent
 * @param headers all headers; names in lower case, values in the order sent
 * @param body the body without transfer coding, empty if there was none; not a copy
 * @param receivedAt when the body had been read
 */
public record RecordedRequest(
        int number,
        long connection,
        int numberOnConnection,
        String method,
        String target,
        Map<String, List<String>> headers,
        byte[] body,
        Instant receivedAt) {

    /** The path without the query. */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The first value of a header; the case of its name does not matter. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /** The body read as UTF-8. */
    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The request line and the connection; never headers or body, which may hold keys and prompts. */
    @Override
    public String toString() {
        return "#" + number + " " + method + " " + target + " on connection " + connection;
    }
}
