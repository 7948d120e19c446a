package org.genaiconnector.storyboard.web;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Several ComfyUI behind the application's factory, as the adapter's MXBeans show them. */
final class ComfyUiBackends {

    private static final String[] FIGURES = {
        "Name",
        "Server",
        "State",
        "Drained",
        "CircuitState",
        "Models",
        "Jobs",
        "RunningJobs",
        "OtherJobs",
        "CompletedJobs",
        "FailedJobs",
        "LostJobs"
    };

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private ComfyUiBackends() {}

    /**
     * The backends by name.
     *
     * @param factory its name in the statistics
     * @return none if the factory has one address only, or was not used yet
     */
    static List<Map<String, Object>> read(String factory) {
        List<Map<String, Object>> backends = new ArrayList<>();
        try {
            for (ObjectName backend : names(factory, "*").stream().sorted().toList()) {
                backends.add(BeanJson.figures(backend, FIGURES));
            }
        } catch (InstanceNotFoundException gone) {
            return List.of(); // the adapter was stopped meanwhile
        } catch (JMException e) {
            throw new IllegalStateException("The figures of the ComfyUI servers cannot be read", e);
        }
        return backends;
    }

    /**
     * Invokes an operation of a backend.
     *
     * @param operation {@code drain} or {@code resume}
     * @return false if there is no such backend
     */
    static boolean invoke(String factory, String backend, String operation) {
        try {
            for (ObjectName name : names(factory, ObjectName.quote(backend))) {
                SERVER.invoke(name, operation, new Object[0], new String[0]);
                return true;
            }
            return false;
        } catch (InstanceNotFoundException gone) {
            return false;
        } catch (JMException e) {
            throw new IllegalStateException("The ComfyUI server " + backend + " cannot be told to " + operation, e);
        }
    }

    private static Set<ObjectName> names(String factory, String backend) throws JMException {
        return SERVER.queryNames(
                new ObjectName("org.genaiconnector:type=Backend,factory=" + ObjectName.quote(factory) + ",name="
                        + backend + ",*"),
                null);
    }
}
