package org.genaiconnector.storyboard;

import java.io.InputStream;
import java.util.OptionalLong;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Download;

/** A download that gives its connection back when it is closed. */
record BorrowedDownload(ComfyUiConnection connection, Download download) implements Download {

    @Override
    public String filename() {
        return download.filename();
    }

    @Override
    public String mediaType() {
        return download.mediaType();
    }

    @Override
    public OptionalLong length() {
        return download.length();
    }

    @Override
    public InputStream content() {
        return download.content();
    }

    @Override
    public void close() {
        try (connection;
                download) {
            // closed in reverse order: first the transfer, then the connection
        }
    }
}
