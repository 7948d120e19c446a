package org.genaiconnector.tests.payara.testapp;

import jakarta.resource.ResourceException;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.Credentials;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Workflow;
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

    /** Queues a small picture. */
    static Job queue(ComfyUiConnection connection) throws ResourceException {
        return connection.queuePrompt(Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}"""));
    }

    /** Asks a model. */
    public static String chat(LlmConnectionFactory factory, String text) throws ResourceException {
        try (LlmConnection connection = factory.getConnection()) {
            return chat(connection, text);
        }
    }

    /** Asks a model with credentials that the application knows. */
    static String chat(LlmConnectionFactory factory, Credentials credentials, String text) throws ResourceException {
        try (LlmConnection connection = factory.getConnection(credentials)) {
            return chat(connection, text);
        }
    }

    /** Asks a model on an open connection. */
    static String chat(LlmConnection connection, String text) throws ResourceException {
        return connection.chat(ChatRequest.of(text)).text();
    }

    /** The figures of connections and calls of a factory, as lines {@code name=figure}. */
    static String figures(LlmConnectionFactory factory) {
        ConnectionStatistics figures = factory.statistics();
        return """
                total=%d
                active=%d
                idle=%d
                peak=%d
                created=%d
                destroyed=%d
                refused=%d
                successful=%d
                failed=%d
                """.formatted(
                        figures.connections().total(),
                        figures.connections().active(),
                        figures.connections().idle(),
                        figures.connections().peakActive(),
                        figures.connections().created(),
                        figures.connections().destroyed(),
                        figures.borrowing().refused(),
                        figures.requests().successful(),
                        figures.requests().failed());
    }
}
