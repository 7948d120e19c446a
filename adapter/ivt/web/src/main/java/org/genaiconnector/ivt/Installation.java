package org.genaiconnector.ivt;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import javax.management.AttributeNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** What is installed: versions, and how the adapter reaches its backends. */
final class Installation {
    private static final String UNKNOWN = "unknown";

    private Installation() {}

    /**
     * Describes what is installed, by name.
     *
     * @param factories connection factories of the adapter; may be empty
     */
    static Map<String, String> describe(ServletContext application, Collection<?> factories) {
        Map<String, String> description = new LinkedHashMap<>();
        description.put("applicationServer", applicationServer(application));
        description.put(
                "jdk", System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + ")");
        description.put(
                "adapterVersion",
                factories.stream().findFirst().map(Installation::version).orElse(UNKNOWN));
        description.put("transport", transport());
        return description;
    }

    private static String applicationServer(ServletContext application) {
        String name = application.getServerInfo();
        if (name.matches(".*\\d.*")) {
            return name;
        }
        try { // Payara Micro does not say its version
            Class<?> version = Class.forName("com.sun.appserv.server.util.Version");
            return (String) version.getMethod("getFullVersion").invoke(null);
        } catch (ReflectiveOperationException e) {
            return name;
        }
    }

    private static String version(Object factory) {
        String file = "/META-INF/maven/org.genaiconnector/genai-connector-ra/pom.properties";
        try (InputStream in = factory.getClass().getResourceAsStream(file)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN + " (" + e + ")";
        }
    }

    /** As the MXBeans of the pools say. */
    private static String transport() {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        TreeSet<String> transports = new TreeSet<>();
        try {
            for (ObjectName name :
                    beans.queryNames(new ObjectName("org.genaiconnector:type=ConnectionFactory,*"), null)) {
                try {
                    transports.add(String.valueOf(beans.getAttribute(name, "Transport")));
                } catch (AttributeNotFoundException e) {
                    transports.add(UNKNOWN);
                }
            }
        } catch (JMException e) {
            return UNKNOWN + " (" + e + ")";
        }
        return transports.isEmpty() ? UNKNOWN : String.join(", ", transports);
    }
}
