package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Options of a download. Immutable. */
public final class DownloadOptions implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The whole file, of any size. */
    public static final DownloadOptions WHOLE = new DownloadOptions(null, null, null);

    private final PreviewFormat preview;
    private final Long maxBytes;
    private final Duration timeout;

    private DownloadOptions(PreviewFormat preview, Long maxBytes, Duration timeout) {
        this.preview = preview;
        this.maxBytes = maxBytes;
        this.timeout = timeout;
    }

    /**
     * The preview to download in place of the file. Only pictures have previews, and the adapter does not resume a
     * broken download of one.
     *
     * @return empty for the file itself
     */
    public Optional<PreviewFormat> preview() {
        return Optional.ofNullable(preview);
    }

    /**
     * The largest size that is accepted.
     *
     * @return in bytes; empty for any
     */
    public OptionalLong maxBytes() {
        return maxBytes == null ? OptionalLong.empty() : OptionalLong.of(maxBytes);
    }

    /**
     * The longest time from the request to the last byte.
     *
     * @return empty for the pool's call timeout, which also caps it
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /**
     * The same for a preview.
     *
     * @param format of the preview
     * @return new options
     */
    public DownloadOptions withPreview(PreviewFormat format) {
        return new DownloadOptions(Objects.requireNonNull(format, "format"), maxBytes, timeout);
    }

    /**
     * The same with a limit for the size.
     *
     * @param bytes not negative
     * @return new options
     */
    public DownloadOptions withMaxBytes(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("maxBytes must not be negative: " + bytes);
        }
        return new DownloadOptions(preview, bytes, timeout);
    }

    /**
     * The same with a limit for the time.
     *
     * @param limit not negative; zero fails at once
     * @return new options
     */
    public DownloadOptions withTimeout(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative: " + limit);
        }
        return new DownloadOptions(preview, maxBytes, limit);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DownloadOptions options
                && Objects.equals(preview, options.preview)
                && Objects.equals(maxBytes, options.maxBytes)
                && Objects.equals(timeout, options.timeout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(preview, maxBytes, timeout);
    }

    @Override
    public String toString() {
        return "DownloadOptions[preview=" + preview() + ", maxBytes=" + maxBytes() + ", timeout=" + timeout() + "]";
    }
}
