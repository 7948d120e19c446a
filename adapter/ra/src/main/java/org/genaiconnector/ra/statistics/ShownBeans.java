package org.genaiconnector.ra.statistics;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** MXBeans of an adapter in the platform's MBean server, from their registration until they are closed. */
final class ShownBeans implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ShownBeans.class.getName());
    private static final String DOMAIN = "org.genaiconnector:";

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Map<Object, ObjectName> registered = new IdentityHashMap<>();
    private boolean closed;

    /** A second adapter in the same server (one in an application, one beside it) gets names of its own. */
    synchronized void register(String key, Object bean) {
        for (int instance = 1; !closed; instance++) {
            try {
                ObjectName name = new ObjectName(DOMAIN + key + (instance == 1 ? "" : ",instance=" + instance));
                server.registerMBean(bean, name);
                registered.put(bean, name);
                return;
            } catch (InstanceAlreadyExistsException e) {
                LOG.log(Level.DEBUG, "{0} is taken by another adapter", key);
            } catch (JMException e) {
                LOG.log(Level.WARNING, "GENAI-1501 The statistics of " + key + " cannot be shown by JMX", e);
                return;
            }
        }
    }

    /** Takes all away. */
    @Override
    public synchronized void close() {
        closed = true;
        List.copyOf(registered.keySet()).forEach(this::unregister);
    }

    /** Takes one away that is registered. */
    synchronized void unregister(Object bean) {
        ObjectName name = registered.remove(bean);
        if (name == null) {
            return; // it was made when all had been taken away
        }
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            LOG.log(Level.DEBUG, "{0} has been taken away by somebody else", name);
        } catch (JMException e) {
            LOG.log(
                    Level.WARNING,
                    "GENAI-1502 " + name + " cannot be taken away and keeps the adapter's classes alive",
                    e);
        }
    }
}
