package org.genaiconnector.comfyui;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file to be sent to ComfyUI.
 *
 * <pre>{@code
 * UploadedFile photo = connection.uploadImage(Upload.of(Path.of("cat.png")).withSubfolder("pets"));
 * }</pre>
 *
 * <p>Its names are checked when it is made, so that the adapter never sends a name that ComfyUI would refuse with a
 * bare status or put somewhere else. Immutable, except that a stream can be sent once.
 */
public final class Upload {
    private final String filename;
    private final UploadContent content;
    private final FileDirectory directory;
    private final String subfolder;
    private final boolean overwrite;
    private final Duration timeout;

    private Upload(Builder builder) {
        filename = builder.filename;
        content = builder.content;
        directory = builder.directory;
        subfolder = builder.subfolder;
        overwrite = builder.overwrite;
        timeout = builder.timeout;
        FileNames.faultOfName(filename).ifPresent(why -> {
            throw unusable("file name", filename, why);
        });
        if (FileNames.endsLikeADirectory(filename)) {
            throw unusable("file name", filename, "ComfyUI would take its end for a directory");
        }
        FileNames.faultOfFolder(subfolder).ifPresent(why -> {
            throw unusable("subfolder", subfolder, why);
        });
        if (subfolder.contains("\\")
                || subfolder.endsWith("/")
                || subfolder.contains("//")
                || !subfolder.isEmpty() && subfolder.isBlank()
                || List.of(subfolder.split("/")).contains(".")) {
            throw unusable("subfolder", subfolder, "folders are separated by single slashes, none is called \".\"");
        }
        if (timeout != null && timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative: " + timeout);
        }
    }

    private static IllegalArgumentException unusable(String what, String name, String why) {
        return new IllegalArgumentException(
                "The " + what + " " + FileNames.shown(name) + " cannot be used for an upload: " + why);
    }

    /**
     * A stream for the top of the input directory, replacing no other file.
     *
     * @param filename without folder
     * @param content read once, not closed
     * @return the upload
     * @throws IllegalArgumentException if the name cannot be used; the message says why
     */
    public static Upload of(String filename, InputStream content) {
        return builder(filename, new UploadContent.Stream(content, OptionalLong.empty()))
                .build();
    }

    /**
     * A stream of known length for the top of the input directory, replacing no other file.
     *
     * @param filename without folder
     * @param content read once, not closed
     * @param length number of bytes that it will give, not negative
     * @return the upload
     * @throws IllegalArgumentException if the name cannot be used; the message says why
     */
    public static Upload of(String filename, InputStream content, long length) {
        return builder(filename, new UploadContent.Stream(content, OptionalLong.of(length)))
                .build();
    }

    /**
     * Bytes for the top of the input directory, replacing no other file.
     *
     * @param filename without folder
     * @param content not copied
     * @return the upload
     * @throws IllegalArgumentException if the name cannot be used; the message says why
     */
    public static Upload of(String filename, byte[] content) {
        return builder(filename, new UploadContent.Bytes(content)).build();
    }

    /**
     * A local file for the top of the input directory, under its own name, replacing no other file.
     *
     * @param file opened when it is sent
     * @return the upload
     * @throws IllegalArgumentException if its name cannot be used; the message says why
     */
    public static Upload of(Path file) {
        Path name = file.getFileName();
        return builder(name == null ? "" : name.toString(), new UploadContent.File(file))
                .build();
    }

    /**
     * Starts an upload.
     *
     * @param filename without folder, at most 255 bytes in UTF-8
     * @param content what to send
     * @return a builder for the top of the input directory
     */
    public static Builder builder(String filename, UploadContent content) {
        return new Builder(filename, content);
    }

    /**
     * This upload as the start of another.
     *
     * @return a builder with everything in it
     */
    public Builder toBuilder() {
        return new Builder(filename, content)
                .directory(directory)
                .subfolder(subfolder)
                .overwrite(overwrite)
                .timeout(timeout);
    }

    /**
     * The requested name.
     *
     * @return without folder
     */
    public String filename() {
        return filename;
    }

    /**
     * The content to send.
     *
     * @return a stream, a file or bytes
     */
    public UploadContent content() {
        return content;
    }

    /**
     * Where it goes.
     *
     * @return {@link FileDirectory#INPUT} unless set
     */
    public FileDirectory directory() {
        return directory;
    }

    /**
     * The folder below the directory.
     *
     * @return may be empty
     */
    public String subfolder() {
        return subfolder;
    }

    /**
     * Whether it replaces a file of the same name. If not, and the other file's content differs, ComfyUI chooses a new name.
     *
     * @return false unless set
     */
    public boolean overwrite() {
        return overwrite;
    }

    /**
     * The longest time that the upload may take, with all its attempts.
     *
     * @return empty for the pool's call timeout, which also caps it
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /**
     * The same for another directory.
     *
     * @param directory not null
     * @return a new upload
     */
    public Upload withDirectory(FileDirectory directory) {
        return toBuilder().directory(directory).build();
    }

    /**
     * The same for a folder below the directory.
     *
     * @param subfolder separated by slashes, created if missing; empty for the top
     * @return a new upload
     * @throws IllegalArgumentException if the folder cannot be used; the message says why
     */
    public Upload withSubfolder(String subfolder) {
        return toBuilder().subfolder(subfolder).build();
    }

    /**
     * The same, replacing a file of that name or not.
     *
     * @param overwrite whether it replaces one
     * @return a new upload
     */
    public Upload withOverwrite(boolean overwrite) {
        return toBuilder().overwrite(overwrite).build();
    }

    /**
     * The same with a limit for the time that it takes.
     *
     * @param timeout not negative; zero fails at once
     * @return a new upload
     */
    public Upload withTimeout(Duration timeout) {
        return toBuilder().timeout(timeout).build();
    }

    private List<Object> values() {
        return List.of(filename, content, directory, subfolder, overwrite, timeout());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Upload upload && values().equals(upload.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "Upload[filename=" + filename + ", content=" + content + ", directory=" + directory + ", subfolder="
                + subfolder + ", overwrite=" + overwrite + ", timeout=" + timeout() + "]";
    }

    /** Collects what an upload says. For one thread. */
    public static final class Builder {
        private final String filename;
        private final UploadContent content;
        private FileDirectory directory = FileDirectory.INPUT;
        private String subfolder = "";
        private boolean overwrite;
        private Duration timeout;

        private Builder(String filename, UploadContent content) {
            this.filename = Objects.requireNonNull(filename, "filename");
            this.content = Objects.requireNonNull(content, "content");
        }

        /**
         * Sets where it goes.
         *
         * @param value not null
         * @return this
         */
        public Builder directory(FileDirectory value) {
            directory = Objects.requireNonNull(value, "directory");
            return this;
        }

        /**
         * Sets the folder below the directory.
         *
         * @param value separated by slashes, created if missing; empty for the top
         * @return this
         */
        public Builder subfolder(String value) {
            subfolder = Objects.requireNonNull(value, "subfolder");
            return this;
        }

        /**
         * Sets whether it replaces a file of the same name.
         *
         * @param value see {@link Upload#overwrite()}
         * @return this
         */
        public Builder overwrite(boolean value) {
            overwrite = value;
            return this;
        }

        /**
         * Sets the longest time that the upload may take.
         *
         * @param value not negative; null for the pool's call timeout
         * @return this
         */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /**
         * Makes the upload.
         *
         * @return immutable
         * @throws IllegalArgumentException if a name cannot be used or the timeout is negative; the message names it and says
         *     why
         */
        public Upload build() {
            return new Upload(this);
        }
    }
}
