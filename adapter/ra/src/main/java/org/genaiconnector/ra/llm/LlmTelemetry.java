package org.genaiconnector.ra.llm;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.genaiconnector.ra.telemetry.Telemetry;

/**
 * What telemetry is told about the service of a connection, by the GenAI conventions 1.41.0.
 *
 * @param provider value of {@code gen_ai.provider.name}
 * @param host of the service
 * @param port of the service
 * @param content whether spans show messages
 */
record LlmTelemetry(String provider, String host, int port, boolean content) {

    static LlmTelemetry of(Provider provider, URI server, boolean content) {
        return new LlmTelemetry(name(provider), server.getHost(), Telemetry.port(server), content);
    }

    /** As the conventions name it, or else as the configuration does. */
    private static String name(Provider provider) {
        return switch (provider) {
            case OPENAI, OPENAI_RESPONSES -> "openai";
            case AZURE -> "azure.ai.openai";
            case MISTRAL -> "mistral_ai";
            case GEMINI -> "gcp.gemini";
            case XAI -> "x_ai";
            default -> provider.name().toLowerCase(Locale.ROOT);
        };
    }

    /** Whether it is to be told anything. */
    boolean isOn() {
        return Telemetry.get().isOn();
    }

    /**
     * An operation begins.
     *
     * @param operation value of {@code gen_ai.operation.name}
     * @param model of the request; empty if the service has only one
     */
    CallSpan begin(String operation, Optional<String> model) {
        return CallSpan.begin(Telemetry.get(), this, operation, model.orElse(null));
    }
}
