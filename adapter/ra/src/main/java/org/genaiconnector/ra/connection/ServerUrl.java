package org.genaiconnector.ra.connection;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configured address of a backend.
 *
 * @param base the address without query and without slash at its end
 * @param query parameters of every request, encoded, without question mark; empty for none
 */
record ServerUrl(URI base, String query) {
    private static final String PROPERTY = "serverUrl";

    /** Application servers leave those as they are that they do not know. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^}]*}");

    /**
     * Reads property {@code serverUrl}.
     *
     * @param text as configured; null if it is missing
     * @throws PropertyException if it is missing or not an absolute http or https address
     */
    static ServerUrl parse(String text) throws PropertyException {
        String url = text == null ? "" : text.strip();
        int mark = url.indexOf('?');
        String base = withoutSlash(mark < 0 ? url : url.substring(0, mark));
        String query = mark < 0 ? "" : url.substring(mark + 1);
        try {
            URI uri = new URI(base);
            new URI(base + "?" + query);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null
                    && query.indexOf('#') < 0) {
                return new ServerUrl(uri, query);
            }
        } catch (URISyntaxException e) {
            Matcher placeholder = PLACEHOLDER.matcher(url);
            throw new PropertyException(
                    PROPERTY,
                    placeholder.find()
                            ? "contains " + placeholder.group()
                                    + ", a placeholder that the application server does not know"
                            : "is not an address: " + e.getReason() + " at position " + e.getIndex());
        }
        throw new PropertyException(
                PROPERTY,
                "must be an address such as http://host:8188, without user and fragment (credentials have properties of "
                        + "their own)");
    }

    private static String withoutSlash(String url) {
        String result = url;
        while (result.endsWith("/")) {
            result = result.substring(0, result.length() - 1);
        }
        return result;
    }
}
