package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The node classes that a test adds to a simulator. Each start makes them again, because a class may keep state. */
final class OwnClasses {
    private final List<Supplier<List<NodeClass>>> classes = new ArrayList<>();

    /** See {@link ComfyUiSimulator.Builder#node(String, Map, List, String)}. */
    void add(String name, Map<String, String> inputs, List<String> outputs, String shows) {
        ObjectNode shown = shows == null ? null : Json.object(shows);
        Map<String, String> taken = new LinkedHashMap<>(inputs);
        List<String> given = List.copyOf(outputs);
        classes.add(() -> List.of(ForeignClass.made(name, taken, given, shown)));
    }

    /** See {@link ComfyUiSimulator.Builder#nodeClasses(String)}. */
    void addSaved(String objectInfo) {
        ObjectNode described = Json.object(objectInfo);
        ForeignClass.saved(described); // so that an error shows now
        classes.add(() -> ForeignClass.saved(described));
    }

    List<NodeClass> all() {
        return classes.stream().flatMap(each -> each.get().stream()).toList();
    }
}
