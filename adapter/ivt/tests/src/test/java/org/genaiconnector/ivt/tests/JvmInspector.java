package org.genaiconnector.ivt.tests;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.genaiconnector.servers.ProcessSocket;

/** Looks into the JVM of an application server from outside, for what undeployed adapters have left there. */
final class JvmInspector implements AutoCloseable {
    /** One line for each loaded class of this name, whatever its class loader. */
    private static final Pattern ADAPTER =
            Pattern.compile("(?m)\\borg\\.genaiconnector\\.ra\\.GenAiResourceAdapter\\s*$");

    /** Packages of the code in the adapter's archive. */
    private static final List<String> PACKAGES =
            List.of("org.genaiconnector.ra.", "org.java_websocket.", "org.apache.hc.");

    private final ProcessHandle process;
    private final JMXConnector connector;
    private final MBeanServerConnection beans;

    /**
     * Of a process of the same user.
     *
     * @throws IOException if its JVM refuses
     */
    JvmInspector(ProcessHandle process) throws IOException {
        this.process = process;
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
            try {
                connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException(e);
        }
        beans = connector.getMBeanServerConnection();
    }

    /**
     * Collects garbage, and describes each thing that is left of adapters: class loaders, MBeans, threads in their code, and sockets.
     *
     * @param kept how many class loaders may be left
     * @param ports of backends; a socket to or at one of them is the adapter's
     */
    List<String> left(int kept, List<Integer> ports) throws IOException, JMException {
        proxy(ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class).gc();
        List<String> left = new ArrayList<>();
        long loaders = ADAPTER.matcher(loadedClasses()).results().count();
        if (loaders > kept) {
            left.add("class loaders of adapters: " + loaders);
        }
        beans.queryNames(new ObjectName("org.genaiconnector:*"), null).forEach(name -> left.add("MBean " + name));
        for (ThreadInfo thread :
                proxy(ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class).dumpAllThreads(false, false)) {
            Arrays.stream(thread.getStackTrace())
                    .filter(frame -> PACKAGES.stream().anyMatch(frame.getClassName()::startsWith))
                    .findFirst()
                    .ifPresent(frame -> left.add("thread " + thread.getThreadName() + " in " + frame));
        }
        ProcessSocket.of(process).stream()
                .filter(socket -> ports.contains(socket.local().getPort())
                        || ports.contains(socket.remote().getPort()))
                .forEach(socket -> left.add(socket.toString()));
        return left;
    }

    private String loadedClasses() throws IOException, JMException {
        return (String) beans.invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "vmClassloaders",
                new Object[] {new String[] {"show-classes=true"}},
                new String[] {String[].class.getName()});
    }

    /** Writes all live objects to a file, which shows what refers to what is left. */
    void dump(Path file) throws IOException {
        Files.deleteIfExists(file);
        proxy("com.sun.management:type=HotSpotDiagnostic", HotSpotDiagnosticMXBean.class)
                .dumpHeap(file.toString(), true);
    }

    private <T> T proxy(String name, Class<T> type) throws IOException {
        return ManagementFactory.newPlatformMXBeanProxy(beans, name, type);
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
