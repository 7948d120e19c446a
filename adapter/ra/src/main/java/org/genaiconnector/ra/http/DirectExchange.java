package org.genaiconnector.ra.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The exchange by Apache HttpClient alone, for application servers without a usable Jersey. It uses HttpClient's connections and its
 * protocol handler, but not its chain of interceptors, whose parts (redirects, cookies, authentication, retries) an exchange must not
 * have.
 */
final class DirectExchange implements Exchange {
    private static final HttpRequestExecutor EXECUTOR = new HttpRequestExecutor();

    private final ConnectionRouter router;

    /** @param router connects the sockets */
    DirectExchange(ConnectionRouter router) {
        this.router = router;
    }

    @Override
    public RawAnswer send(HttpCall call, Map<String, String> headers, int connectMillis, int readMillis)
            throws IOException {
        Target target = call.resource().prepared(Target.class, address -> Target.of(address, router));
        ClassicHttpRequest request = target.request(call, headers);
        SocketHolder.Lease lease = ConnectionRouter.current().lease(target.route);
        boolean sent = false;
        try {
            HttpClientContext context = HttpClientContext.create();
            if (!lease.isConnected()) {
                ClassicHttpResponse refusal = router.connect(lease, target.route, connectMillis, context);
                if (refusal != null) {
                    sent = true;
                    return new Answer(refusal, lease, null);
                }
            }
            lease.setSocketTimeout(Timeout.ofMilliseconds(readMillis));
            ClassicHttpResponse response =
                    EXECUTOR.execute(request, lease.connection(), DirectExchange::refuseSwitch, context);
            TimeValue keepAlive = DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context)
                    ? DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context)
                    : null;
            PackedBody.unpack(response);
            sent = true;
            return new Answer(response, lease, keepAlive);
        } catch (HttpException e) {
            throw new ClientProtocolException(e);
        } finally {
            if (!sent) {
                lease.close(CloseMode.IMMEDIATE);
                lease.release(TimeValue.ZERO_MILLISECONDS);
            }
        }
    }

    /** After this the backend would speak another protocol, which was not asked for. */
    private static void refuseSwitch(
            HttpResponse interim, org.apache.hc.core5.http.HttpConnection connection, HttpContext context)
            throws HttpException {
        if (interim.getCode() == HttpStatus.SC_SWITCHING_PROTOCOLS) {
            throw new ProtocolException("Invalid protocol switch response");
        }
    }

    @Override
    public void close() {
        // nothing is kept between calls
    }

    /**
     * Where a resource is.
     *
     * @param authority with a port only if the address has one
     * @param path with the query
     */
    private record Target(HttpRoute route, URIAuthority authority, String path) {

        static Target of(URI address, ConnectionRouter router) {
            HttpHost host = new HttpHost(address.getScheme(), address.getHost(), address.getPort());
            String query = address.getRawQuery();
            String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
            return new Target(
                    router.route(RoutingSupport.normalize(host, DefaultSchemePortResolver.INSTANCE)),
                    new URIAuthority(host),
                    query == null ? path : path + "?" + query);
        }

        private ClassicHttpRequest request(HttpCall call, Map<String, String> headers) {
            BasicClassicHttpRequest request = new BasicClassicHttpRequest(
                    call.method(), route.getTargetHost().getSchemeName(), authority, path);
            boolean toProxy = route.getProxyHost() != null && !route.isTunnelled();
            request.setAbsoluteRequestUri(toProxy);
            headers.forEach(request::addHeader);
            call.headers().forEach(request::addHeader);
            if (!request.containsHeader(HttpHeaders.HOST)) {
                request.addHeader(HttpHeaders.HOST, authority);
            }
            if (call.body() != null) {
                addBody(request, call.body());
            } else if (call.method().equals("POST")) {
                request.addHeader(HttpHeaders.CONTENT_LENGTH, "0");
            }
            if (!toProxy) {
                request.addHeader(HttpHeaders.CONNECTION, "keep-alive");
            }
            return request;
        }

        private static void addBody(ClassicHttpRequest request, HttpCall.Body body) {
            SentBody sent = new SentBody(body);
            request.addHeader(HttpHeaders.CONTENT_TYPE, body.mediaType());
            if (sent.isChunked()) {
                request.addHeader(HttpHeaders.TRANSFER_ENCODING, "chunked");
            } else {
                request.addHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(sent.getContentLength()));
            }
            request.setEntity(sent);
        }
    }

    /**
     * An answer over a leased socket.
     *
     * @param keepAlive how long the socket may be used again; null if it must be closed
     */
    private record Answer(ClassicHttpResponse response, SocketHolder.Lease lease, TimeValue keepAlive)
            implements RawAnswer {

        @Override
        public int status() {
            return response.getCode();
        }

        @Override
        public String header(String name) {
            Header[] all = response.getHeaders(name);
            if (all.length < 2) {
                return all.length == 0 ? null : all[0].getValue();
            }
            StringBuilder joined = new StringBuilder(all[0].getValue());
            for (int i = 1; i < all.length; i++) {
                joined.append(',').append(all[i].getValue());
            }
            return joined.toString();
        }

        @Override
        public Map<String, List<String>> headers() {
            Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (Header header : response.getHeaders()) {
                all.computeIfAbsent(header.getName(), name -> new ArrayList<>(1))
                        .add(header.getValue());
            }
            return all;
        }

        @Override
        public InputStream body() {
            MediaTypes.check(Stream.of(response.getHeaders(HttpHeaders.CONTENT_TYPE))
                    .map(Header::getValue)
                    .toArray(String[]::new));
            HttpEntity entity = response.getEntity();
            try {
                return entity == null ? InputStream.nullInputStream() : entity.getContent();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            if (keepAlive == null) {
                lease.close(CloseMode.GRACEFUL);
            }
            lease.release(keepAlive);
        }
    }
}
