package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.servers.ProcessSocket;

/** The listening sockets of processes. */
public final class ListeningSockets {

    /** Time in which something that a connect starts, such as an embedded message broker, opens its own ports. */
    private static final Duration WATCH = Duration.ofSeconds(8);

    private final Collection<ProcessHandle> processes;
    private final Set<InetSocketAddress> ports;
    private final Set<String> open;
    private final long touched;

    private ListeningSockets(Collection<ProcessHandle> processes) throws IOException {
        this.processes = processes;
        this.open = reachableFromOutside(processes);
        this.ports = of(processes)
                .filter(socket -> socket.protocol().equals("tcp"))
                .map(ProcessSocket::local)
                .collect(Collectors.toSet());
        for (InetSocketAddress port : ports) {
            InetAddress address =
                    port.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : port.getAddress();
            try (Socket touch = new Socket(address, port.getPort())) {
                assertThat(touch.isConnected()).isTrue();
            }
        }
        this.touched = System.nanoTime();
    }

    /**
     * Connects once to each TCP port; the check comes later, so that what else is tested takes place meanwhile.
     *
     * @param processes with their children
     */
    public static ListeningSockets touch(Collection<ProcessHandle> processes) throws IOException {
        return new ListeningSockets(processes);
    }

    /**
     * Checks that nothing listens at an address that other machines could reach, neither before each port was touched nor
     * when something that this started has had time to open its own.
     *
     * @return how many TCP ports were touched
     */
    public int assertOnLoopbackOnly() throws Exception {
        return assertOnLoopbackOnly(WATCH);
    }

    /** The same for processes that open nothing later, or soon. */
    int assertOnLoopbackOnly(Duration watch) throws Exception {
        Set<String> afterwards = new TreeSet<>(open);
        afterwards.addAll(reachableFromOutside(processes));
        while (afterwards.isEmpty() && System.nanoTime() - touched < watch.toNanos()) {
            Thread.sleep(200);
            afterwards.addAll(reachableFromOutside(processes));
        }
        assertThat(processes).allMatch(ProcessHandle::isAlive);
        assertThat(afterwards).as("sockets that other machines can reach").isEmpty();
        return ports.size();
    }

    /** Addresses at which other machines could reach the processes and their children, by TCP and UDP. */
    public static Set<String> reachableFromOutside(Collection<ProcessHandle> processes) throws IOException {
        return of(processes)
                .map(ProcessSocket::local)
                .filter(address -> !address.getAddress().isLoopbackAddress())
                .map(InetSocketAddress::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<ProcessSocket> of(Collection<ProcessHandle> processes) throws IOException {
        List<ProcessSocket> sockets = new ArrayList<>();
        for (ProcessHandle process : processes) {
            sockets.addAll(ProcessSocket.of(process));
            for (ProcessHandle child : process.descendants().toList()) {
                sockets.addAll(ProcessSocket.of(child));
            }
        }
        return sockets.stream().filter(ProcessSocket::listens);
    }
}
