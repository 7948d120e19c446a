package org.genaiconnector.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The listening socket of a started connector, closed and opened again without a restart.
 *
 * <p>Closing a channel takes effect only when its selector or the thread that accepts from it has noticed; until then
 * the kernel keeps accepting. So closing waits until the port is free.
 */
final class Listener {
    private static final System.Logger LOG = System.getLogger(Listener.class.getName());

    private static final long SELECTOR_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ServerConnector connector;
    private InetSocketAddress address;
    private ServerSocketChannel reopened;

    Listener(AbstractConnector connector) {
        this.connector = (ServerConnector) connector;
    }

    ServerConnector connector() {
        return connector;
    }

    /** Whether it has not been closed since it was opened last. */
    synchronized boolean isOpen() {
        return address == null || reopened != null;
    }

    /** Stops listening, and returns when connections are refused; nothing if it has stopped. */
    synchronized void close() {
        try {
            if (reopened != null) {
                reopened.close();
                reopened = null;
                await(this::portIsFree);
            } else if (address == null
                    && connector.getTransport() instanceof ServerSocketChannel original
                    && original.isOpen()) {
                address = (InetSocketAddress) original.getLocalAddress();
                if (connector.getAcceptors() == 0) {
                    await(original::isRegistered); // or it would be registered after its close
                }
                connector.setAccepting(false); // an acceptor thread would spin on a closed socket
                await(() -> connector.getAcceptors() > 0 || !original.isRegistered());
                original.close();
                await(this::portIsFree);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot close the listening socket on " + address, e);
        }
    }

    /** A socket can be bound beside connections of the port, but not beside one that listens. */
    private boolean portIsFree() {
        try (SocketChannel probe = SocketChannel.open()) {
            probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            probe.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Listens again on the same port; nothing if it is listening, or if the whole server has stopped. */
    synchronized void open() throws IOException {
        if (address == null || reopened != null || !connector.isRunning()) {
            return;
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        reopened = channel;
        connector.getExecutor().execute(() -> accept(channel::accept));
    }

    private void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + SELECTOR_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the selector of " + connector + " does not let go of the port");
            }
            LockSupport.parkNanos(100_000); // between two looks at the condition
        }
    }

    /** Gives the next connection of the listening socket. */
    @FunctionalInterface
    interface Connections {

        /**
         * Waits for it.
         *
         * @throws ClosedChannelException if the socket is closed
         * @throws IOException if the connection cannot be accepted
         */
        SocketChannel next() throws IOException;
    }

    /** Hands all connections to the connector until the listening socket is closed. */
    void accept(Connections connections) {
        while (true) {
            try {
                SocketChannel accepted = connections.next();
                accepted.configureBlocking(false);
                accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
                connector.getSelectorManager().accept(accepted);
            } catch (ClosedChannelException e) {
                return; // stopped listening
            } catch (IOException e) {
                OperatorMessage.CONNECTION_NOT_ACCEPTED.logFailure(LOG, e, address);
            }
        }
    }
}
