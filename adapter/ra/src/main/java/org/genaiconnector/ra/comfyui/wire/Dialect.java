package org.genaiconnector.ra.comfyui.wire;

import java.util.Optional;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpSettings;

/** The protocol that a backend speaks, as far as jobs are concerned. It has no state. */
public interface Dialect {
    /** @param limits other than the backend's usual ones, for calls that the circuit does not hold back */
    JobRoutes jobs(ComfyUiBackend server, HttpConnection http, Optional<HttpSettings> limits);

    /** @param limits other than the backend's usual ones, for prompts that the circuit does not hold back */
    PromptCalls prompts(ComfyUiBackend server, HttpConnection http, JobRoutes routes, Optional<HttpSettings> limits);

    /**
     * Whether it is ComfyUI's own protocol: it lists jobs, signals them by a WebSocket, finds them by the ids of their prompts, and has
     * catalogues and maintenance.
     */
    boolean isSelfHosted();
}
