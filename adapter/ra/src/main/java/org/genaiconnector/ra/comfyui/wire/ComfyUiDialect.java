package org.genaiconnector.ra.comfyui.wire;

import java.util.Optional;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpSettings;

/** ComfyUI's own protocol. */
public final class ComfyUiDialect implements Dialect {
    @Override
    public JobRoutes jobs(ComfyUiBackend server, HttpConnection http, Optional<HttpSettings> limits) {
        return new ComfyUiRoutes(server, http, limits);
    }

    @Override
    public PromptCalls prompts(
            ComfyUiBackend server, HttpConnection http, JobRoutes routes, Optional<HttpSettings> limits) {
        return new ComfyUiPrompts(server, http, routes, limits);
    }

    @Override
    public boolean isSelfHosted() {
        return true;
    }
}
