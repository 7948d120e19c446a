package org.genaiconnector.comfyui;

import java.io.Serializable;

/**
 * Format of a smaller picture that ComfyUI makes of a file.
 *
 * @param format what it is encoded as
 * @param quality 1 to 100
 */
public record PreviewFormat(Encoding format, int quality) implements Serializable {

    /** What ComfyUI can encode previews as. */
    public enum Encoding {
        /** Keeps transparency. */
        WEBP,
        /** For clients that cannot read WebP. */
        JPEG
    }

    public PreviewFormat {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("The quality of a preview is 1 to 100: " + quality);
        }
    }

    /**
     * As WebP.
     *
     * @param quality 1 to 100
     * @return the format
     */
    public static PreviewFormat webp(int quality) {
        return new PreviewFormat(Encoding.WEBP, quality);
    }

    /**
     * As JPEG.
     *
     * @param quality 1 to 100
     * @return the format
     */
    public static PreviewFormat jpeg(int quality) {
        return new PreviewFormat(Encoding.JPEG, quality);
    }
}
