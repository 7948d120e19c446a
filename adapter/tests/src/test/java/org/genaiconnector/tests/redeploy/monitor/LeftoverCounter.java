package org.genaiconnector.tests.redeploy.monitor;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** Counts what undeployed archives have left in this JVM. */
final class LeftoverCounter {
    /** Packages of the code in the adapter's archive. */
    private static final List<String> PACKAGES =
            List.of("org.genaiconnector.ra.", "org.java_websocket.", "org.apache.hc.");

    private final Map<String, List<WeakReference<ClassLoader>>> watched = new TreeMap<>();

    /** Watches a class loader by a weak reference. */
    synchronized void watch(String kind, ClassLoader loader) {
        List<WeakReference<ClassLoader>> loaders = watched.computeIfAbsent(kind, absent -> new ArrayList<>());
        if (loaders.stream().noneMatch(known -> known.refersTo(loader))) {
            loaders.add(new WeakReference<>(loader));
        }
    }

    /** Collects garbage, and counts. The next count sees what other threads clean up after the collection. */
    synchronized Properties count() throws JMException {
        System.gc();
        Properties leftovers = new Properties();
        watched.forEach((kind, loaders) -> leftovers.setProperty(kind, Long.toString(alive(loaders))));
        leftovers.setProperty(
                "classes",
                Integer.toString(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()));
        leftovers.setProperty(
                "mbeans",
                lines(
                        ManagementFactory.getPlatformMBeanServer()
                                .queryNames(new ObjectName("org.genaiconnector:*"), null)
                                .stream()
                                .map(ObjectName::toString)));
        Map<Thread, StackTraceElement[]> threads = Thread.getAllStackTraces();
        leftovers.setProperty(
                "threads",
                lines(threads.keySet().stream().map(thread -> thread.getName().replaceAll("\\d+", "#"))));
        leftovers.setProperty(
                "working",
                lines(threads.entrySet().stream()
                        .flatMap(thread ->
                                frame(thread.getValue())
                                        .map(frame -> thread.getKey().getName() + " in " + frame)
                                        .stream())));
        return leftovers;
    }

    private static long alive(List<WeakReference<ClassLoader>> loaders) {
        return loaders.stream().filter(loader -> !loader.refersTo(null)).count();
    }

    private static Optional<StackTraceElement> frame(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .filter(frame -> PACKAGES.stream().anyMatch(frame.getClassName()::startsWith))
                .findFirst();
    }

    private static String lines(Stream<String> items) {
        return items.collect(Collectors.joining("\n"));
    }
}
