package org.genaiconnector.comfyui;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A file to be sent to a server. Its names are checked here, so that what the server would refuse with a bare status, or
 * would put somewhere else, is never sent.
 *
 * @param filename without folder, at most 255 bytes in UTF-8
 * @param content what is in it
 * @param directory where it goes, usually {@link FileDirectory#INPUT}
 * @param subfolder folder below that directory, created if missing; may be empty
 * @param overwrite false: a file of the same name and other content makes the server choose a new name
 */
public record Upload(
        String filename, UploadContent content, FileDirectory directory, String subfolder, boolean overwrite) {

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException if one is wrong; the message names it and says why
     */
    public Upload {
        Objects.requireNonNull(filename, "filename");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(subfolder, "subfolder");
        FileNames.faultOfName(filename).ifPresent(why -> {
            throw new IllegalArgumentException(
                    "The file name " + FileNames.shown(filename) + " cannot be used for an upload: " + why);
        });
        if (FileNames.endsLikeADirectory(filename)) {
            throw new IllegalArgumentException("The file name " + FileNames.shown(filename)
                    + " cannot be used for an upload: ComfyUI would take its end for a directory");
        }
        FileNames.faultOfFolder(subfolder).ifPresent(why -> {
            throw new IllegalArgumentException(
                    "The subfolder " + FileNames.shown(subfolder) + " cannot be used for an upload: " + why);
        });
        if (subfolder.contains("\\")
                || subfolder.endsWith("/")
                || subfolder.contains("//")
                || isBlank(subfolder)
                || List.of(subfolder.split("/")).contains(".")) {
            throw new IllegalArgumentException("The subfolder " + FileNames.shown(subfolder)
                    + " cannot be used for an upload: folders are separated by single slashes, none is called \".\"");
        }
    }

    /**
     * A stream of unknown length for the input directory.
     *
     * @param filename without folder
     * @param content read once, not closed
     * @param subfolder folder below the input directory, created if missing; may be empty
     * @param overwrite false: a file of the same name and other content makes the server choose a new name
     */
    public Upload(String filename, InputStream content, String subfolder, boolean overwrite) {
        this(
                filename,
                new UploadContent.Stream(content, OptionalLong.empty()),
                FileDirectory.INPUT,
                subfolder,
                overwrite);
    }

    /**
     * A file for the top of the input directory that replaces no other.
     *
     * @param filename without folder
     * @param content read once, not closed
     * @return not null
     */
    public static Upload of(String filename, InputStream content) {
        return of(filename, new UploadContent.Stream(content, OptionalLong.empty()));
    }

    /**
     * A file for the top of the input directory that replaces no other.
     *
     * @param filename without folder
     * @param content read once, not closed
     * @param length bytes that it will give, not negative
     * @return not null
     */
    public static Upload of(String filename, InputStream content, long length) {
        return of(filename, new UploadContent.Stream(content, OptionalLong.of(length)));
    }

    /**
     * A file for the top of the input directory that replaces no other.
     *
     * @param filename without folder
     * @param content not copied
     * @return not null
     */
    public static Upload of(String filename, byte[] content) {
        return of(filename, new UploadContent.Bytes(content));
    }

    /**
     * A file of this machine for the top of the input directory, under its own name, that replaces no other.
     *
     * @param file opened when it is sent
     * @return not null
     */
    public static Upload of(Path file) {
        Path name = file.getFileName();
        return of(name == null ? "" : name.toString(), new UploadContent.File(file));
    }

    private static Upload of(String filename, UploadContent content) {
        return new Upload(filename, content, FileDirectory.INPUT, "", false);
    }

    /**
     * The same for another directory.
     *
     * @param target not null
     * @return not null
     */
    public Upload to(FileDirectory target) {
        return new Upload(filename, content, target, subfolder, overwrite);
    }

    /**
     * The same for a folder below the directory.
     *
     * @param folder separated by slashes, created if missing
     * @return not null
     */
    public Upload in(String folder) {
        return new Upload(filename, content, directory, folder, overwrite);
    }

    /**
     * The same, replacing a file of that name.
     *
     * @return not null
     */
    public Upload overwriting() {
        return new Upload(filename, content, directory, subfolder, true);
    }

    private static boolean isBlank(String subfolder) {
        return !subfolder.isEmpty() && subfolder.isBlank();
    }
}
