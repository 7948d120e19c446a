package org.genaiconnector.ivt.simulators;

import java.time.Duration;
import java.util.Optional;

/** Simulated backends on the loopback address, and the ways in which checks make them misbehave. */
public interface Backends extends AutoCloseable {

    /**
     * Starts a ComfyUI.
     *
     * @throws RuntimeException if the port is not free
     */
    void startComfyUi(int port);

    /**
     * Starts an LLM service that speaks the protocols of OpenAI and Anthropic.
     *
     * @throws RuntimeException if the port is not free
     */
    void startLlm(int port);

    /** Delays each answer of the LLM service from now on; zero for not at all. */
    void delayLlm(Duration delay);

    /** Resets all connections to the LLM service, and returns when they are gone. */
    void breakLlmConnections();

    /** Whether the LLM service accepts new connections. */
    void acceptLlmConnections(boolean accepts);

    /** The key of the latest request to the LLM service; empty if it had none. */
    Optional<String> latestKey();

    /** Ends the backends; nothing of them stays. */
    @Override
    void close();
}
