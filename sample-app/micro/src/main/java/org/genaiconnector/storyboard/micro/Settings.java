package org.genaiconnector.storyboard.micro;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the environment and the command line ask for.
 *
 * @param host address to listen on
 * @param port 0 for a free one
 * @param simulated the backends that nobody configured
 */
record Settings(String host, int port, Set<Backend> simulated) {

    /** A server that the application talks to. */
    enum Backend {
        COMFYUI("/system_stats"),
        LLM("/models");

        private final String probe;

        Backend(String probe) {
            this.probe = probe;
        }

        /** A path that answers as soon as the server is up. */
        String probe() {
            return probe;
        }
    }

    private static final String USAGE = "usage: java -jar storyboard.jar [--port NUMBER]   (0 picks a free port)";

    /**
     * Reads the settings.
     *
     * @param environment HOST, PORT, COMFYUI_URL, LLM_PROVIDER, LLM_URL and others; blank means not set
     * @param arguments {@code --port NUMBER} or nothing
     * @return not null
     * @throws IllegalArgumentException with a message for the user
     */
    static Settings of(Map<String, String> environment, List<String> arguments) {
        Set<Backend> simulated = EnumSet.noneOf(Backend.class);
        if (!isSet(environment, "COMFYUI_URL")) {
            simulated.add(Backend.COMFYUI);
        }
        if (!isSet(environment, "LLM_URL") && !isSet(environment, "LLM_PROVIDER")) {
            simulated.add(Backend.LLM);
        }
        String host = isSet(environment, "HOST") ? environment.get("HOST").strip() : "127.0.0.1";
        return new Settings(host, port(environment, arguments), simulated);
    }

    private static int port(Map<String, String> environment, List<String> arguments) {
        if (arguments.isEmpty()) {
            return isSet(environment, "PORT") ? port("PORT", environment.get("PORT")) : 8080;
        }
        if (arguments.size() == 2 && arguments.get(0).equals("--port")) {
            return port("--port", arguments.get(1));
        }
        throw new IllegalArgumentException(USAGE);
    }

    private static int port(String name, String value) {
        try {
            int port = Integer.parseInt(value.strip());
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below, with the other wrong values
        }
        throw new IllegalArgumentException(name + " must be a number from 0 to 65535, not \"" + value + "\"");
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }
}
