package org.genaiconnector.storyboard.launcher;

import java.io.IOException;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;

/** Ports and first answers. */
public final class Network {

    private static final int ANSWER_MILLIS = 60_000;

    private Network() {}

    /**
     * Proves that a port can be used, because the application server's own message says less.
     *
     * @param host address to listen on
     * @param port 0 for any
     * @param variable of the environment that chooses another port
     * @return the port
     * @throws IOException if it is in use, with a message for the user
     */
    public static int freePort(String host, int port, String variable) throws IOException {
        InetAddress address = InetAddress.getByName(host);
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, port));
            return probe.getLocalPort();
        } catch (BindException e) {
            throw new IOException(
                    "port " + port + " of " + host + " cannot be used (" + e.getMessage()
                            + "). Stop the program that uses it, or choose another port: " + variable + "=" + (port + 1)
                            + ", or " + variable + "=0 for any",
                    e);
        }
    }

    /**
     * Waits for an answer.
     *
     * @param address asked once, with a minute's patience
     * @throws IOException if the answer is not status 200
     */
    public static void requireOk(URI address) throws IOException {
        HttpURLConnection request = (HttpURLConnection) address.toURL().openConnection();
        request.setConnectTimeout(ANSWER_MILLIS);
        request.setReadTimeout(ANSWER_MILLIS);
        if (request.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException(address + " answers with status " + request.getResponseCode());
        }
        request.disconnect();
    }
}
