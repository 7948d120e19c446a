package org.genaiconnector.ivt;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one run is to check. Each setting is a parameter of the request, else the system property {@code genai.ivt.} and its name, else
 * a parameter of the application of that name.
 *
 * @param comfyUi JNDI names of pools; those that do not exist are passed over
 * @param llm the same
 * @param template JNDI names of workflow templates
 * @param simulators whether simulators stand in for the backends of all pools
 * @param maximum size of the pools that this application does not define itself
 * @param longestWait how long the check of an exhausted pool waits for the pool's own timeout
 */
record Settings(
        List<String> comfyUi,
        List<String> llm,
        List<String> template,
        boolean simulators,
        OptionalInt maximum,
        Duration longestWait) {

    private static final String PREFIX = "genai.ivt.";
    private static final int LARGEST_MAXIMUM = 50;
    private static final int LONGEST_WAIT_SECONDS = 60;

    /**
     * Of a request.
     *
     * @throws IllegalArgumentException if a value is wrong; names it
     */
    static Settings of(HttpServletRequest request) {
        return new Settings(
                names(request, "comfyui"),
                names(request, "llm"),
                names(request, "template"),
                value(request, "simulators").map(Boolean::parseBoolean).orElse(false),
                number(request, "maximum", LARGEST_MAXIMUM),
                Duration.ofSeconds(number(request, "wait", LONGEST_WAIT_SECONDS).orElse(3)));
    }

    private static Optional<String> value(HttpServletRequest request, String name) {
        String parameter = request.getParameter(name);
        String property = System.getProperty(PREFIX + name);
        String configured = request.getServletContext().getInitParameter(PREFIX + name);
        return Optional.ofNullable(parameter)
                .or(() -> Optional.ofNullable(property))
                .or(() -> Optional.ofNullable(configured))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    private static List<String> names(HttpServletRequest request, String name) {
        return value(request, name).stream()
                .flatMap(list -> Arrays.stream(list.split(",")))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static OptionalInt number(HttpServletRequest request, String name, int largest) {
        Optional<String> value = value(request, name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (value.get().matches("[0-9]{1,4}")) {
            int number = Integer.parseInt(value.get());
            if (number >= 1 && number <= largest) {
                return OptionalInt.of(number);
            }
        }
        throw new IllegalArgumentException(
                name + " must be a number from 1 to " + largest + ", but is \"" + value.get() + "\"");
    }
}
