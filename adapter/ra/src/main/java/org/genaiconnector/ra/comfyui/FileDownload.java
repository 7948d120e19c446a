package org.genaiconnector.ra.comfyui;

import java.io.InputStream;
import java.util.OptionalLong;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.ra.http.OpenAnswer;

/** A file being streamed from {@code /view}. */
record FileDownload(OpenAnswer answer) implements Download {

    @Override
    public String mediaType() {
        return answer.header("Content-Type").orElse("application/octet-stream");
    }

    @Override
    public OptionalLong length() {
        return answer.length();
    }

    @Override
    public InputStream content() {
        return answer.content();
    }

    @Override
    public void close() {
        answer.close();
    }
}
