package org.genaiconnector.ra.util;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * A file of an administrator as it was when it was looked at; equal as long as the file has not changed. Looking costs one call
 * of the operating system and reads nothing.
 *
 * @param title what the file is, the subject of messages
 * @param path absolute
 * @param modified when it was last changed
 * @param size in bytes
 */
public record WatchedFile(String title, Path path, FileTime modified, long size) {

    /**
     * Looks at a file.
     *
     * @param title what the file is, such as {@code The targets file}
     * @param name its path as configured
     * @return how it is now
     * @throws GenAiException {@code NOT_FOUND} if there is none, {@code INVALID_REQUEST} if the name is no path
     */
    public static WatchedFile of(String title, String name) throws GenAiException {
        Path path;
        try {
            path = Path.of(name.strip()).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST, title + " has a name that is no path: " + e.getMessage(), e);
        }
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return new WatchedFile(title, path, now.lastModifiedTime(), now.size());
        } catch (IOException e) {
            throw unreadable(title, path, e);
        }
    }

    /**
     * Looks at it again.
     *
     * @return how it is now
     * @throws GenAiException {@code NOT_FOUND} if there is none any more
     */
    public WatchedFile now() throws GenAiException {
        return of(title, path.toString());
    }

    /**
     * Reads it.
     *
     * @return the text
     * @throws GenAiException {@code NOT_FOUND} if it cannot be read, {@code INVALID_REQUEST} if it is not in UTF-8
     */
    public String read() throws GenAiException {
        try {
            return Files.readString(path);
        } catch (CharacterCodingException e) {
            throw new GenAiException(FailureCategory.INVALID_REQUEST, title + " " + path + " is not in UTF-8", e);
        } catch (IOException e) {
            throw unreadable(title, path, e);
        }
    }

    private static GenAiException unreadable(String title, Path path, IOException cause) {
        return new GenAiException(
                FailureCategory.NOT_FOUND,
                title + " " + path + " cannot be read: "
                        + (Files.exists(path) ? cause.getMessage() : "there is no such file"),
                cause);
    }
}
