package org.genaiconnector.ra.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.StandardMBean;
import org.genaiconnector.CircuitState;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ra.DocumentSection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of figures, and what is made from it: MXBeans, their total, the table in the documentation. */
class FiguresTest {
    private final MBeanServer jmx = ManagementFactory.getPlatformMBeanServer();
    private final StatisticsRegistry registry = new StatisticsRegistry();
    private final StatisticsRecorder one = registry.recorder("one");
    private final StatisticsRecorder other = registry.recorder("other");
    private ObjectName bean;
    private ObjectName total;

    @BeforeEach
    void names() throws Exception {
        bean = new ObjectName("org.genaiconnector:type=ConnectionFactory,name=\"one\"");
        total = new ObjectName("org.genaiconnector:type=Total");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void hasTheAttributesThatTheJdkMakesOfAnInterface() throws Exception {
        ConnectionFactoryMXBean nothing = (ConnectionFactoryMXBean) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConnectionFactoryMXBean.class},
                (proxy, method, args) -> null);
        StandardMBean expected = new StandardMBean(nothing, ConnectionFactoryMXBean.class, true);

        assertThat(signatures(jmx.getMBeanInfo(bean).getAttributes()))
                .containsExactlyInAnyOrderElementsOf(
                        signatures(expected.getMBeanInfo().getAttributes()));
    }

    private static List<String> signatures(MBeanAttributeInfo[] attributes) {
        return Stream.of(attributes)
                .map(attribute -> attribute.getType() + " " + attribute.getName() + " "
                        + attribute.isReadable() + attribute.isWritable() + attribute.isIs() + " "
                        + attribute.getDescriptor().getFieldValue("openType") + " "
                        + attribute.getDescriptor().getFieldValue("originalType"))
                .toList();
    }

    @Test
    void canBeReadThroughAProxy() throws Exception {
        one.succeeded(Duration.ofMillis(30).toNanos());
        one.failed(Duration.ofMillis(10).toNanos(), FailureCategory.TLS);
        ConnectionFactoryMXBean proxy = JMX.newMXBeanProxy(jmx, bean, ConnectionFactoryMXBean.class);

        assertThat(proxy.getName()).isEqualTo("one");
        assertThat(proxy.getTotalRequests()).isEqualTo(2);
        assertThat(proxy.getAverageLatencyMillis()).isEqualTo(20);
        assertThat(proxy.getFailuresByCategory()).isEqualTo(Map.of("TLS", 1L));
        assertThat(proxy.getLatencyBuckets()).containsEntry("0.025", 1L).containsEntry("+Inf", 2L);
        assertThat(proxy.getTracking()).isTrue();
        assertThat(proxy.getCircuit()).isEqualTo("CLOSED");
        for (Method getter : ConnectionFactoryMXBean.class.getMethods()) {
            if (getter.getReturnType() != void.class) {
                assertThat(getter.invoke(proxy)).as(getter.getName()).isNotNull();
            }
        }
        proxy.reset();
        assertThat(proxy.getTotalRequests()).isZero();
    }

    @Test
    void readsManyAttributesInOneMoment() throws Exception {
        one.succeeded(1);
        AttributeList values = jmx.getAttributes(bean, new String[] {"TotalRequests", "NoSuchThing", "Name"});

        assertThat(values.asList()).containsExactly(new Attribute("TotalRequests", 1L), new Attribute("Name", "one"));
    }

    @Test
    void refusesWhatItDoesNotHave() {
        assertThatThrownBy(() -> jmx.getAttribute(bean, "NoSuchThing"))
                .isInstanceOf(AttributeNotFoundException.class)
                .hasMessageContaining("NoSuchThing");
        assertThatThrownBy(() -> jmx.setAttribute(bean, new Attribute("Retries", 0L)))
                .isInstanceOf(AttributeNotFoundException.class)
                .hasMessageContaining("read-only");
        assertThatThrownBy(() -> jmx.invoke(bean, "restart", null, null)).isInstanceOf(ReflectionException.class);
    }

    @Test
    void sumsAveragesAndTakesTheWorst() throws Exception {
        one.borrowed(Duration.ofMillis(1).toNanos());
        one.refused(Duration.ofMillis(5).toNanos());
        other.borrowed(Duration.ofMillis(9).toNanos());
        one.succeeded(Duration.ofMillis(30).toNanos());
        one.succeeded(Duration.ofMillis(30).toNanos());
        other.failed(Duration.ofMillis(90).toNanos(), FailureCategory.TLS);
        Supplier<CircuitState> open = () -> CircuitState.OPEN;
        Supplier<CircuitState> halfOpen = () -> CircuitState.HALF_OPEN;
        other.circuit(open);
        one.circuit(halfOpen);
        other.tracking(() -> false);
        ConnectionFactoryMXBean all = JMX.newMXBeanProxy(jmx, total, ConnectionFactoryMXBean.class);

        assertThat(all.getName()).isEqualTo("Total");
        assertThat(all.getBorrowedConnections()).isEqualTo(2);
        assertThat(all.getAverageWaitMillis()).isEqualTo(5);
        assertThat(all.getLongestWaitMillis()).isEqualTo(9);
        assertThat(all.getSuccessRate()).isEqualTo(2.0 / 3);
        assertThat(all.getAverageLatencyMillis()).isEqualTo(50);
        assertThat(all.getLongestLatencyMillis()).isEqualTo(90);
        assertThat(all.getLatencySumMillis()).isEqualTo(150);
        assertThat(all.getLatencyBuckets())
                .containsEntry("0.05", 2L)
                .containsEntry("0.1", 3L)
                .containsEntry("+Inf", 3L);
        assertThat(all.getFailuresByCategory()).isEqualTo(Map.of("TLS", 1L));
        assertThat(all.getTracking()).isFalse();
        assertThat(all.getCircuit()).isEqualTo("OPEN");
    }

    @Test
    void averagesNothingToNothingAndSucceedsInIt() throws Exception {
        ConnectionFactoryMXBean all = JMX.newMXBeanProxy(jmx, total, ConnectionFactoryMXBean.class);

        assertThat(all.getAverageWaitMillis()).isZero();
        assertThat(all.getSuccessRate()).isOne();
    }

    @Test
    void namesEveryAttributeAndMetricOnce() {
        List<Figure<?>> figures = figures();

        assertThat(figures.stream().map(Figure::attribute)).doesNotHaveDuplicates();
        assertThat(figures.stream().map(figure -> figure.heading().metric()).filter(metric -> !metric.isEmpty()))
                .doesNotHaveDuplicates()
                .allMatch(metric -> metric.matches("genai_[a-z0-9_]+"));
        assertThat(figures.stream().filter(figure -> figure.heading().metric().isEmpty()))
                .extracting(Figure::attribute)
                .containsExactly(
                        "Name", "Transport", "InFlightByBackend", "WaitingBySubscription", "DeadBySubscription");
    }

    /** They may have attributes of the same names as pools. */
    @Test
    void namesEveryFigureOfABackendOnce() {
        assertThat(FleetFigures.TABLE).extracting(Figure::attribute).doesNotHaveDuplicates();
        assertThat(FleetFigures.TABLE)
                .extracting(figure -> figure.heading().metric())
                .filteredOn(metric -> !metric.isEmpty())
                .doesNotHaveDuplicates()
                .allMatch(metric -> metric.matches("genai_backend_[a-z_]+"));
        assertThat(FleetFigures.TABLE)
                .filteredOn(figure -> figure.heading().metric().isEmpty())
                .extracting(Figure::attribute)
                .containsExactly("Name", "Server", "State", "Weight", "Tags", "Models");
    }

    @Test
    void isTheTableInTheDocumentation() throws Exception {
        List<String> lines =
                new ArrayList<>(List.of("| metric | attribute of the MXBean | unit | meaning |", "|---|---|---|---|"));
        figures().forEach(figure -> lines.addAll(figure.rows()));
        FleetFigures.TABLE.forEach(figure -> lines.addAll(figure.rows()));

        new DocumentSection("monitoring.md", "metrics").assertHas(lines);
    }

    /** Those of pools are compared with what an application server shows, which has no job store. */
    @ParameterizedTest
    @ValueSource(strings = {"alerts.yml", "grafana-dashboard.json"})
    void alertsAndChartsOfJobStoresUseTheNamesOfMetrics(String file) throws Exception {
        String text = Files.readString(Path.of("..", "..", "server-config", "monitoring", file));

        List<String> names = Pattern.compile("genai_(store|target|limit)_[a-z_]+")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(names)
                .isNotEmpty()
                .isSubsetOf(Stream.concat(
                                JobStoreFigures.TABLE.stream(), TargetFigures.table(List.of(), List.of()).stream())
                        .map(figure -> figure.heading().metric())
                        .toList());
    }

    private static List<Figure<?>> figures() {
        return Stream.<List<? extends Figure<?>>>of(
                        FactoryFigures.TABLE,
                        DeliveryFigures.TABLE,
                        JobStoreFigures.TABLE,
                        TargetFigures.table(List.of(), List.of()))
                .<Figure<?>>flatMap(List::stream)
                .toList();
    }
}
