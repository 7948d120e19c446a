package org.genaiconnector.comfyui;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** One of the three directories of a ComfyUI that hold files. */
public enum FileDirectory {
    /** Files for nodes such as {@code LoadImage}. */
    INPUT,
    /** What nodes such as {@code SaveImage} have made. */
    OUTPUT,
    /** What nodes such as {@code PreviewImage} have made; ComfyUI empties it when it starts or stops. */
    TEMP;

    /**
     * ComfyUI's word for it, the parameter {@code type} of its routes.
     *
     * @return {@code input}, {@code output} or {@code temp}
     */
    public String type() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The directory that ComfyUI's word means.
     *
     * @param type {@code input}, {@code output} or {@code temp}
     * @return empty for every other word
     */
    public static Optional<FileDirectory> ofType(String type) {
        return Arrays.stream(values())
                .filter(directory -> directory.type().equals(type))
                .findFirst();
    }
}
