package org.genaiconnector.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A running HTTP server on 127.0.0.1 with the fault layer in front of its handler: what a simulator stands on. */
public final class HttpServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int MOST_THREADS = 256;

    private final Server server;
    private final ReservedPort port;
    private final Faults faults;
    private final URI uri;

    private HttpServer(Server server, ReservedPort port, Faults faults, URI uri) {
        this.server = server;
        this.port = port;
        this.faults = faults;
        this.uri = uri;
    }

    /**
     * Starts a server.
     *
     * @param name the beginning of the names of its threads
     * @param port 0: any free one
     * @param tls null: plain HTTP
     * @throws IOException if the port is not free; the message names it
     */
    public static HttpServer start(String name, int port, SSLContext tls, Handler handler) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS);
        threads.setName(name);
        threads.setDaemon(true);
        Server server = new Server(threads);
        ServerConnector connector = connector(server, tls);
        connector.setHost(HOST);
        connector.setIdleTimeout(0); // none; a fault or a profile may set one
        server.addConnector(connector);
        Faults faults = new Faults();
        server.setHandler(faults.wrap(handler));
        ReservedPort reserved = reserve(port);
        connector.setPort(reserved.number());
        try {
            server.start();
        } catch (Exception e) {
            stop(server);
            reserved.close();
            throw new IOException("the server cannot start: " + e.getMessage(), e);
        }
        String scheme = tls == null ? "http" : "https";
        return new HttpServer(server, reserved, faults, URI.create(scheme + "://" + HOST + ":" + reserved.number()));
    }

    private static ServerConnector connector(Server server, SSLContext tls) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        return new ServerConnector(server, protocols(http, tls));
    }

    /**
     * The protocols of a connector.
     *
     * @param tls null: plain HTTP
     */
    public static ConnectionFactory[] protocols(HttpConfiguration http, SSLContext tls) {
        if (tls == null) {
            return new ConnectionFactory[] {new HttpConnectionFactory(http)};
        }
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(tls);
        return new ConnectionFactory[] {new SslConnectionFactory(ssl, "http/1.1"), new HttpConnectionFactory(http)};
    }

    private static ReservedPort reserve(int port) throws IOException {
        try {
            return ReservedPort.of(port);
        } catch (BindException e) {
            throw new IOException("port " + port + " of " + HOST + " is in use by another process", e);
        }
    }

    /** The address of the root, without a trailing slash. */
    public URI uri() {
        return uri;
    }

    /** The switches of the fault layer. */
    public Faults faults() {
        return faults;
    }

    /** Cuts all connections and ends all threads; closing twice does nothing. */
    @Override
    public void close() {
        stop(server);
        try {
            port.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the port of " + uri + " is not given back", e);
        }
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server does not stop", e);
        }
    }
}
