package org.genaiconnector.tests.payara.bench;

import jakarta.resource.ResourceException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** One call on a borrowed connection. */
public final class Calls {

    private Calls() {}

    /** Asks ComfyUI for its version. */
    public static String version(ComfyUiConnectionFactory factory) throws ResourceException {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.getSystemStats().version().orElseThrow();
        }
    }

    /** Asks a model. */
    public static String chat(LlmConnectionFactory factory, String text) throws ResourceException {
        try (LlmConnection connection = factory.getConnection()) {
            return connection.chat(ChatRequest.of(text)).text();
        }
    }
}
