package org.genaiconnector.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** What becomes of the bytes that the server writes for one answer. The server writes one piece after the other. */
@FunctionalInterface
interface Output {

    /** Takes all bytes of the buffers, then completes the callback. */
    void write(EndPoint socket, Callback callback, ByteBuffer... buffers);

    /** Bytes go out as they are. */
    Output PLAIN = EndPoint::write;

    /** Bytes vanish. */
    Output MUTED = (socket, callback, buffers) -> {
        for (ByteBuffer buffer : buffers) {
            BufferUtil.clear(buffer);
        }
        callback.succeeded();
    };

    /** So many bytes go out, then the connection ends. */
    static Output cut(FaultyEndPoint endPoint, long bytes, End end) {
        return new Output() {
            private long left = bytes;

            @Override
            public void write(EndPoint socket, Callback callback, ByteBuffer... buffers) {
                ByteBuffer all = join(buffers);
                if (all.remaining() < left) {
                    left -= all.remaining();
                    socket.write(callback, all);
                    return;
                }
                all.limit(all.position() + (int) left);
                left = 0;
                Callback ending = Callback.from(
                        () -> {
                            endPoint.end(end);
                            callback.failed(new EofException("cut by a fault"));
                        },
                        callback::failed);
                if (all.hasRemaining()) {
                    socket.write(ending, all);
                } else {
                    ending.succeeded();
                }
            }
        };
    }

    /** Bytes go out in portions with a pause after each; a release sends the rest at once. */
    static Output drip(Exchange exchange, int bytes, Duration every) {
        return (socket, callback, buffers) -> new Object() {
            private final ByteBuffer all = join(buffers);

            void next() {
                if (!all.hasRemaining()) {
                    callback.succeeded();
                    return;
                }
                ByteBuffer portion = all.slice(all.position(), Math.min(bytes, all.remaining()));
                all.position(all.position() + portion.remaining());
                socket.write(
                        Callback.from(
                                () -> exchange.later(every, this::next, () -> socket.write(callback, all)),
                                callback::failed),
                        portion);
            }
        }.next();
    }

    private static ByteBuffer join(ByteBuffer... buffers) {
        int size = 0;
        for (ByteBuffer buffer : buffers) {
            size += buffer.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (ByteBuffer buffer : buffers) {
            all.put(buffer);
        }
        return all.flip();
    }
}
