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
 * What the monitor found in the JVM of the application server.
 *
 * @param adapters number of class loaders of adapters that were not collected
 * @param applications number of class loaders of their applications that were not collected
 * @param classes number of loaded classes
 * @param mbeans names of the MBeans in the adapter's domain
 * @param threads number of threads of each name; numbers in names are replaced by {@code #}
 * @param working threads that run the adapter's code, and where they are in it
 */
record Leftovers(
        int adapters,
        int applications,
        int classes,
        List<String> mbeans,
        Map<String, Long> threads,
        List<String> working) {

    /** Thread pools of the application server; they have as many threads as were ever busy at the same time. */
    private static final List<String> SERVER_POOLS = List.of(
            "http-thread-pool::",
            "orb-thread-pool-",
            "Executor-Service-",
            "GF Domain XML",
            "RunLevelControllerThread-",
            "payara-executor-service-");

    /** Limit of the classes that Payara and the JDK load after the first redeployment; an adapter has twice as many. */
    private static final int LATE_CLASSES = 300;

    static Leftovers parse(String text) throws IOException {
        Properties leftovers = new Properties();
        leftovers.load(new StringReader(text));
        return new Leftovers(
                Integer.parseInt(leftovers.getProperty("adapters", "0")),
                Integer.parseInt(leftovers.getProperty("applications", "0")),
                Integer.parseInt(leftovers.getProperty("classes")),
                lines(leftovers, "mbeans"),
                lines(leftovers, "threads").stream()
                        .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting())),
                lines(leftovers, "working"));
    }

    private static List<String> lines(Properties leftovers, String name) {
        return leftovers.getProperty(name).lines().toList();
    }

    /** Describes what should have been removed with the adapter and the application. */
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

    /** Describes what is left, and of which things there are more than before. */
    List<String> leftSince(Leftovers before) {
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
