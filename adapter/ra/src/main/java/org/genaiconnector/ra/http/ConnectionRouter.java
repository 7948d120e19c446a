package org.genaiconnector.ra.http;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.RouteInfo;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
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
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.StatusLine;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The way to a backend: proxy, tunnel, TLS, for calls and for WebSockets. Jersey's HttpClient uses it as its connection manager,
 * but it pools nothing: each call gets the socket of the {@link HttpConnection} that makes it. Calls are synchronous,
 * so that connection is bound to the calling thread while the call lasts.
 */
final class ConnectionRouter implements HttpClientConnectionManager {
    private static final ThreadLocal<SocketHolder> CURRENT = new ThreadLocal<>();
    private static final HttpRequestExecutor EXECUTOR = new HttpRequestExecutor();

    private final Transport transport;
    private final HttpClientConnectionOperator operator;

    ConnectionRouter(Transport transport) {
        this(transport, SystemDefaultDnsResolver.INSTANCE);
    }

    /** @param names looks up the hosts that sockets are connected to */
    ConnectionRouter(Transport transport, DnsResolver names) {
        this.transport = transport;
        operator = new DefaultHttpClientConnectionOperator(
                proxy -> CURRENT.get().newSocket(),
                null,
                names,
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

    /**
     * Opens the socket of a holder without an HttpClient, because of a protocol that only begins as HTTP.
     *
     * @param holder without a lease
     * @param server scheme, host and port
     * @param timeout for connecting to the backend or its proxy
     * @return connected, through the proxy if there is one, with TLS for https
     */
    Socket open(SocketHolder holder, HttpHost server, Duration timeout) throws IOException {
        HttpRoute route = route(server, true);
        int millis = Math.toIntExact(timeout.toMillis());
        SocketHolder.Lease lease = holder.lease(route);
        bind(holder);
        try {
            ClassicHttpResponse refusal = connect(lease, route, millis, HttpCoreContext.create());
            if (refusal != null) {
                throw new IOException("the proxy " + transport.proxy().orElseThrow() + " opens no tunnel: "
                        + new StatusLine(refusal));
            }
            return lease.connection().getSocket();
        } catch (HttpException e) {
            throw new IOException("no HTTP answer: " + e.getMessage(), e);
        } finally {
            unbind();
        }
    }

    /** The route of calls: plain ones go through a proxy without a tunnel. */
    HttpRoute route(HttpHost server) {
        return route(server, isSecure(server));
    }

    private HttpRoute route(HttpHost server, boolean tunnelled) {
        boolean secure = isSecure(server);
        return transport
                .proxy()
                .map(proxy -> new HttpRoute(
                        server,
                        null,
                        proxy.address(),
                        secure,
                        tunnelled ? RouteInfo.TunnelType.TUNNELLED : RouteInfo.TunnelType.PLAIN,
                        secure ? RouteInfo.LayerType.LAYERED : RouteInfo.LayerType.PLAIN))
                .orElseGet(() -> new HttpRoute(server, null, secure));
    }

    private static boolean isSecure(HttpHost server) {
        return URIScheme.HTTPS.same(server.getSchemeName());
    }

    /**
     * Connects a lease as its route says: to the backend, or to the proxy, which may be asked for a tunnel.
     *
     * @param connectMillis limit for each step: the connection, the answer of the proxy, the TLS handshake
     * @return null, or the answer of a proxy that opens no tunnel
     */
    ClassicHttpResponse connect(SocketHolder.Lease lease, HttpRoute route, int connectMillis, HttpContext context)
            throws IOException, HttpException {
        lease.connect(operator, TimeValue.ofMilliseconds(connectMillis), context);
        if (!route.isTunnelled()) {
            return null;
        }
        lease.setSocketTimeout(Timeout.ofMilliseconds(connectMillis));
        ClassicHttpResponse answer =
                EXECUTOR.execute(tunnelRequest(route.getTargetHost()), lease.connection(), context);
        if (answer.getCode() / 100 != 2) {
            return answer;
        }
        if (route.isSecure()) {
            lease.upgrade(operator, context);
        }
        return null;
    }

    /** The only request that carries the proxy's password, and from the beginning: otherwise each socket would cost a refusal. */
    private ClassicHttpRequest tunnelRequest(HttpHost server) {
        ClassicHttpRequest request = new BasicClassicHttpRequest(Method.CONNECT, server, server.toHostString());
        request.setHeader(HttpHeaders.HOST, server.toHostString());
        String userAgent = transport.headers().get(HttpHeaders.USER_AGENT);
        if (userAgent != null) {
            request.setHeader(HttpHeaders.USER_AGENT, userAgent);
        }
        transport
                .proxy()
                .filter(proxy -> !proxy.user().isEmpty())
                .ifPresent(proxy -> request.setHeader(HttpHeaders.PROXY_AUTHORIZATION, proxy.authorization()));
        return request;
    }

    /** The socket that is bound to the calling thread. */
    static SocketHolder current() {
        SocketHolder socket = CURRENT.get();
        if (socket == null) {
            throw new IllegalStateException("A call outside an HttpConnection");
        }
        return socket;
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
        SocketHolder socket = current();
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
