package org.genaiconnector.comfyui;

import java.util.Optional;

/** A file on a ComfyUI server: one that a node has put out, or one that was uploaded. */
public sealed interface ServerFile permits OutputFile, UploadedFile {

    /**
     * Its name.
     *
     * @return without folder, as the server told it
     */
    String filename();

    /**
     * Folder below the type's directory.
     *
     * @return may be empty
     */
    String subfolder();

    /**
     * The directory it lies in.
     *
     * @return {@code output}, {@code temp} or {@code input}; see {@link FileDirectory#type()}
     */
    String type();

    /**
     * The value for a workflow's input such as {@code LoadImage.image}, by which a job reads this file.
     *
     * @return {@code subfolder/name}, with a suffix such as {@code  [output]} outside the input directory
     */
    default String reference() {
        String path = subfolder().isEmpty() ? filename() : subfolder() + "/" + filename();
        return type().equals(FileDirectory.INPUT.type()) ? path : path + " [" + type() + "]";
    }

    /**
     * Media type after the file name's extension; the server does no more either.
     *
     * @return {@code application/octet-stream} if unknown
     */
    default String mediaType() {
        return MediaTypes.of(filename());
    }

    /**
     * What is wrong with the names, if anything. A third-party node, or whoever hands an application such a file, may name
     * what lies outside the server's directories; such files are not asked for.
     *
     * @return a sentence that names the wrong thing; empty for file names without folder in folders that stay below
     *     their directory
     */
    default Optional<String> fault() {
        return FileNames.faultOfName(filename())
                .map(why -> FileNames.shown(filename()) + " is not a plain file name: " + why)
                .or(() -> FileNames.faultOfFolder(subfolder())
                        .map(why -> FileNames.shown(subfolder()) + " is not a folder below the " + type()
                                + " directory: " + why));
    }
}
