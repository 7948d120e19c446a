package org.genaiconnector.ra;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The class cycles of some packages: sets of top-level classes of which each depends on each other one, directly or through
 * others of the set (the strongly connected components, by Tarjan's algorithm). Nested classes count as their outermost class.
 */
final class ClassCycles {
    private final Map<String, Set<String>> uses;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final Map<String, Integer> lowest = new HashMap<>();
    private final Deque<String> path = new ArrayDeque<>();
    private final List<Set<String>> cycles = new ArrayList<>();

    private ClassCycles(Map<String, Set<String>> uses) {
        this.uses = uses;
    }

    /**
     * The cycles among the classes of a package and the packages below.
     *
     * @param root name of the package
     * @return sets of two classes or more, largest first
     */
    static List<Set<String>> in(JavaClasses all, String root) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass each : all) {
            if (isBelow(each, root)) {
                Set<String> used = uses.computeIfAbsent(outermost(each), name -> new TreeSet<>());
                each.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(target -> isBelow(target, root))
                        .forEach(target -> used.add(outermost(target)));
            }
        }
        ClassCycles search = new ClassCycles(uses);
        uses.keySet().stream().filter(name -> !search.indexes.containsKey(name)).forEach(search::visit);
        search.cycles.sort((a, b) -> b.size() - a.size());
        return search.cycles;
    }

    private static boolean isBelow(JavaClass each, String root) {
        return each.getPackageName().equals(root) || each.getPackageName().startsWith(root + ".");
    }

    private static String outermost(JavaClass each) {
        return each.getEnclosingClass().map(ClassCycles::outermost).orElseGet(each::getName);
    }

    private void visit(String name) {
        indexes.put(name, indexes.size());
        lowest.put(name, indexes.get(name));
        path.push(name);
        for (String used : uses.getOrDefault(name, Set.of())) {
            if (!indexes.containsKey(used)) {
                visit(used);
                lowest.merge(name, lowest.get(used), Math::min);
            } else if (path.contains(used)) {
                lowest.merge(name, indexes.get(used), Math::min);
            }
        }
        if (lowest.get(name).equals(indexes.get(name))) {
            Set<String> cycle = new TreeSet<>();
            String member;
            do {
                member = path.pop();
                cycle.add(member);
            } while (!member.equals(name));
            if (cycle.size() > 1) {
                cycles.add(cycle);
            }
        }
    }
}
