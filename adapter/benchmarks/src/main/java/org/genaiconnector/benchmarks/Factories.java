package org.genaiconnector.benchmarks;

import java.net.URI;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;

/** Factories that do not probe the backend, because what is measured is not the network. */
public final class Factories {

    private Factories() {}

    /** A factory for the OpenAI protocol. */
    public static LlmManagedConnectionFactory llm(URI server) {
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        factory.setServerUrl(server.toString());
        factory.setModel("gpt-test");
        factory.setApiKey("sk-0123456789abcdef");
        factory.setProbeOnCreate(false);
        return factory;
    }

    static ComfyUiManagedConnectionFactory comfyUi(URI server) {
        ComfyUiManagedConnectionFactory factory = new ComfyUiManagedConnectionFactory();
        factory.setServerUrl(server.toString());
        factory.setProbeOnCreate(false);
        return factory;
    }
}
