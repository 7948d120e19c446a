package org.genaiconnector.ra.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A streamed body of a request, which distinguishes a failing source from a broken connection. */
final class StreamedBody {
    private final HttpCall.Streamed body;

    StreamedBody(HttpCall.Streamed body) {
        this.body = body;
    }

    /** Writes everything. */
    void write(OutputStream output) throws IOException {
        Outgoing outgoing = new Outgoing(output);
        try {
            body.writer().writeTo(outgoing);
        } catch (IOException e) {
            throw outgoing.broken ? e : new SourceException(e);
        } catch (RuntimeException e) {
            throw new SourceException(e);
        }
    }

    /** What was to be sent cannot be read. */
    static final class SourceException extends IOException {
        private static final long serialVersionUID = 1L;

        SourceException(Exception cause) {
            super(cause);
        }
    }

    private static final class Outgoing extends FilterOutputStream {
        private boolean broken;

        Outgoing(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                broken = true;
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                broken = true;
                throw e;
            }
        }
    }
}
