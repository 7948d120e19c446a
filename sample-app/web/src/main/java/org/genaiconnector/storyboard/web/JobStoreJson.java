package org.genaiconnector.storyboard.web;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/** The figures of the job store, over all application servers that share it, as the adapter's MXBean shows them. */
final class JobStoreJson {

    private static final String STORES = "org.genaiconnector:type=JobStore,*";
    private static final String[] FIGURES = {
        "Jobs", "OldestWaitingMillis", "InFlight", "WaitingDeliveries", "DeadDeliveries", "Instances", "TakeOvers"
    };

    private JobStoreJson() {}

    /** Empty if there is none. */
    static Optional<Map<String, Object>> read() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            for (ObjectName store : server.queryNames(new ObjectName(STORES), null)) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("name", ObjectName.unquote(store.getKeyProperty("name")));
                for (Attribute figure : server.getAttributes(store, FIGURES).asList()) {
                    String name = figure.getName();
                    json.put(
                            name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1),
                            plain(figure.getValue()));
                }
                return Optional.of(json);
            }
            return Optional.empty();
        } catch (InstanceNotFoundException gone) {
            return Optional.empty(); // the adapter was stopped meanwhile
        } catch (JMException e) {
            throw new IllegalStateException("The figures of the job store cannot be read", e);
        }
    }

    private static Object plain(Object value) {
        if (!(value instanceof TabularData table)) {
            return value;
        }
        Map<String, Object> rows = new TreeMap<>();
        for (Object row : table.values()) {
            CompositeData pair = (CompositeData) row;
            rows.put((String) pair.get("key"), pair.get("value"));
        }
        return rows;
    }
}
