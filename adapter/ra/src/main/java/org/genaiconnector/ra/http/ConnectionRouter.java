package org.genaiconnector.ra.http;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.RouteInfo;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.StatusLine;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The way to a backend: proxy, tunnel, TLS, for calls and for WebSockets. HttpClient uses it as its connection manager,
 * but it pools nothing: each call gets the socket of the {@link HttpConnection} that makes it. Calls are synchronous,
 * so that connection is bound to the calling thread while the call lasts.
 */
final class ConnectionRouter implements HttpClientConnectionManager {
    private static final ThreadLocal<SocketHolder> CURRENT = new ThreadLocal<>();

    private final Transport transport;
    private final HttpClientConnectionOperator operator;

    ConnectionRouter(Transport transport) {
        this.transport = transport;
        operator = new DefaultHttpClientConnectionOperator(
                proxy -> CURRENT.get().newSocket(),
                null,
                null,
                RegistryBuilder.<TlsSocketStrategy>create()
                        .register(URIScheme.HTTPS.id, tls(transport))
                        .build());
    }

    private static TlsSocketStrategy tls(Transport transport) {
        SSLContext context = transport.tls().orElseGet(SSLContexts::createDefault);
        return transport.verifyHostName()
                ? new DefaultClientTlsStrategy(context)
                // without the policy the JDK would go on checking the name
                : new DefaultClientTlsStrategy(
                        context, HostnameVerificationPolicy.CLIENT, NoopHostnameVerifier.INSTANCE);
    }

    /** Sets up an HttpClient without retries, redirects, decompression and cookies. */
    static HttpClientBuilder configure(HttpClientBuilder builder, Transport transport, boolean secure) {
        transport.proxy().ifPresent(proxy -> useProxy(builder, proxy, secure));
        // of the request that opens a tunnel; all others carry ours among their headers
        builder.setUserAgent(transport.headers().get(HttpHeaders.USER_AGENT));
        builder.addExecInterceptorFirst("readable body", (request, scope, chain) -> {
            ClassicHttpResponse answer = chain.proceed(request, scope);
            if (answer.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
                answer.removeHeaders(HttpHeaders.CONTENT_LENGTH); // which does not count beside it, whatever it says
            }
            if (answer.getEntity() != null) {
                PackedBody.unpack(answer);
                answer.setEntity(MarkableBody.of(answer.getEntity()));
            }
            return answer;
        });
        return builder.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableAuthCaching();
    }

    private static void useProxy(HttpClientBuilder builder, Transport.Proxy proxy, boolean secure) {
        builder.setProxy(proxy.address());
        if (secure && !proxy.user().isEmpty()) {
            builder.addExecInterceptorBefore(
                    ChainElement.CONNECT.name(), "password of the proxy", new TunnelPassword(proxy));
        }
    }

    /**
     * Opens the socket of a holder without an HttpClient, because of a protocol that only begins as HTTP.
     *
     * @param holder without a lease
     * @param server scheme, host and port
     * @param timeout for connecting to the backend or its proxy
     * @return connected, through the proxy if there is one, with TLS for https
     */
    Socket open(SocketHolder holder, HttpHost server, Duration timeout) throws IOException {
        HttpContext context = HttpCoreContext.create();
        SocketHolder.Lease lease = holder.lease(route(server));
        bind(holder);
        try {
            lease.connect(operator, TimeValue.of(timeout), context);
            if (transport.proxy().isPresent()) {
                openTunnel(lease.connection(), server, transport.proxy().get());
                if (isSecure(server)) {
                    lease.upgrade(operator, context);
                }
            }
            return lease.connection().getSocket();
        } catch (HttpException e) {
            throw new IOException("no HTTP answer: " + e.getMessage(), e);
        } finally {
            unbind();
        }
    }

    private static boolean isSecure(HttpHost server) {
        return URIScheme.HTTPS.same(server.getSchemeName());
    }

    private HttpRoute route(HttpHost server) {
        boolean secure = isSecure(server);
        return transport
                .proxy()
                .map(proxy -> new HttpRoute(
                        server,
                        null,
                        proxy.address(),
                        secure,
                        RouteInfo.TunnelType.TUNNELLED,
                        secure ? RouteInfo.LayerType.LAYERED : RouteInfo.LayerType.PLAIN))
                .orElseGet(() -> new HttpRoute(server, null, secure));
    }

    /** Asks the proxy for a tunnel, as HttpClient does for calls. */
    private static void openTunnel(HttpClientConnection connection, HttpHost server, Transport.Proxy proxy)
            throws IOException, HttpException {
        ClassicHttpRequest request = new BasicClassicHttpRequest(Method.CONNECT, server, server.toHostString());
        request.setHeader(HttpHeaders.HOST, server.toHostString());
        if (!proxy.user().isEmpty()) {
            request.setHeader(HttpHeaders.PROXY_AUTHORIZATION, proxy.authorization());
        }
        connection.sendRequestHeader(request);
        connection.flush();
        ClassicHttpResponse answer = connection.receiveResponseHeader();
        if (answer.getCode() / 100 != 2) {
            throw new IOException("the proxy " + proxy + " opens no tunnel: " + new StatusLine(answer));
        }
    }

    /** Binds a socket to the calling thread until {@link #unbind()}. */
    static void bind(SocketHolder socket) {
        CURRENT.set(socket);
    }

    static void unbind() {
        CURRENT.remove();
    }

    @Override
    public LeaseRequest lease(String id, HttpRoute route, Timeout requestTimeout, Object state) {
        SocketHolder socket = CURRENT.get();
        if (socket == null) {
            throw new IllegalStateException("A call outside an HttpConnection");
        }
        return new LeaseRequest() {
            @Override
            public ConnectionEndpoint get(Timeout timeout) throws ExecutionException {
                try {
                    return socket.lease(route);
                } catch (IOException e) {
                    throw new ExecutionException(e);
                }
            }

            @Override
            public boolean cancel() {
                return false;
            }
        };
    }

    @Override
    public void connect(ConnectionEndpoint endpoint, TimeValue connectTimeout, HttpContext context) throws IOException {
        ((SocketHolder.Lease) endpoint).connect(operator, connectTimeout, context);
    }

    @Override
    public void upgrade(ConnectionEndpoint endpoint, HttpContext context) throws IOException {
        ((SocketHolder.Lease) endpoint).upgrade(operator, context);
    }

    @Override
    public void release(ConnectionEndpoint endpoint, Object newState, TimeValue validDuration) {
        ((SocketHolder.Lease) endpoint).release(validDuration);
    }

    @Override
    public void close() {
        close(CloseMode.GRACEFUL);
    }

    /** Sockets belong to their connections, so there is nothing to close. */
    @Override
    public void close(CloseMode closeMode) {}
}
