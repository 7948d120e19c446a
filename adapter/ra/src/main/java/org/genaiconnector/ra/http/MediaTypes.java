package org.genaiconnector.ra.http;

import java.util.regex.Pattern;

/**
 * The check of the header {@code Content-Type}, whose value is not used: an answer that has several or a wrong one does not come
 * from the backend's program. Jersey refuses such answers, and so does the adapter without it.
 */
final class MediaTypes {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern MEDIA_TYPE = Pattern.compile(
            "\\s*" + TOKEN + "/" + TOKEN + "\\s*(;\\s*(" + TOKEN + "=(" + TOKEN + "|\"([^\"\\\\]|\\\\.)*+\")\\s*)?)*+");

    /** Nearly all answers of an application server's backends have the same. */
    private static volatile String known = "application/json";

    private MediaTypes() {}

    /**
     * Checks the header of an answer.
     *
     * @param values of the header {@code Content-Type}
     * @throws IllegalStateException if there are several, or the only one is wrong
     */
    static void check(String... values) {
        if (values.length > 1) {
            throw new IllegalStateException(
                    "Too many \"Content-Type\" header values: \"[" + String.join(", ", values) + "]\"");
        }
        if (values.length == 1 && !values[0].equals(known)) {
            if (!MEDIA_TYPE.matcher(values[0]).matches()) {
                throw new IllegalStateException("Unable to parse \"Content-Type\" header value: \"" + values[0] + "\"");
            }
            known = values[0];
        }
    }
}
