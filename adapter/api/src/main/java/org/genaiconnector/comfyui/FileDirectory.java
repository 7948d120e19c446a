package org.genaiconnector.comfyui;

import java.util.Locale;

/** One of the three directories of a ComfyUI server that files lie in. */
public enum FileDirectory {
    /** Files for nodes such as {@code LoadImage}. */
    INPUT,
    /** What nodes such as {@code SaveImage} have made. */
    OUTPUT,
    /** What nodes such as {@code PreviewImage} have made; emptied when the server starts or stops. */
    TEMP;

    /**
     * The server's word for it.
     *
     * @return {@code input}, {@code output} or {@code temp}
     */
    public String type() {
        return name().toLowerCase(Locale.ROOT);
    }
}
