package org.genaiconnector.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** A response with a wrong Content-Length, which Jetty itself refuses to send. */
final class MisstatedResponse extends Response.Wrapper {
    private final Exchange exchange;
    private final WireFaults.WrongLength fault;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    MisstatedResponse(Exchange exchange, WireFaults.WrongLength fault) {
        super(exchange.request(), exchange.response());
        this.exchange = exchange;
        this.fault = fault;
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        if (content != null) {
            body.writeBytes(BufferUtil.toArray(content));
            BufferUtil.clear(content);
        }
        if (last) {
            exchange.wire()
                    .replaceAnswer(
                            answer(),
                            Callback.from(callback, () -> exchange.wire().end(fault.end())));
        } else {
            callback.succeeded();
        }
    }

    private ByteBuffer answer() {
        int status = getStatus() == 0 ? HttpStatus.OK_200 : getStatus();
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + HttpStatus.getMessage(status) + "\r\n");
        for (HttpField field : getHeaders()) {
            if (field.getHeader() != HttpHeader.CONTENT_LENGTH) {
                head.append(field.getName())
                        .append(": ")
                        .append(field.getValue())
                        .append("\r\n");
            }
        }
        head.append("Content-Length: ").append(body.size() + fault.difference()).append("\r\n\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(start.length + body.size())
                .put(start)
                .put(body.toByteArray())
                .flip();
    }
}
