package org.genaiconnector.storyboard.web;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.openmbean.CompositeData;

/**
 * The application server's own figures of a pool, for comparison with the adapter's figures. Payara Server shows them
 * as MBeans when pools are monitored and AMX is enabled, as the scripts of server-config do; other application servers
 * have none.
 */
final class ContainerFigures {

    private static final String POOLS = "amx:type=connector-connection-pool-mon,*";

    private record Source(String attribute, String item) {}

    private static final Map<String, Source> SOURCES = new TreeMap<>(Map.ofEntries(
            Map.entry("activeConnections", new Source("numconnused", "current")),
            Map.entry("idleConnections", new Source("numconnfree", "current")),
            Map.entry("peakConnections", new Source("numconnused", "highWaterMark")),
            Map.entry("createdConnections", new Source("numconncreated", "count")),
            Map.entry("destroyedConnections", new Source("numconndestroyed", "count")),
            Map.entry("borrowedConnections", new Source("numconnacquired", "count")),
            Map.entry("timedOutCallers", new Source("numconntimedout", "count")),
            Map.entry("waitingCallers", new Source("waitqueuelength", "count")),
            Map.entry("averageWaitMillis", new Source("averageconnwaittime", "count")),
            Map.entry("longestWaitMillis", new Source("connrequestwaittime", "highWaterMark")),
            Map.entry("failedValidations", new Source("numconnfailedvalidation", "count")),
            Map.entry("suspectedLeaks", new Source("numpotentialconnleak", "count"))));

    private ContainerFigures() {}

    /**
     * The figures of a pool; empty if the application server shows none.
     *
     * @param pool its name, which is also the adapter's name for it where its property {@code poolName} says so
     */
    static Optional<JsonObject> of(String pool) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            for (ObjectName bean : server.queryNames(new ObjectName(POOLS), null)) {
                if (isOf(pool, bean)) {
                    return Optional.of(read(server, bean));
                }
            }
            return Optional.empty();
        } catch (InstanceNotFoundException gone) {
            return Optional.empty(); // the pool was recreated meanwhile
        } catch (MalformedObjectNameException | ReflectionException e) {
            throw new IllegalStateException("The server's figures of " + pool + " cannot be read", e);
        }
    }

    private static boolean isOf(String pool, ObjectName bean) {
        String name = bean.getKeyProperty("name");
        return name != null && (name.startsWith("\"") ? ObjectName.unquote(name) : name).equals("resources/" + pool);
    }

    private static JsonObject read(MBeanServer server, ObjectName bean)
            throws InstanceNotFoundException, ReflectionException {
        String[] attributes =
                SOURCES.values().stream().map(Source::attribute).distinct().toArray(String[]::new);
        AttributeList values = server.getAttributes(bean, attributes);
        JsonObjectBuilder figures = Json.createObjectBuilder();
        SOURCES.forEach((figure, source) -> values.asList().stream()
                .filter(value -> value.getName().equals(source.attribute()))
                .map(Attribute::getValue)
                .filter(value -> value instanceof CompositeData statistic && statistic.containsKey(source.item()))
                .map(value -> ((Number) ((CompositeData) value).get(source.item())).longValue())
                .forEach(number -> figures.add(figure, number)));
        return figures.build();
    }
}
