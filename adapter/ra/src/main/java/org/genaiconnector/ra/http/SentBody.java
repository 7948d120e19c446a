package org.genaiconnector.ra.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** The body of a request as HttpClient sends it: in one piece whose length is known, or in chunks while it is being written. */
final class SentBody extends AbstractHttpEntity {
    private final HttpCall.Body body;

    SentBody(HttpCall.Body body) {
        super(body.mediaType(), null, body instanceof HttpCall.Streamed);
        this.body = body;
    }

    @Override
    public long getContentLength() {
        return body instanceof HttpCall.Bytes bytes ? bytes.content().length : -1;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        if (body instanceof HttpCall.Bytes bytes) {
            out.write(bytes.content());
        } else {
            new StreamedBody((HttpCall.Streamed) body).write(out);
        }
    }

    /** HttpClient only writes it. */
    @Override
    public InputStream getContent() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isRepeatable() {
        return body instanceof HttpCall.Bytes;
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public void close() {
        // whoever made it closes its source
    }
}
