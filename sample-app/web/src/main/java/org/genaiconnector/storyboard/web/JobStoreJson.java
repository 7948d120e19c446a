package org.genaiconnector.storyboard.web;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

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
                json.putAll(BeanJson.figures(store, FIGURES));
                return Optional.of(json);
            }
            return Optional.empty();
        } catch (InstanceNotFoundException gone) {
            return Optional.empty(); // the adapter was stopped meanwhile
        } catch (JMException e) {
            throw new IllegalStateException("The figures of the job store cannot be read", e);
        }
    }
}
