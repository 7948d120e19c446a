package org.genaiconnector.storyboard.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.beans.ConstructorProperties;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Targets as an MXBean with the adapter's operations shows them. */
class TargetsJsonTest {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final List<String> switched = new ArrayList<>();
    private ObjectName name;

    /** The operations of the adapter's MXBean. */
    public interface SomeTargetsMXBean {
        List<Row> targets();

        List<Row> limits();

        List<Row> usage();

        void switchOff(String target);

        void switchOn(String target);
    }

    /** A row of any of its tables. */
    public static final class Row {
        private final String name;

        @ConstructorProperties("name")
        public Row(String name) {
            this.name = name;
        }

        public String getName() {
            return name;
        }
    }

    private final class Some implements SomeTargetsMXBean {
        @Override
        public List<Row> targets() {
            return List.of(new Row("gpu"), new Row("openai"));
        }

        @Override
        public List<Row> limits() {
            return List.of();
        }

        @Override
        public List<Row> usage() {
            return List.of(new Row("alice"));
        }

        private void require(String target) {
            if (!target.equals("gpu")) {
                throw new IllegalArgumentException("There is no target " + target);
            }
        }

        @Override
        public void switchOff(String target) {
            require(target);
            switched.add("off " + target);
        }

        @Override
        public void switchOn(String target) {
            require(target);
            switched.add("on " + target);
        }
    }

    @BeforeEach
    void register() throws Exception {
        name = new ObjectName("org.genaiconnector:type=Targets,name=\"storyboard/llm\"");
        server.registerMBean(new StandardMBean(new Some(), SomeTargetsMXBean.class, true), name);
    }

    @AfterEach
    void unregister() throws Exception {
        server.unregisterMBean(name);
    }

    @Test
    void showsTheTablesOfEachFactory() {
        assertThat(TargetsJson.read())
                .containsExactly(Map.of(
                        "pool", "storyboard/llm",
                        "targets", List.of(Map.of("name", "gpu"), Map.of("name", "openai")),
                        "limits", List.of(),
                        "usage", List.of(Map.of("name", "alice"))));
    }

    @Test
    void switchesTargets() {
        assertThat(TargetsJson.switchTarget("gpu", false)).isTrue();
        assertThat(TargetsJson.switchTarget("gpu", true)).isTrue();
        assertThat(TargetsJson.switchTarget("other", false)).isFalse();
        assertThat(switched).containsExactly("off gpu", "on gpu");
    }
}
