package org.genaiconnector.testkit;

import java.net.URI;

/** A running server that speaks a provider's protocol on a loopback port and misbehaves on command. */
public interface Simulator extends AutoCloseable {

    /** The address of the server's root, without a trailing slash, such as {@code http://127.0.0.1:41234}. */
    URI uri();

    /** The switches that make this server misbehave; they take effect with the next request. */
    Faults faults();

    /** What this server has seen so far. */
    Traffic traffic();

    /** Stops the server, cuts every connection and ends every thread it started; closing twice does nothing. */
    @Override
    void close();
}
