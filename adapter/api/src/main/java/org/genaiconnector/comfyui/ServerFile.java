package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.net.URI;
import java.util.Optional;

/** A file on a ComfyUI: output of a node, or an upload. */
public sealed interface ServerFile extends Serializable permits OutputFile, UploadedFile {

    /**
     * Its name.
     *
     * @return without folder, as ComfyUI gave it
     */
    String filename();

    /**
     * Folder below the directory.
     *
     * @return may be empty
     */
    String subfolder();

    /**
     * The directory that holds it.
     *
     * @return one of ComfyUI's three directories
     */
    FileDirectory directory();

    /**
     * Where it is.
     *
     * @return address of the ComfyUI that has it; empty if the factory has one address only
     */
    Optional<URI> server();

    /**
     * The value for a workflow's input such as {@code LoadImage.image}, which makes a job read this file.
     *
     * @return {@code subfolder/name}, with a suffix such as {@code  [output]} outside the input directory
     */
    default String reference() {
        String path = subfolder().isEmpty() ? filename() : subfolder() + "/" + filename();
        return directory() == FileDirectory.INPUT
                ? path
                : path + " [" + directory().type() + "]";
    }

    /**
     * Media type by the file name's extension, as ComfyUI itself decides it.
     *
     * @return {@code application/octet-stream} if unknown
     */
    default String mediaType() {
        return MediaTypes.of(filename());
    }

    /**
     * What is wrong with the names, if anything. A third-party node, or a client of the application, may name files outside
     * ComfyUI's directories; the adapter does not request such files.
     *
     * @return a sentence that names the wrong thing; empty for file names without folder in folders that stay below
     *     their directory
     */
    default Optional<String> fault() {
        return FileNames.faultOfName(filename())
                .map(why -> FileNames.shown(filename()) + " is not a plain file name: " + why)
                .or(() -> FileNames.faultOfFolder(subfolder())
                        .map(why -> FileNames.shown(subfolder()) + " is not a folder below the "
                                + directory().type() + " directory: " + why));
    }
}
