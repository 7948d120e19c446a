package org.genaiconnector.comfyui;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import org.genaiconnector.GenAiException;

/** A download that closes its connection when it, or its content, is closed. */
final class BorrowedDownload implements Download {
    private final ComfyUiConnection connection;
    private final Download download;
    private final InputStream content;

    private BorrowedDownload(ComfyUiConnection connection, Download download) {
        this.connection = connection;
        this.download = download;
        this.content = new Content(download.content());
    }

    /** Opens a download that closes the connection; closes the connection also if opening fails. */
    static Download open(ComfyUiConnection connection, ServerFile file, DownloadOptions options) throws GenAiException {
        Download download = null;
        try {
            download = connection.download(file, options);
            return new BorrowedDownload(connection, download);
        } finally {
            if (download == null) {
                connection.close();
            }
        }
    }

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
        return content;
    }

    @Override
    public void close() {
        try (connection) {
            download.close();
        }
    }

    private final class Content extends FilterInputStream {

        Content(InputStream content) {
            super(content);
        }

        @Override
        public void close() throws IOException {
            BorrowedDownload.this.close();
        }
    }
}
