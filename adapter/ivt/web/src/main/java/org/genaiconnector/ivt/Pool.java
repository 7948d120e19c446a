package org.genaiconnector.ivt;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import org.genaiconnector.ivt.simulators.Backends;

/**
 * A pool to check.
 *
 * @param name its JNDI name
 * @param factory what is bound there
 * @param server address of its backend
 * @param simulators the simulated backend behind it; empty for a real one
 * @param maximum its size, as far as known
 */
record Pool<F>(String name, F factory, URI server, Optional<Backends> simulators, OptionalInt maximum) {

    /**
     * The simulators, for a check that needs them.
     *
     * @throws SkippedException if the backend is a real one
     */
    Backends simulated() throws SkippedException {
        return simulators.orElseThrow(
                () -> new SkippedException("needs a backend that misbehaves on command: use the EAR,"
                        + " or the system property genai.ivt.simulators=true where nothing listens at " + server));
    }
}
