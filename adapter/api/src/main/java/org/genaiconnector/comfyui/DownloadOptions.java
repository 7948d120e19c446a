package org.genaiconnector.comfyui;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a file is to be downloaded.
 *
 * @param preview empty for the file as it is; previews are of pictures only, and cannot be resumed when they break off
 * @param maxBytes largest size that is accepted, empty for any
 */
public record DownloadOptions(Optional<PreviewFormat> preview, OptionalLong maxBytes) {

    /** The whole file, of any size. */
    public static final DownloadOptions WHOLE = new DownloadOptions(Optional.empty(), OptionalLong.empty());

    public DownloadOptions {
        if (maxBytes.isPresent() && maxBytes.getAsLong() < 0) {
            throw new IllegalArgumentException("maxBytes must not be negative: " + maxBytes.getAsLong());
        }
    }

    /**
     * A preview instead of the file.
     *
     * @param format of the preview
     * @return not null
     */
    public DownloadOptions withPreview(PreviewFormat format) {
        return new DownloadOptions(Optional.of(format), maxBytes);
    }

    /**
     * Nothing larger than this.
     *
     * @param bytes not negative
     * @return not null
     */
    public DownloadOptions withMaxBytes(long bytes) {
        return new DownloadOptions(preview, OptionalLong.of(bytes));
    }
}
