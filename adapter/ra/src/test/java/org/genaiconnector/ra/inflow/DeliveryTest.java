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

    private final Bed bed = new Bed();
    private final LogBook log = LogBook.of(Activation.class);

    @AfterEach
    void close() throws InterruptedException {
        log.close();
        bed.close();
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
        bed.activate();

        bed.end("job", state);

        awaitCalls(1);
        assertThat(bed.bean.calls().get(0).method()).isEqualTo(method);
        JobEvent event = bed.bean.calls().get(0).event();
        assertThat(event).isEqualTo(new JobEvent("job:end", Bed.SERVER, event.tag(), Bed.ended("job", state), 1));
    }

    @Test
    void aDeliveryHasTheOrderOfTheSpecification() throws Exception {
        bed.activate();

        bed.end("job");

        Bed.eventually(() -> bed.endpoints.steps().size() == 5);
        assertThat(bed.endpoints.steps()).isEqualTo(ONE);
    }

    @Test
    void aBeanThatThrowsTwiceHearsThreeTimes() throws Exception {
        bed.bean.behave(call -> {
            if (call.event().delivery() < 3) {
                throw new IllegalStateException("not yet");
            }
        });
        bed.activate();

        bed.end("job");

        awaitSteps(15);
        assertThat(bed.endpoints.steps()).isEqualTo(times(3, ONE));
        assertThat(bed.bean.calls()).extracting(call -> call.event().id()).containsOnly("job:end");
        assertThat(bed.bean.calls()).extracting(call -> call.event().delivery()).containsExactly(1, 2, 3);
        assertThat(bed.bean.calls())
                .extracting(call -> call.event().isRedelivered())
                .containsExactly(false, true, true);
        assertThat(log.records()).isEmpty();
    }

    @Test
    void errorsAreFailuresLikeOthers() throws Exception {
        bed.bean.behave(call -> {
            if (call.event().delivery() == 1) {
                throw new NoClassDefFoundError("app/Helper");
            }
        });
        bed.activate();

        bed.end("job");

        awaitSteps(10);
        assertThat(bed.endpoints.steps()).isEqualTo(times(2, ONE));
    }

    @Test
    void aRollbackWithoutAnExceptionIsAFailure() throws Exception {
        bed.bean.behave(call -> {
            if (call.event().delivery() == 1) {
                bed.transactions.setRollbackOnly();
            }
        });
        bed.activate();

        bed.end("job");

        awaitSteps(10);
        assertThat(bed.endpoints.steps()).isEqualTo(times(2, ONE));
        assertThat(bed.bean.calls().get(1).event().isRedelivered()).isTrue();
    }

    @Test
    void aTransactionThatCannotBeCommittedIsAFailure() throws Exception {
        bed.endpoints.failAfterDelivery();
        bed.bean.behave(call -> {
            if (call.event().delivery() == 2) {
                bed.endpoints.recover();
            }
        });
        bed.activate();

        bed.end("job");

        awaitSteps(10);
        assertThat(bed.endpoints.steps()).isEqualTo(times(2, ONE));
    }

    @Test
    void withoutABeginningThereIsNoEndButARelease() throws Exception {
        bed.endpoints.failBeforeDelivery();
        bed.with(spec -> spec.setRedeliveryAttempts(0)).activate();

        bed.end("job");

        Bed.eventually(() -> !log.records().isEmpty());
        assertThat(bed.endpoints.steps()).containsExactly("create", "before onCompleted", "release");
        assertThat(log.messages()).singleElement().asString().contains("the container refused the delivery");
    }

    @Test
    @Produces(OperatorMessage.LAST_DELIVERY_FAILED)
    void isGivenUpAfterTheConfiguredAttemptsWithOneClearEntry() throws Exception {
        bed.bean.behave(call -> {
            throw new IllegalStateException("disk full");
        });
        bed.with(spec -> spec.setRedeliveryAttempts(2)).activate();

        bed.end("job", JobState.FAILED);

        Bed.eventually(() -> !log.records().isEmpty());
        assertThat(bed.bean.calls()).hasSize(3);
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
        bed.bean.behave(call -> {
            throw new IllegalStateException("no");
        });
        bed.with(spec -> spec.setRedeliveryAttempts(0)).activate();

        bed.end("job");

        Bed.eventually(() -> !log.records().isEmpty());
        assertThat(bed.bean.calls()).hasSize(1);
    }

    @Test
    void anEndIsKeptWhileTheApplicationIsDeployedAndThatIsNoAttempt() throws Exception {
        bed.endpoints.refuse(4);
        bed.with(spec -> spec.setRedeliveryAttempts(0)).activate();

        bed.end("job");

        awaitCalls(1);
        assertThat(bed.bean.calls().get(0).event().delivery()).isEqualTo(1);
        assertThat(bed.endpoints.steps().stream().filter("create"::equals)).hasSize(5);
        assertThat(log.records()).isEmpty();
    }

    @Test
    void anEndToldTwiceIsDeliveredOnce() throws Exception {
        bed.activate();

        bed.end("job");
        awaitCalls(1);
        bed.end("job");
        bed.end("other");

        awaitCalls(2);
        assertThat(bed.bean.calls()).extracting(Call::jobId).containsExactly("job", "other");
    }

    private void awaitCalls(int count) throws Exception {
        Bed.eventually(() -> bed.bean.calls().size() >= count);
    }

    private void awaitSteps(int count) throws Exception {
        Bed.eventually(() -> bed.endpoints.steps().size() >= count);
    }

    private static List<String> times(int count, List<String> steps) {
        return Stream.generate(() -> steps).limit(count).flatMap(List::stream).toList();
    }
}
