import com.sun.tools.attach.VirtualMachine;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Lists, drains and resumes the ComfyUI behind the factories of an application server on this machine. Runs with a JDK, as the user
 * of the application server, without a port or a password:
 *
 * <pre>
 * java Backends.java PID
 * java Backends.java PID drain NAME [FACTORY]
 * java Backends.java PID resume NAME [FACTORY]
 * </pre>
 *
 * PID is that of the server's JVM, as {@code jps} tells. NAME is that of the backend, FACTORY that of the pool or resource, which is needed if
 * several have a backend of that name. Ends with 1 if nothing was done.
 */
public final class Backends {
    private static final Set<String> OPERATIONS = Set.of("drain", "resume");

    private Backends() {}

    public static void main(String[] args) throws Exception {
        boolean lists = args.length == 1;
        boolean does = (args.length == 3 || args.length == 4) && OPERATIONS.contains(args[1]);
        if (!lists && !does) {
            System.err.println("usage: java Backends.java PID [drain|resume NAME [FACTORY]]");
            System.exit(2);
        }
        VirtualMachine server = VirtualMachine.attach(args[0]);
        String address = server.startLocalManagementAgent();
        server.detach();
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            if (does && !invoke(beans, args)) {
                System.exit(1);
            }
            list(beans);
        }
    }

    private static Set<ObjectName> all(MBeanServerConnection beans) throws Exception {
        return new TreeSet<>(beans.queryNames(new ObjectName("org.genaiconnector:type=Backend,*"), null));
    }

    private static String part(ObjectName bean, String key) {
        return ObjectName.unquote(bean.getKeyProperty(key));
    }

    private static boolean invoke(MBeanServerConnection beans, String[] args) throws Exception {
        List<ObjectName> named = all(beans).stream()
                .filter(bean -> part(bean, "name").equals(args[2]))
                .filter(bean -> args.length == 3 || part(bean, "factory").equals(args[3]))
                .toList();
        if (named.size() != 1) {
            System.err.println(
                    named.isEmpty()
                            ? "There is no such backend. Each is known from the first use of its factory on; those of now:"
                            : "Several factories have a backend of this name, say which factory is meant:");
            list(beans);
            return false;
        }
        beans.invoke(named.get(0), args[1], new Object[0], new String[0]);
        return true;
    }

    private static void list(MBeanServerConnection beans) throws Exception {
        for (ObjectName bean : all(beans)) {
            System.out.printf(
                    "%s  %s  %s  %s  %s jobs, %s run, %s of others%n",
                    part(bean, "factory"),
                    part(bean, "name"),
                    beans.getAttribute(bean, "Server"),
                    beans.getAttribute(bean, "State"),
                    beans.getAttribute(bean, "Jobs"),
                    beans.getAttribute(bean, "RunningJobs"),
                    beans.getAttribute(bean, "OtherJobs"));
        }
    }
}
