package org.genaiconnector.storyboard.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads pairs of name and password such as {@code alice:secret,bob:other}; {@code \,} is a comma and {@code \\} a backslash. */
final class CallerList {

    private final Map<String, String> passwords = new LinkedHashMap<>();

    /**
     * Reads a list.
     *
     * @param text as in the configuration
     * @throws IllegalArgumentException if it is not well formed; the message quotes nothing of it
     */
    CallerList(String text) {
        StringBuilder entry = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
                if (i == text.length() || text.charAt(i) != ',' && text.charAt(i) != '\\') {
                    throw wrong("has a backslash before neither a comma nor a backslash; write \\\\ for a backslash");
                }
                entry.append(text.charAt(i));
            } else if (c == ',') {
                add(entry.toString());
                entry.setLength(0);
            } else {
                entry.append(c);
            }
        }
        add(entry.toString());
    }

    Optional<String> password(String name) {
        return Optional.ofNullable(passwords.get(name));
    }

    private void add(String entry) {
        String pair = entry.strip();
        int colon = pair.indexOf(':');
        if (colon < 1 || colon == pair.length() - 1) {
            throw wrong("is not NAME:PASSWORD; write \\, for a comma in a password");
        }
        if (passwords.putIfAbsent(pair.substring(0, colon), pair.substring(colon + 1)) != null) {
            throw wrong("repeats a name");
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(
                "STORYBOARD_CALLERS (storyboard.callers): entry " + (passwords.size() + 1) + " " + what);
    }
}
