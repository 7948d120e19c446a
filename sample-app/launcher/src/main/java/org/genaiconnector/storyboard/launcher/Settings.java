package org.genaiconnector.storyboard.launcher;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the environment and the command line ask for.
 *
 * @param host address to listen on
 * @param port 0 for a free one
 * @param consolePort of the administration console, where there is one; 0 for a free one
 * @param simulated the backends that are not configured
 */
public record Settings(String host, int port, int consolePort, Set<Backend> simulated) {

    static final String LOOPBACK = "127.0.0.1";

    private static final int CONSOLE_PORT = 4848;

    private static final String USAGE = "the arguments may be: --port NUMBER   (0 picks a free port)";

    /**
     * Reads the settings.
     *
     * @param environment HOST, PORT, CONSOLE_PORT, COMFYUI_URL, LLM_PROVIDER, LLM_URL; blank means not set
     * @param arguments {@code --port NUMBER} or nothing
     * @return the checked settings
     * @throws IllegalArgumentException with a message for the user
     */
    public static Settings of(Map<String, String> environment, List<String> arguments) {
        Set<Backend> simulated = EnumSet.noneOf(Backend.class);
        for (Backend backend : Backend.values()) {
            if (backend.addressVariables().stream().noneMatch(name -> isSet(environment, name))) {
                simulated.add(backend);
            }
        }
        String host = isSet(environment, "HOST") ? environment.get("HOST").strip() : LOOPBACK;
        int port = port(environment, arguments);
        // who takes any port for the application takes any port for the console too
        int consolePort = isSet(environment, "CONSOLE_PORT")
                ? port("CONSOLE_PORT", environment.get("CONSOLE_PORT"))
                : port == 0 ? 0 : CONSOLE_PORT;
        return new Settings(host, port, consolePort, simulated);
    }

    /**
     * Tells the user where each backend is.
     *
     * @return one line per backend
     */
    public List<String> describe() {
        return List.of(Backend.values()).stream().map(this::describe).toList();
    }

    private String describe(Backend backend) {
        String variables = String.join(" or ", backend.addressVariables());
        return simulated.contains(backend)
                ? backend + ": a simulator in this process; for a real server set " + variables
                : backend + ": as configured by " + variables;
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
            // reported below, with the numbers that are no ports
        }
        throw new IllegalArgumentException(name + " must be a number from 0 to 65535, not \"" + value + "\"");
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }
}
