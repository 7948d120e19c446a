package org.genaiconnector.ra.http;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * HttpClient's connection manager that manages nothing: it hands each call the socket of the {@link HttpConnection} that
 * makes it. Calls are synchronous, so that connection is bound to the calling thread for the moment of the call.
 */
final class ConnectionRouter implements HttpClientConnectionManager {
    private static final ThreadLocal<SocketHolder> CURRENT = new ThreadLocal<>();

    private final HttpClientConnectionOperator operator;

    ConnectionRouter(Transport transport) {
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
