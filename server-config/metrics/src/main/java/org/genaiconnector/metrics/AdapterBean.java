package org.genaiconnector.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.Descriptor;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/**
 * An MXBean of the adapter. The descriptors of its attributes say which metrics they are: {@code metric} is the name,
 * {@code units} the unit, {@code label} and {@code labelValues} the label that a table is split by, {@code states} what
 * the numbers of a state mean. Attributes of an MXBean that is gone, or whose database does not answer, read as NaN.
 */
record AdapterBean(MBeanServer server, ObjectName name) {

    /** The label that distinguishes it from others of its type; the total, which Prometheus sums up itself, has none. */
    Map<String, String> label() {
        return switch (name.getKeyProperty("type")) {
            case "ConnectionFactory", "Targets" -> Map.of("pool", numbered("name"));
            case "Backend" -> Map.of("pool", numbered("factory"), "backend", plain("name"));
            case "JobStore" -> Map.of("store", numbered("name"));
            case "Deliveries" -> Map.of("adapter", instance().isEmpty() ? "1" : instance());
            default -> Map.of();
        };
    }

    /** A second pool or store of the same name, of another adapter, gets a number. */
    private String numbered(String key) {
        return instance().isEmpty() ? plain(key) : plain(key) + "#" + instance();
    }

    private String plain(String key) {
        String quoted = name.getKeyProperty(key);
        return quoted.startsWith("\"") ? ObjectName.unquote(quoted) : quoted;
    }

    /** Which adapter of the application server it is of; empty for the first. */
    private String instance() {
        String instance = name.getKeyProperty("instance");
        return instance == null ? "" : instance;
    }

    /** Those of all its attributes; none if it is gone. */
    List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        try {
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                if (attribute.getDescriptor().getFieldValue("metric") instanceof String metric) {
                    add(metrics, metric, attribute);
                }
            }
        } catch (InstanceNotFoundException e) {
            return List.of();
        } catch (JMException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
        return metrics;
    }

    private void add(List<Metric> metrics, String metric, MBeanAttributeInfo attribute) {
        Descriptor descriptor = attribute.getDescriptor();
        String attributeName = attribute.getName();
        String description = attribute.getDescription();
        if (!(descriptor.getFieldValue("label") instanceof String label)) {
            metrics.add(new Metric(metric, description, Map.of(), number(attributeName, descriptor)));
            return;
        }
        for (String key : (String[]) descriptor.getFieldValue("labelValues")) {
            metrics.add(new Metric(metric, description, Map.of(label, key), () -> entry(attributeName, key)));
        }
        if (metric.endsWith("_bucket")) {
            String count = metric.replace("_bucket", "_count");
            metrics.add(new Metric(count, "All in the histogram", Map.of(), () -> entry(attributeName, "+Inf")));
        }
    }

    private Supplier<Double> number(String attribute, Descriptor descriptor) {
        double scale = "milliseconds".equals(descriptor.getFieldValue("units")) ? 1e-3 : 1;
        List<String> states = descriptor.getFieldValue("states") instanceof String[] names ? List.of(names) : List.of();
        return () -> {
            Object value = read(attribute);
            if (value instanceof Number number) {
                return number.doubleValue() * scale;
            }
            if (value instanceof Boolean flag) {
                return flag ? 1.0 : 0.0;
            }
            return value == null ? Double.NaN : states.indexOf(value);
        };
    }

    /** 0 for what was not counted yet, so that an alert can be written before it happens. */
    private double entry(String attribute, String key) {
        if (!(read(attribute) instanceof TabularData table)) {
            return Double.NaN;
        }
        CompositeData row = table.get(new Object[] {key});
        return row != null && row.get("value") instanceof Number number ? number.doubleValue() : 0;
    }

    private Object read(String attribute) {
        try {
            return server.getAttribute(name, attribute);
        } catch (InstanceNotFoundException e) {
            return null; // just gone; its metrics are about to go as well
        } catch (RuntimeMBeanException e) {
            return null; // its job store fails, which the adapter logs
        } catch (JMException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }
}
