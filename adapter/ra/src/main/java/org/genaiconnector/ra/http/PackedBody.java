package org.genaiconnector.ra.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * The body of an answer that is compressed although no request of the adapter asks for that, as by some proxies.
 * Decompresses it while it is read, so that the pieces of a stream still arrive one by one.
 */
final class PackedBody extends InputStream {
    /** What is read at once may hold up what is behind it. */
    private static final int BUFFER = 512;

    private static final int PARTIAL = 206;
    private static final int ZLIB = 8;

    private final PushbackInputStream packed;
    private final String coding;
    private final boolean owned;
    private Inflater inflater;
    private InputStream unpacked;

    private PackedBody(InputStream packed, String coding) {
        this.packed = new PushbackInputStream(packed, 1);
        this.coding = coding;
        this.owned = !coding.equals("gzip");
    }

    /** Has the body of an answer unpacked, if it has one that is packed. Keeps no length that does not count. */
    static void unpack(ClassicHttpResponse answer) throws HttpException {
        if (answer.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
            answer.removeHeaders(HttpHeaders.CONTENT_LENGTH); // which does not count beside it, whatever it says
        }
        if (answer.getEntity() == null) {
            return;
        }
        for (Header header : answer.getHeaders(HttpHeaders.CONTENT_ENCODING)) {
            String[] codings = header.getValue().split(",");
            for (int i = codings.length - 1; i >= 0; i--) {
                unpack(answer, codings[i].strip().toLowerCase(Locale.ROOT).replaceFirst("^x-", ""));
            }
        }
    }

    private static void unpack(ClassicHttpResponse answer, String coding) throws HttpException {
        if (coding.isEmpty() || coding.equals("identity") || coding.equals("none")) {
            return;
        }
        if (answer.getCode() == PARTIAL || !coding.equals("gzip") && !coding.equals("deflate")) {
            if (answer.getCode() >= 300) {
                return; // its status is enough
            }
            throw new ProtocolException("it packs its answer as " + coding + ", which was not asked for");
        }
        answer.removeHeaders(HttpHeaders.CONTENT_ENCODING);
        answer.removeHeaders(HttpHeaders.CONTENT_LENGTH); // of what is packed
        answer.setEntity(new HttpEntityWrapper(answer.getEntity()) {
            @Override
            public InputStream getContent() throws IOException {
                return new PackedBody(super.getContent(), coding);
            }

            @Override
            public long getContentLength() {
                return -1;
            }

            @Override
            public String getContentEncoding() {
                return null;
            }
        });
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (unpacked == null && !open()) {
            return -1;
        }
        int read = unpacked.read(bytes, offset, length);
        if (read < 0) {
            passOver(); // so that the connection can be used again
        }
        return read;
    }

    /** Looks at the first byte: there may be none, and what is called deflate has two forms. */
    private boolean open() throws IOException {
        int first = packed.read();
        if (first < 0) {
            return false;
        }
        packed.unread(first);
        if (owned) {
            inflater = new Inflater((first & 0xf) != ZLIB);
            unpacked = new InflaterInputStream(packed, inflater, BUFFER);
        } else {
            unpacked = new GZIPInputStream(packed, BUFFER);
        }
        return true;
    }

    private void passOver() throws IOException {
        byte[] rest = new byte[BUFFER];
        while (packed.read(rest, 0, rest.length) >= 0) {
            // nothing of the answer
        }
    }

    @Override
    public int available() throws IOException {
        return unpacked == null ? 0 : unpacked.available();
    }

    @Override
    public void close() throws IOException {
        try {
            if (unpacked != null) {
                unpacked.close();
            }
            packed.close();
        } finally {
            if (inflater != null) {
                inflater.end();
            }
        }
    }
}
