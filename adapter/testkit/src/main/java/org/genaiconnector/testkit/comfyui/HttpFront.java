package org.genaiconnector.testkit.comfyui;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** The entrance of the server: notes every request, turns foreign origins away, upgrades sockets, asks the routes. */
final class HttpFront extends Handler.Abstract {
    private static final System.Logger LOG = System.getLogger(HttpFront.class.getName());
    private static final int BODY_KEPT = 1 << 20;
    private static final String SERVER = "Python/3.11 aiohttp/3.14.3";

    private final Routes routes;
    private final OriginCheck originCheck;
    private final WebSocketHub hub;
    private final double maxBody;
    private final Consumer<SeenRequest> log;

    HttpFront(Routes routes, OriginCheck originCheck, WebSocketHub hub, double maxBody, Consumer<SeenRequest> log) {
        this.routes = routes;
        this.originCheck = originCheck;
        this.hub = hub;
        this.maxBody = maxBody;
        this.log = log;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Map<String, String> headers = headers(request);
        byte[] body = body(request);
        String path = request.getHttpURI().getPathQuery();
        byte[] kept = Arrays.copyOf(body, Math.min(body.length, BODY_KEPT));
        log.accept(new SeenRequest(request.getMethod(), path, headers, kept));
        Exchange exchange = new Exchange(
                request.getMethod(), request.getHttpURI().getDecodedPath(), headers, query(request), body, Map.of());
        if (isSocket(exchange) && !originCheck.refuses(exchange)) {
            return upgrade(exchange, request, response, callback);
        }
        Answer answer = answer(exchange);
        send(answer, request, response, callback);
        return true;
    }

    private static Map<String, String> headers(Request request) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.putIfAbsent(field.getName().toLowerCase(Locale.ROOT), field.getValue());
        }
        return headers;
    }

    private static Map<String, List<String>> query(Request request) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (Fields.Field field : Request.extractQueryParameters(request)) {
            query.put(field.getName(), field.getValues());
        }
        return query;
    }

    /** The body, read to its end; of one that is too long only as much as shows that. */
    private byte[] body(Request request) throws IOException {
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes((int) Math.min(Math.ceil(maxBody) + 1, Integer.MAX_VALUE - 8));
            in.transferTo(OutputStream.nullOutputStream());
            return body;
        }
    }

    private static boolean isSocket(Exchange exchange) {
        return exchange.method().equals("GET")
                && (exchange.path().equals("/ws") || exchange.path().equals("/api/ws"))
                && exchange.header("upgrade")
                        .filter("websocket"::equalsIgnoreCase)
                        .isPresent();
    }

    private boolean upgrade(Exchange exchange, Request request, Response response, Callback callback) {
        String clientId = exchange.parameter("clientId")
                .filter(id -> !id.isEmpty())
                .orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
        return ServerWebSocketContainer.get(request.getContext())
                .upgrade(
                        (asked, answer, done) -> {
                            answer.setExtensions(List.of());
                            return new ClientSocket(hub, clientId);
                        },
                        request,
                        response,
                        callback);
    }

    private Answer answer(Exchange exchange) throws InterruptedException {
        if (originCheck.refuses(exchange)) {
            return Answer.empty(403);
        }
        if (exchange.body().length > maxBody) {
            return Answer.text(413, "Maximum request body size " + Math.round(maxBody) + " exceeded.");
        }
        try {
            return routes.answer(exchange);
        } catch (PythonError | IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> exchange.method() + " " + exchange.path() + " raised", e);
            return Answer.trouble();
        }
    }

    private static void send(Answer answer, Request request, Response response, Callback callback) {
        response.setStatus(answer.status());
        answer.headers().forEach(response.getHeaders()::put);
        response.getHeaders().put("Server", SERVER);
        Answer.Body body = answer.body();
        if (body instanceof Answer.Bytes bytes) {
            response.getHeaders().put("Content-Length", bytes.bytes().length);
            response.write(true, ByteBuffer.wrap(bytes.bytes()), callback);
        } else if (body instanceof Answer.FilePart part) {
            response.getHeaders().put("Content-Length", part.length());
            if (request.getMethod().equals("HEAD")) {
                response.write(true, BufferUtil.EMPTY_BUFFER, callback);
            } else {
                Content.copy(Content.Source.from(part.file(), part.offset(), part.length()), response, callback);
            }
        } else {
            // Committed before its end is known, or Jetty would send a length of 0
            response.write(
                    false,
                    BufferUtil.EMPTY_BUFFER,
                    Callback.from(() -> response.write(true, BufferUtil.EMPTY_BUFFER, callback), callback::failed));
        }
    }
}
