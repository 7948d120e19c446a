package org.genaiconnector.metrics;

import java.util.List;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/** One pool of the adapter, or its deliveries, seen through an MXBean. What is gone, or not counted yet, reads as NaN or 0. */
record Pool(MBeanServer server, ObjectName bean) {

    private static final List<String> CIRCUIT = List.of("CLOSED", "HALF_OPEN", "OPEN");

    /** Its name; a second one of the same name, of another adapter, gets a number. */
    String name() {
        String name = bean.getKeyProperty("name");
        String plain = name.startsWith("\"") ? ObjectName.unquote(name) : name;
        String instance = bean.getKeyProperty("instance");
        return instance == null ? plain : plain + "#" + instance;
    }

    double value(Figure figure) {
        return read(figure.attribute()) instanceof Number number ? figure.inBaseUnit(number) : Double.NaN;
    }

    /** How many operations failed in that way. */
    double failures(String category) {
        return entry("FailuresByCategory", category);
    }

    /** How many of them took at most so long. */
    double within(Times times, String bound) {
        return entry(times.attribute(), bound);
    }

    double value(Delivery figure) {
        return read(figure.attribute()) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** Which adapter of the server it is, 1 for the first. */
    String adapter() {
        String instance = bean.getKeyProperty("instance");
        return instance == null ? "1" : instance;
    }

    /** 1: jobs are followed to their ends, 0: they are not. */
    double tracking() {
        return read("Tracking") instanceof Boolean follows ? follows ? 1 : 0 : Double.NaN;
    }

    private double entry(String attribute, String key) {
        if (!(read(attribute) instanceof TabularData table)) {
            return Double.NaN;
        }
        CompositeData row = table.get(new Object[] {key});
        return row != null && row.get("value") instanceof Number number ? number.doubleValue() : 0;
    }

    /** 0: closed, 1: half open, 2: open. */
    double circuit() {
        return read("Circuit") instanceof String state ? CIRCUIT.indexOf(state) : Double.NaN;
    }

    private Object read(String attribute) {
        try {
            return server.getAttribute(bean, attribute);
        } catch (InstanceNotFoundException e) {
            return null; // just gone; its metrics are about to go as well
        } catch (JMException e) {
            throw new IllegalStateException(bean + " cannot be read", e);
        }
    }
}
