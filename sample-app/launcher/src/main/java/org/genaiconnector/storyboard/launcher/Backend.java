package org.genaiconnector.storyboard.launcher;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** A server that the application talks to. */
public enum Backend {
    /** Paints. */
    COMFYUI("ComfyUI", List.of("COMFYUI_URL"), "/system_stats"),
    /** Writes. */
    LLM("LLM", List.of("LLM_URL", "LLM_PROVIDER", "LLM_TARGETS"), "/models");

    private final String title;
    private final List<String> addressVariables;
    private final String probe;

    Backend(String title, List<String> addressVariables, String probe) {
        this.title = title;
        this.addressVariables = addressVariables;
        this.probe = probe;
    }

    /** The environment variables of which one must be set for a real server. */
    List<String> addressVariables() {
        return addressVariables;
    }

    /** A path below the simulator's address that answers as soon as it is up. */
    String probe() {
        return probe;
    }

    /**
     * The configuration that leads the application to the simulator.
     *
     * @param address where it listens
     * @return by MicroProfile Config's names
     */
    public Map<String, String> configuration(URI address) {
        return switch (this) {
            case COMFYUI -> Map.of("comfyui.url", address.toString());
            case LLM -> Map.of("llm.url", address.toString(), "llm.provider", "LOCAL", "llm.model", "simulator");
        };
    }

    @Override
    public String toString() {
        return title;
    }
}
