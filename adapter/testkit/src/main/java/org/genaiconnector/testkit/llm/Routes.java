package org.genaiconnector.testkit.llm;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Which path and method is answered by what. A path that ends with a slash stands for all below
 * it, but the root for itself alone. */
final class Routes {
    private final Map<String, Map<String, Action>> actions = new TreeMap<>();

    /** Answers a call. */
    @FunctionalInterface
    interface Action {
        void answer(Call call) throws IOException;
    }

    Routes add(String method, String path, Action action) {
        actions.computeIfAbsent(path, any -> new HashMap<>()).put(method, action);
        return this;
    }

    Routes remove(String path) {
        actions.remove(path);
        return this;
    }

    boolean knows(String path) {
        return actions.containsKey(key(path));
    }

    /** The action of a path and method, or null. HEAD is answered like GET, without the body. */
    Action find(String method, String path) {
        Map<String, Action> methods = actions.getOrDefault(key(path), Map.of());
        return methods.get(method.equals("HEAD") ? "GET" : method);
    }

    private String key(String path) {
        if (actions.containsKey(path)) {
            return path;
        }
        String above = path.substring(0, path.lastIndexOf('/') + 1);
        return above.equals("/") ? path : above;
    }
}
