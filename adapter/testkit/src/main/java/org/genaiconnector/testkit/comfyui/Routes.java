package org.genaiconnector.testkit.comfyui;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The routes of a server: which method on which path is answered by what. */
final class Routes {
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    private final List<Entry> entries = new ArrayList<>();

    /** Answers a request. */
    @FunctionalInterface
    interface Route {
        /**
         * @throws PythonError where the server runs into an exception, which it answers with 500
         * @throws IOException likewise
         */
        Answer answer(Exchange exchange) throws PythonError, IOException, InterruptedException;
    }

    private record Entry(String method, Pattern path, List<String> variables, Route route) {}

    /** Routes GET and HEAD of {@code path}, with and without {@code /api} in front. */
    Routes get(String path, Route route) {
        return add("GET", path, route).add("HEAD", path, route);
    }

    /** Routes POST of {@code path}, with and without {@code /api} in front. */
    Routes post(String path, Route route) {
        return add("POST", path, route);
    }

    /** Routes PATCH of {@code path}, with and without {@code /api} in front. */
    Routes patch(String path, Route route) {
        return add("PATCH", path, route);
    }

    private Routes add(String method, String path, Route route) {
        List<String> variables = new ArrayList<>();
        Matcher names = VARIABLE.matcher(path);
        while (names.find()) {
            variables.add(names.group(1));
        }
        String pattern = names.reset().replaceAll("([^/]+)");
        // The internal routes are the only ones without an alias
        String prefix = path.startsWith("/internal") ? "" : "(?:/api)?";
        entries.add(new Entry(method, Pattern.compile(prefix + pattern), variables, route));
        return this;
    }

    Answer answer(Exchange exchange) throws PythonError, IOException, InterruptedException {
        TreeSet<String> allowed = new TreeSet<>(List.of("GET", "HEAD"));
        for (Entry entry : entries) {
            Matcher path = entry.path().matcher(exchange.path());
            if (path.matches()) {
                if (entry.method().equals(exchange.method())) {
                    return entry.route().answer(exchange.with(variables(entry, path)));
                }
                allowed.add(entry.method());
            }
        }
        return switch (exchange.method()) {
            // Falls through to the static files of the web front end, which the simulator does not have
            case "GET", "HEAD" ->
                new Answer(404, Map.of(), new Answer.Unsized()).with("Content-Type", "application/octet-stream");
            case "OPTIONS" -> Answer.empty(200);
            default -> Answer.text(405, "405: Method Not Allowed").with("Allow", String.join(",", allowed));
        };
    }

    private static Map<String, String> variables(Entry entry, Matcher path) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < entry.variables().size(); i++) {
            values.put(entry.variables().get(i), path.group(i + 1));
        }
        return values;
    }
}
