package org.genaiconnector.storyboard.web;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;

/** The targets of the language model with their limits, as the adapter's MXBean shows and switches them. */
final class TargetsJson {
    private static final String TARGETS = "org.genaiconnector:type=Targets,*";

    private TargetsJson() {}

    private static TreeSet<ObjectName> beans() throws JMException {
        return new TreeSet<>(ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName(TARGETS), null));
    }

    /** Each factory with targets; empty if there is none. */
    static List<Map<String, Object>> read() {
        List<Map<String, Object>> all = new ArrayList<>();
        try {
            for (ObjectName bean : beans()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("pool", ObjectName.unquote(bean.getKeyProperty("name")));
                for (String operation : List.of("targets", "limits", "usage")) {
                    json.put(operation, rows(invoke(bean, operation)));
                }
                all.add(json);
            }
            return all;
        } catch (InstanceNotFoundException gone) {
            return List.of(); // the adapter was stopped meanwhile
        } catch (JMException e) {
            throw new IllegalStateException("The targets cannot be read", e);
        }
    }

    private static Object invoke(ObjectName bean, String operation, String... parameters) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        String[] signature = new String[parameters.length];
        Arrays.fill(signature, String.class.getName());
        return server.invoke(bean, operation, parameters, signature);
    }

    private static List<Map<String, Object>> rows(Object table) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (CompositeData row : (CompositeData[]) table) {
            Map<String, Object> json = new LinkedHashMap<>();
            row.getCompositeType().keySet().forEach(key -> json.put(key, row.get(key)));
            rows.add(json);
        }
        return rows;
    }

    /** Switches a target on or off in each factory that has it; false if none has. */
    static boolean switchTarget(String target, boolean on) {
        boolean known = false;
        try {
            for (ObjectName bean : beans()) {
                try {
                    invoke(bean, on ? "switchOn" : "switchOff", target);
                    known = true;
                } catch (RuntimeMBeanException another) {
                    if (!(another.getCause() instanceof IllegalArgumentException)) {
                        throw another;
                    }
                }
            }
            return known;
        } catch (JMException e) {
            throw new IllegalStateException("The target cannot be switched", e);
        }
    }
}
