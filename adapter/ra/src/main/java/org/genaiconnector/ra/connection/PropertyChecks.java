package org.genaiconnector.ra.connection;

import java.time.Duration;

/** Checks of the values of configuration properties. */
public final class PropertyChecks {

    private PropertyChecks() {}

    /**
     * Whether a property has no value; application servers store absent values as null, empty or blank.
     *
     * @param text null counts as blank
     * @return true for null and for white space only
     */
    public static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    /**
     * Checks that a number is present and large enough.
     *
     * @param property name, for the message
     * @param value null if it is missing
     * @param least the smallest valid value
     * @return the value
     * @throws PropertyException if it is missing or smaller
     */
    public static int atLeast(String property, Integer value, int least) throws PropertyException {
        if (value == null || value < least) {
            throw new PropertyException(property, "must be " + least + " or more, but is " + value);
        }
        return value;
    }

    static Duration millis(String property, Integer value, int least) throws PropertyException {
        return Duration.ofMillis(atLeast(property, value, least));
    }

    /** Whether an HTTP header can carry a text: it carries Latin-1 at most, and the client would send "?" for the rest. */
    static boolean isHeaderValue(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~' || c >= 0xA0 && c <= 0xFF || c == '\t');
    }

    /** Whether HTTP permits a text as the name of a header. */
    public static boolean isHeaderName(String text) {
        return text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    }

    /** Checks that an HTTP header can carry a value, which the message does not show because it may be a secret. */
    public static void requireHeaderValue(String property, String value) throws PropertyException {
        if (!isHeaderValue(value)) {
            throw new PropertyException(
                    property,
                    "contains a character that no HTTP header can carry: only visible characters of Latin-1 are possible");
        }
    }
}
