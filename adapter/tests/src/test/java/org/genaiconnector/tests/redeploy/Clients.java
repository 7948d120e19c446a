package org.genaiconnector.tests.redeploy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.tests.Eventually;

/** Clients that keep calling an application, whether it is deployed or not. */
final class Clients implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** Pause after a refused request, so that clients do not take the processor from the deployment. */
    private static final long PAUSE_MILLIS = 20;

    private final MicroServer server;
    private final List<Client> clients;
    private volatile boolean closed;

    /** One client for each of these paths. */
    Clients(MicroServer server, List<String> paths) {
        this.server = server;
        this.clients = paths.stream().map(Client::new).toList();
        clients.forEach(Thread::start);
    }

    private final class Client extends Thread {
        private final String path;
        private final AtomicInteger served = new AtomicInteger();

        Client(String path) {
            super("client of " + path);
            this.path = path;
        }

        @Override
        public void run() {
            try {
                while (!closed) {
                    call();
                }
            } catch (InterruptedException e) {
                // closed: the thread ends
            }
        }

        private void call() throws InterruptedException {
            try {
                server.get(path);
                served.incrementAndGet();
            } catch (IOException e) { // not deployed at the moment, or undeployed in the middle of the request
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    /** Waits until each client of a path has been served twice from now on. */
    void awaitService(List<String> paths) throws Exception {
        for (Client client : clients) {
            if (paths.contains(client.path)) {
                int before = client.served.get();
                Eventually.isTrue(LONGEST_WAIT, () -> client.served.get() >= before + 2);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        clients.forEach(Thread::interrupt);
    }
}
