package org.genaiconnector.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An open socket of a process, read from Linux's {@code /proc} as {@code ss -tuap} does.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param local address
 * @param remote address; port 0 if there is none
 * @param listens whether it takes what comes from any address
 */
public record ProcessSocket(String protocol, InetSocketAddress local, InetSocketAddress remote, boolean listens) {

    /** Files of a process, one for each protocol and version of IP. */
    private static final List<String> TABLES = List.of("tcp", "tcp6", "udp", "udp6");

    /** TCP's LISTEN, and what Linux gives UDP sockets that are not connected. */
    private static final Set<String> LISTENING = Set.of("tcp 0A", "udp 07");

    /**
     * All sockets of a process.
     *
     * @return empty if the process has ended
     * @throws IOException if they cannot be read, for example because the process is another user's or this is no Linux
     */
    public static List<ProcessSocket> of(ProcessHandle process) throws IOException {
        try {
            return of(Path.of("/proc", Long.toString(process.pid())));
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
            return List.of();
        }
    }

    private static List<ProcessSocket> of(Path process) throws IOException {
        Set<String> inodes = inodes(process.resolve("fd"));
        List<ProcessSocket> sockets = new ArrayList<>();
        for (String table : TABLES) {
            String protocol = table.substring(0, 3);
            for (String line : Files.readAllLines(process.resolve("net").resolve(table))) {
                String[] fields = line.strip().split("\\s+");
                if (inodes.contains("socket:[" + fields[9] + "]")) {
                    sockets.add(new ProcessSocket(
                            protocol,
                            address(fields[1]),
                            address(fields[2]),
                            LISTENING.contains(protocol + " " + fields[3])));
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
