package org.genaiconnector.comfyui;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks the names of files and folders, the application's before they are sent and ComfyUI's before a file is written
 * under them.
 */
final class FileNames {
    /** Longest name that common file systems accept. */
    private static final int MAX_BYTES = 255;

    /** Where a workflow names a file so, ComfyUI looks for it in another directory. */
    private static final Pattern ANNOTATED = Pattern.compile(".*\\[(input|output|temp)]");

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");

    private FileNames() {}

    /** Why this is no plain file name; empty if it is one. */
    static Optional<String> faultOfName(String name) {
        if (name.isBlank()) {
            return Optional.of("it is empty");
        }
        if (name.contains("/") || name.contains("\\")) {
            return Optional.of("it has a folder in it");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("it is a folder");
        }
        if (hasControlCharacter(name)) {
            return Optional.of("it has a control character in it");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            return Optional.of("it has half a character in it");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return Optional.of("it is longer than " + MAX_BYTES + " bytes");
        }
        return Optional.empty();
    }

    /** Why this is no folder below a directory; empty if it is one, or none at all. ComfyUI on Windows writes backslashes. */
    static Optional<String> faultOfFolder(String folder) {
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        if (hasControlCharacter(folder)) {
            return Optional.of("it has a control character in it");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(folder)) {
            return Optional.of("it has half a character in it");
        }
        if (DRIVE.matcher(folder).matches() || folder.startsWith("/") || folder.startsWith("\\")) {
            return Optional.of("it is absolute");
        }
        List<String> segments = List.of(folder.split("[/\\\\]", -1));
        if (segments.contains("..")) {
            return Optional.of("it has \"..\" in it");
        }
        return Optional.empty();
    }

    static boolean endsLikeADirectory(String name) {
        return ANNOTATED.matcher(name).matches();
    }

    /** A name as it can be shown in a message. */
    static String shown(String name) {
        String plain = name.replaceAll("\\p{Cntrl}", "?");
        return '"' + (plain.length() <= 100 ? plain : plain.substring(0, 100) + "...") + '"';
    }

    private static boolean hasControlCharacter(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
