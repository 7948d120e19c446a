package org.genaiconnector.testkit;

import java.net.URI;

/** A running server that speaks a provider's protocol on a loopback port and misbehaves on command. */
public interface Simulator extends AutoCloseable {

    /** The address of the simulator's root, without a trailing slash, such as {@code http://127.0.0.1:41234}. */
    URI uri();

    /** The switches that make this simulator misbehave; they take effect with the next request. */
    Faults faults();

    /** The requests and connections so far. */
    Traffic traffic();

    /** Stops the simulator, cuts every connection and ends every thread it started. Closing twice does nothing. */
    @Override
    void close();
}
