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
import org.genaiconnector.ra.messages.OperatorMessage;

/** MXBeans of an adapter in the platform's MBean server, until they are closed. Safe for all threads. */
final class RegisteredBeans implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RegisteredBeans.class.getName());
    private static final String DOMAIN = "org.genaiconnector:";

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Map<Object, ObjectName> registered = new IdentityHashMap<>();
    private boolean closed;

    /**
     * Registers an MXBean, unless closed. A second adapter in the same application server (one in an application, one beside
     * it) gets names with a number.
     *
     * @param key properties of the name
     */
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
                OperatorMessage.STATISTICS_NOT_REGISTERED.logFailure(LOG, e, key);
                return;
            }
        }
    }

    /** Unregisters all. */
    @Override
    public synchronized void close() {
        closed = true;
        List.copyOf(registered.keySet()).forEach(this::unregister);
    }

    /** Unregisters one. */
    synchronized void unregister(Object bean) {
        ObjectName name = registered.remove(bean);
        if (name == null) {
            return; // never registered, because this was closed before
        }
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            LOG.log(Level.DEBUG, "{0} was unregistered by another program", name);
        } catch (JMException e) {
            OperatorMessage.STATISTICS_NOT_REMOVED.logFailure(LOG, e, name);
        }
    }
}
