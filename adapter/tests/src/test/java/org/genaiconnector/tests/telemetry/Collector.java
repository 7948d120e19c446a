package org.genaiconnector.tests.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Receives traces as an OpenTelemetry collector does: OTLP 1.9 over HTTP in protobuf, of which it reads what the tests look at.
 * https://github.com/open-telemetry/opentelemetry-proto
 */
final class Collector implements AutoCloseable {
    /**
     * A span.
     *
     * @param parent id; empty for none
     * @param kind 1 internal, 2 server, 3 client, 4 producer, 5 consumer
     * @param start nanoseconds since 1970
     * @param end nanoseconds since 1970
     * @param attributes strings and whole numbers
     */
    record Span(
            String trace,
            String id,
            String parent,
            String name,
            long kind,
            long start,
            long end,
            Map<String, String> attributes) {}

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    /** Value of {@code otel.exporter.otlp.endpoint}. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Message.of(body).each(1, resource -> resource.each(2, scope -> scope.each(2, span -> spans.add(span(span)))));
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static Span span(Message span) {
        Map<String, String> attributes = new TreeMap<>();
        span.each(9, attribute -> attribute.each(2, value -> attributes.put(attribute.text(1), value.value())));
        return new Span(
                span.hex(1),
                span.hex(2),
                span.hex(4),
                span.text(5),
                span.number(6),
                span.number(7),
                span.number(8),
                attributes);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** A message of protobuf. */
    private record Message(ByteBuffer bytes) {
        static Message of(byte[] bytes) {
            return new Message(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        }

        private interface Fields {
            void field(int number, long value, byte[] content);
        }

        interface Visitor {
            void visit(Message message);
        }

        private void read(Fields fields) {
            ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            while (in.hasRemaining()) {
                long tag = varint(in);
                int number = (int) (tag >> 3);
                switch ((int) (tag & 7)) {
                    case 0 -> fields.field(number, varint(in), null);
                    case 1 -> fields.field(number, in.getLong(), null);
                    case 2 -> {
                        byte[] content = new byte[(int) varint(in)];
                        in.get(content);
                        fields.field(number, 0, content);
                    }
                    case 5 -> fields.field(number, in.getInt(), null);
                    default -> throw new IllegalArgumentException("Not protobuf: tag " + tag);
                }
            }
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = in.get();
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        void each(int wanted, Visitor visitor) {
            read((number, value, content) -> {
                if (number == wanted && content != null) {
                    visitor.visit(of(content));
                }
            });
        }

        private byte[] content(int wanted) {
            byte[][] found = {{}};
            read((number, value, content) -> found[0] = number == wanted && content != null ? content : found[0]);
            return found[0];
        }

        String text(int wanted) {
            return new String(content(wanted), StandardCharsets.UTF_8);
        }

        String hex(int wanted) {
            return HexFormat.of().formatHex(content(wanted));
        }

        long number(int wanted) {
            long[] found = {0};
            read((number, value, content) -> found[0] = number == wanted ? value : found[0]);
            return found[0];
        }

        /** An AnyValue. */
        String value() {
            return content(1).length > 0 ? text(1) : Long.toString(number(3));
        }
    }
}
