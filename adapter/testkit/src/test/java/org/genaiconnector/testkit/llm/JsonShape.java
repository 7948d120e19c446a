package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compares JSON by its shape: the names of members and the kinds of values, not the values. */
final class JsonShape {
    private JsonShape() {}

    /** What differs, each with its place; empty if nothing does. */
    static List<String> differences(JsonNode recorded, JsonNode played) {
        List<String> differences = new ArrayList<>();
        compare("", recorded, played, differences);
        return differences;
    }

    private static void compare(String place, JsonNode recorded, JsonNode played, List<String> differences) {
        if (recorded.getNodeType() != played.getNodeType()) {
            differences.add(place + ": recorded " + recorded.getNodeType() + ", played " + played.getNodeType());
        } else if (recorded.isObject()) {
            Set<String> names = new TreeSet<>();
            recorded.fieldNames().forEachRemaining(names::add);
            played.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(place + "/" + name, recorded.path(name), played.path(name), differences));
        } else if (recorded.isArray() && !recorded.isEmpty()) {
            if (played.isEmpty()) {
                differences.add(place + ": recorded elements, played none");
            }
            played.forEach(element -> compare(place + "/*", recorded.get(0), element, differences));
        }
    }
}
