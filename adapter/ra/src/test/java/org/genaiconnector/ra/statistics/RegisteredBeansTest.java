package org.genaiconnector.ra.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.MBeanRegistration;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.Test;

/** What happens when the platform's MBean server refuses something. */
class RegisteredBeansTest {
    private final MBeanServer jmx = ManagementFactory.getPlatformMBeanServer();
    private final RegisteredBeans beans = new RegisteredBeans();

    /** Management interface of a bean. */
    public interface Empty {}

    /** Refuses to be unregistered for the first time. */
    private static final class Stubborn extends StandardMBean implements Empty, MBeanRegistration {
        private boolean asked;

        Stubborn() {
            super(Empty.class, true);
        }

        @Override
        public ObjectName preRegister(MBeanServer server, ObjectName name) {
            return name;
        }

        @Override
        public void postRegister(Boolean done) {
            // nothing to do
        }

        @Override
        public void preDeregister() throws Exception {
            if (!asked) {
                asked = true;
                throw new Exception("not now");
            }
        }

        @Override
        public void postDeregister() {
            // nothing to do
        }
    }

    @Test
    @Produces(OperatorMessage.STATISTICS_NOT_REGISTERED)
    void whatCannotBeRegisteredIsReportedAndNoFailure() throws Exception {
        beans.register("type=Test", new Object());

        assertThat(jmx.isRegistered(new ObjectName("org.genaiconnector:type=Test")))
                .isFalse();
        beans.close();
    }

    @Test
    @Produces(OperatorMessage.STATISTICS_NOT_REMOVED)
    void whatCannotBeUnregisteredIsReportedAndNoFailure() throws Exception {
        ObjectName name = new ObjectName("org.genaiconnector:type=Stubborn");
        beans.register("type=Stubborn", new Stubborn());

        beans.close();

        assertThat(jmx.isRegistered(name)).isTrue();
        jmx.unregisterMBean(name);
    }
}
