package org.genaiconnector.storyboard.web;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/** MXBeans of the adapter as JSON. */
final class BeanJson {

    private BeanJson() {}

    /** Attributes of an MXBean of the adapter, under their names as JSON has them. */
    static Map<String, Object> figures(ObjectName bean, String... attributes) throws JMException {
        Map<String, Object> json = new LinkedHashMap<>();
        for (Attribute figure : ManagementFactory.getPlatformMBeanServer()
                .getAttributes(bean, attributes)
                .asList()) {
            String name = figure.getName();
            json.put(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), plain(figure.getValue()));
        }
        return json;
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
