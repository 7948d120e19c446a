package org.genaiconnector.tests.redeploy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the warden found in the server.
 *
 * @param adapters class loaders of adapters that are alive
 * @param applications class loaders of their applications that are alive
 * @param classes loaded
 * @param mbeans names of those in the adapter's domain
 * @param threads how many there are of each name; a number in a name is a {@code #}
 * @param working threads that run the adapter's code, and where they are in it
 */
record Remains(
        int adapters,
        int applications,
        int classes,
        List<String> mbeans,
        Map<String, Long> threads,
        List<String> working) {

    /** Threads of the server for requests, works, deployments and its own tasks; there are as many as were ever busy at once. */
    private static final List<String> SERVER_POOLS = List.of(
            "http-thread-pool::",
            "orb-thread-pool-",
            "Executor-Service-",
            "GF Domain XML",
            "RunLevelControllerThread-",
            "payara-executor-service-");

    /** Classes that the server and the JDK load later than at the first redeployment; an adapter has twice as many. */
    private static final int LATE_CLASSES = 300;

    static Remains parse(String text) throws IOException {
        Properties remains = new Properties();
        remains.load(new StringReader(text));
        return new Remains(
                Integer.parseInt(remains.getProperty("adapters", "0")),
                Integer.parseInt(remains.getProperty("applications", "0")),
                Integer.parseInt(remains.getProperty("classes")),
                lines(remains, "mbeans"),
                lines(remains, "threads").stream()
                        .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting())),
                lines(remains, "working"));
    }

    private static List<String> lines(Properties remains, String name) {
        return remains.getProperty(name).lines().toList();
    }

    /** What should have gone with the adapter and the application, in words. */
    List<String> left() {
        List<String> left = new ArrayList<>();
        if (adapters > 0) {
            left.add("class loaders of adapters: " + adapters);
        }
        if (applications > 0) {
            left.add("class loaders of applications: " + applications);
        }
        mbeans.forEach(name -> left.add("MBean " + name));
        working.forEach(thread -> left.add("thread " + thread));
        return left;
    }

    /** What is left, and of what else there is more than before, in words. */
    List<String> leftSince(Remains before) {
        List<String> left = new ArrayList<>(left());
        threads.forEach((name, count) -> {
            if (count > before.threads.getOrDefault(name, 0L)
                    && SERVER_POOLS.stream().noneMatch(name::startsWith)) {
                left.add("threads of the name " + name + ": " + count + " after "
                        + before.threads.getOrDefault(name, 0L));
            }
        });
        if (classes > before.classes + LATE_CLASSES) {
            left.add("loaded classes: " + classes + " after " + before.classes);
        }
        return left;
    }
}
