package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The listening sockets of processes, read from Linux's {@code /proc} as {@code ss -lntup} does. */
public final class ListeningSockets {

    private static final Set<String> STATES = Set.of("tcp 0A", "tcp6 0A", "udp 07", "udp6 07");
    /** Time in which something that a connect starts, such as an embedded message broker, opens its own ports. */
    private static final Duration WATCH = Duration.ofSeconds(8);

    private final Collection<ProcessHandle> processes;
    private final Set<InetSocketAddress> ports;
    private final Set<String> open;
    private final long touched;

    private ListeningSockets(Collection<ProcessHandle> processes) throws IOException {
        this.processes = processes;
        this.open = reachableFromOutside(processes);
        this.ports = of(processes, Set.of("tcp", "tcp6"));
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
        return of(processes, Set.of("tcp", "tcp6", "udp", "udp6")).stream()
                .filter(socket -> !socket.getAddress().isLoopbackAddress())
                .map(InetSocketAddress::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<InetSocketAddress> of(Collection<ProcessHandle> processes, Set<String> protocols)
            throws IOException {
        Set<InetSocketAddress> sockets = new HashSet<>();
        List<ProcessHandle> all = processes.stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .toList();
        for (ProcessHandle process : all) {
            try {
                sockets.addAll(of(process, protocols));
            } catch (IOException e) {
                if (process.isAlive()) {
                    throw e;
                } // else it has ended since it was listed, with its sockets
            }
        }
        return sockets;
    }

    private static Set<InetSocketAddress> of(ProcessHandle process, Set<String> protocols) throws IOException {
        Set<InetSocketAddress> sockets = new HashSet<>();
        Path directory = Path.of("/proc", Long.toString(process.pid()));
        Set<String> inodes = inodes(directory.resolve("fd"));
        for (String protocol : protocols) {
            for (String line : Files.readAllLines(directory.resolve("net").resolve(protocol))) {
                String[] fields = line.strip().split("\\s+");
                if (STATES.contains(protocol + " " + fields[3]) && inodes.contains("socket:[" + fields[9] + "]")) {
                    sockets.add(address(fields[1]));
                }
            }
        }
        return sockets;
    }

    private static Set<String> inodes(Path descriptors) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (Stream<Path> all = Files.list(descriptors)) {
            for (Path descriptor : all.toList()) {
                try {
                    inodes.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException closed) {
                    continue; // it ended since it was listed
                }
            }
        }
        return inodes;
    }

    /** Words of four bytes in the machine's order, a colon, and the port. */
    private static InetSocketAddress address(String text) throws IOException {
        String[] parts = text.split(":");
        byte[] bytes = HexFormat.of().parseHex(parts[0]);
        ByteBuffer words = ByteBuffer.wrap(bytes);
        ByteBuffer ordered = ByteBuffer.allocate(bytes.length).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            ordered.putInt(words.getInt());
        }
        return new InetSocketAddress(InetAddress.getByAddress(ordered.array()), HexFormat.fromHexDigits(parts[1]));
    }
}
