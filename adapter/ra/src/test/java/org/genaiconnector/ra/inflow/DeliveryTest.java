package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ejb.EJBException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.inflow.TestBean.Call;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One delivery after another: in which order, how often, and what ends it. */
class DeliveryTest {
    private static final List<String> ONE = List.of("create", "before onCompleted", "onCompleted", "after", "release");

    private final TestInflow inflow = new TestInflow();
    private final CapturedLog log = CapturedLog.of(EventDelivery.class);

    @AfterEach
    void close() throws InterruptedException {
        log.close();
        inflow.close();
    }

    @ParameterizedTest
    @CsvSource({
        "COMPLETED, onCompleted",
        "FAILED, onFailed",
        "CANCELLED, onCancelled",
        "REJECTED, onRejected",
        "LOST, onLost"
    })
    void eachEndHasItsMethod(JobState state, String method) throws Exception {
        inflow.activate();

        inflow.end("job", state);

        awaitCalls(1);
        assertThat(inflow.bean.calls().get(0).method()).isEqualTo(method);
        JobEvent event = inflow.bean.calls().get(0).event();
        assertThat(event)
                .isEqualTo(new JobEvent("job:end", TestInflow.SERVER, event.tag(), TestInflow.ended("job", state), 1));
    }

    @Test
    void aDeliveryHasTheOrderOfTheSpecification() throws Exception {
        inflow.activate();

        inflow.end("job");

        TestInflow.eventually(() -> inflow.endpoints.steps().size() == 5);
        assertThat(inflow.endpoints.steps()).isEqualTo(ONE);
    }

    @Test
    void aBeanThatThrowsTwiceGetsThreeDeliveries() throws Exception {
        inflow.bean.behave(call -> {
            if (call.event().delivery() < 3) {
                throw new IllegalStateException("not yet");
            }
        });
        inflow.activate();

        inflow.end("job");

        awaitSteps(15);
        assertThat(inflow.endpoints.steps()).isEqualTo(times(3, ONE));
        assertThat(inflow.bean.calls()).extracting(call -> call.event().id()).containsOnly("job:end");
        assertThat(inflow.bean.calls())
                .extracting(call -> call.event().delivery())
                .containsExactly(1, 2, 3);
        assertThat(inflow.bean.calls())
                .extracting(call -> call.event().isRedelivered())
                .containsExactly(false, true, true);
        assertThat(log.records()).isEmpty();
    }

    @Test
    void errorsAreFailuresLikeOthers() throws Exception {
        inflow.bean.behave(call -> {
            if (call.event().delivery() == 1) {
                throw new NoClassDefFoundError("app/Helper");
            }
        });
        inflow.activate();

        inflow.end("job");

        awaitSteps(10);
        assertThat(inflow.endpoints.steps()).isEqualTo(times(2, ONE));
    }

    @Test
    void aRollbackWithoutAnExceptionIsAFailure() throws Exception {
        inflow.bean.behave(call -> {
            if (call.event().delivery() == 1) {
                inflow.transactions.setRollbackOnly();
            }
        });
        inflow.activate();

        inflow.end("job");

        awaitSteps(10);
        assertThat(inflow.endpoints.steps()).isEqualTo(times(2, ONE));
        assertThat(inflow.bean.calls().get(1).event().isRedelivered()).isTrue();
    }

    @Test
    void aTransactionThatCannotBeCommittedIsAFailure() throws Exception {
        inflow.endpoints.failAfterDelivery();
        inflow.bean.behave(call -> {
            if (call.event().delivery() == 2) {
                inflow.endpoints.recover();
            }
        });
        inflow.activate();

        inflow.end("job");

        awaitSteps(10);
        assertThat(inflow.endpoints.steps()).isEqualTo(times(2, ONE));
    }

    @Test
    void withoutABeginningThereIsNoEndButARelease() throws Exception {
        inflow.endpoints.failBeforeDelivery();
        inflow.with(spec -> spec.setRedeliveryAttempts(0)).activate();

        inflow.end("job");

        TestInflow.eventually(() -> !log.records().isEmpty());
        assertThat(inflow.endpoints.steps()).containsExactly("create", "before onCompleted", "release");
        assertThat(log.messages()).singleElement().asString().contains("the application server refused the delivery");
    }

    @Test
    @Produces(OperatorMessage.LAST_DELIVERY_FAILED)
    void isGivenUpAfterTheConfiguredAttemptsWithOneClearEntry() throws Exception {
        inflow.bean.behave(call -> {
            throw new IllegalStateException("disk full");
        });
        inflow.with(spec -> spec.setRedeliveryAttempts(2)).activate();

        inflow.end("job", JobState.FAILED);

        TestInflow.eventually(() -> !log.records().isEmpty());
        assertThat(inflow.bean.calls()).hasSize(3);
        assertThat(log.records()).singleElement().satisfies(entry -> {
            assertThat(entry.getLevel()).isEqualTo(Level.SEVERE);
            assertThat(entry.getThrown()).hasRootCauseMessage("disk full").hasCauseInstanceOf(EJBException.class);
        });
        assertThat(log.messages())
                .singleElement()
                .asString()
                .contains(
                        "job job on http://127.0.0.1:8188",
                        "FAILED, event job:end",
                        "disk full",
                        "delivery 3, the last one",
                        TestBean.class.getName());
        MBeanServer jmx = ManagementFactory.getPlatformMBeanServer();
        ObjectName figures = new ObjectName("org.genaiconnector:type=Deliveries");
        assertThat(jmx.getAttribute(figures, "GivenUp")).isEqualTo(1L);
        assertThat(jmx.getAttribute(figures, "Failed")).isEqualTo(3L);
        assertThat(jmx.getAttribute(figures, "Delivered")).isEqualTo(0L);
    }

    @Test
    void zeroAttemptsMeanNoRedelivery() throws Exception {
        inflow.bean.behave(call -> {
            throw new IllegalStateException("no");
        });
        inflow.with(spec -> spec.setRedeliveryAttempts(0)).activate();

        inflow.end("job");

        TestInflow.eventually(() -> !log.records().isEmpty());
        assertThat(inflow.bean.calls()).hasSize(1);
    }

    @Test
    void anEndIsKeptWhileTheApplicationIsDeployedAndThatIsNoAttempt() throws Exception {
        inflow.endpoints.refuse(4);
        inflow.with(spec -> spec.setRedeliveryAttempts(0)).activate();

        inflow.end("job");

        awaitCalls(1);
        assertThat(inflow.bean.calls().get(0).event().delivery()).isEqualTo(1);
        assertThat(inflow.endpoints.steps().stream().filter("create"::equals)).hasSize(5);
        assertThat(log.records()).isEmpty();
    }

    @Test
    void anEndReportedTwiceIsDeliveredOnce() throws Exception {
        inflow.activate();

        inflow.end("job");
        awaitCalls(1);
        inflow.end("job");
        inflow.end("other");

        awaitCalls(2);
        assertThat(inflow.bean.calls()).extracting(Call::jobId).containsExactly("job", "other");
    }

    private void awaitCalls(int count) throws Exception {
        TestInflow.eventually(() -> inflow.bean.calls().size() >= count);
    }

    private void awaitSteps(int count) throws Exception {
        TestInflow.eventually(() -> inflow.endpoints.steps().size() >= count);
    }

    private static List<String> times(int count, List<String> steps) {
        return Stream.generate(() -> steps).limit(count).flatMap(List::stream).toList();
    }
}
