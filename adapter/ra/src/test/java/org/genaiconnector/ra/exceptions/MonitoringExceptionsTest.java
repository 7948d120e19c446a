package org.genaiconnector.ra.exceptions;

import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What management tools get that ask the MXBean of a pool for what it does not have. */
class MonitoringExceptionsTest {
    private static final String NAMES = "Use one of the names that [monitoring.md](monitoring.md) lists.";

    @FunctionalInterface
    private interface Use {
        void of(MBeanServer jmx, ObjectName bean) throws Exception;
    }

    static List<ExceptionExample> examples() {
        return List.of(
                ExceptionExample.of(
                        AttributeNotFoundException.class,
                        "Connections is no attribute of this MXBean",
                        NAMES,
                        pool((jmx, bean) -> jmx.getAttribute(bean, "Connections"))),
                ExceptionExample.of(
                        AttributeNotFoundException.class,
                        "TotalConnections is read-only",
                        "Figures cannot be set; the operation `reset` begins counting from zero.",
                        pool((jmx, bean) -> jmx.setAttribute(bean, new Attribute("TotalConnections", 0L)))),
                ExceptionExample.of(
                        ReflectionException.class,
                        "This MXBean has no such operation",
                        "The only operation is `reset`, which takes no parameter.",
                        pool((jmx, bean) -> jmx.invoke(bean, "restart", null, null))));
    }

    /** Uses the MXBean of a pool. */
    private static ThrowingCallable pool(Use use) {
        return () -> {
            GenAiResourceAdapter adapter = new GenAiResourceAdapter();
            adapter.start(new TestContainer());
            try {
                LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
                pool.setResourceAdapter(adapter);
                pool.setServerUrl("http://127.0.0.1:1");
                pool.setPoolName("asked");
                pool.setProbeOnCreate(false);
                pool.createManagedConnection(null, null);
                use.of(
                        ManagementFactory.getPlatformMBeanServer(),
                        new ObjectName("org.genaiconnector:type=ConnectionFactory,name=\"asked\""));
            } finally {
                adapter.stop();
            }
        };
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isThrown(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws Exception {
        ExceptionExample.assertDocumented("monitoring", examples());
    }
}
