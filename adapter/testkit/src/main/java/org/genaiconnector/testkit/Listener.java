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
 * <p>Closing a channel that is registered with a selector takes effect only at the selector's next turn, and until then
 * the kernel goes on accepting. So the connector's own channel is taken off its selector first, and the new one is a
 * blocking one.
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

    /** Stops listening; nothing if it has stopped. The connector keeps its port number. */
    synchronized void close() {
        try {
            if (reopened != null) {
                reopened.close();
                reopened = null;
            } else if (address == null
                    && connector.getTransport() instanceof ServerSocketChannel original
                    && original.isOpen()) {
                address = (InetSocketAddress) original.getLocalAddress();
                if (connector.getAcceptors() == 0) {
                    await(original::isRegistered);
                }
                connector.setAccepting(false); // an acceptor thread would spin on a closed socket
                await(() -> !original.isRegistered());
                original.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot close the listening socket on " + address, e);
        }
    }

    /** Listens again on the same port; nothing if it is listening. */
    synchronized void open() throws IOException {
        if (address == null || reopened != null) {
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
        connector.getExecutor().execute(() -> accept(channel));
    }

    private void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + SELECTOR_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the selector of " + connector + " does not react");
            }
            LockSupport.parkNanos(100_000); // between two looks at the condition
        }
    }

    private void accept(ServerSocketChannel channel) {
        while (channel.isOpen()) {
            try {
                SocketChannel accepted = channel.accept();
                accepted.configureBlocking(false);
                accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
                connector.getSelectorManager().accept(accepted);
            } catch (ClosedChannelException e) {
                return; // stopped listening
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot accept a connection on " + address, e);
            }
        }
    }
}
