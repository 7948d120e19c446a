package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.NotSupportedException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkListener;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.connection.TestConnections;
import org.genaiconnector.ra.inflow.TestBean.Call;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Activation and deactivation of beans, and what becomes of ends meanwhile. */
class ActivationTest {
    private final TestInflow inflow = new TestInflow();
    private final CapturedLog log = CapturedLog.of(EventDelivery.class);

    @AfterEach
    void close() throws InterruptedException {
        log.close();
        inflow.close();
    }

    @Test
    void activationSendsOneWorkAndMakesNoEndpoint() throws Exception {
        inflow.activate();

        assertThat(inflow.container.works()).isEqualTo(1);
        assertThat(inflow.endpoints.steps()).isEmpty();
    }

    @Test
    void aForeignActivationSpecIsNotSupported() {
        ActivationSpec foreign = new ActivationSpec() {
            @Override
            public void validate() {
                // anything goes
            }

            @Override
            public ResourceAdapter getResourceAdapter() {
                return null;
            }

            @Override
            public void setResourceAdapter(ResourceAdapter adapter) {
                // not ours
            }
        };

        assertThatThrownBy(() -> inflow.adapter.endpointActivation(inflow.endpoints, foreign))
                .isInstanceOf(NotSupportedException.class);
    }

    @Test
    void aWrongConfigurationIsRefusedAlthoughTheContainerDidNotAsk() {
        inflow.spec.setMaxConcurrency(0);

        assertThatThrownBy(inflow::activate)
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessageContaining("maxConcurrency");
        assertThat(inflow.container.works()).isZero();
    }

    @Test
    void nothingIsActivatedInAnAdapterThatDoesNotRun() {
        GenAiResourceAdapter idle = new GenAiResourceAdapter();

        assertThatThrownBy(() -> idle.endpointActivation(inflow.endpoints, inflow.spec))
                .isInstanceOf(WorkException.class);
        idle.stop();
    }

    @Test
    void endsFromBeforeTheActivationAreDelivered() throws Exception {
        inflow.end("job");

        inflow.activate();

        awaitCalls(inflow.bean, 1);
        assertThat(inflow.bean.calls()).extracting(Call::jobId).containsExactly("job");
    }

    @Test
    void everyActivationIsSeparateEvenWithTheSameSpec() throws Exception {
        TestBean other = new TestBean();
        TestEndpoints others = new TestEndpoints(other, inflow.transactions);
        inflow.activate();
        inflow.adapter.endpointActivation(others, inflow.spec);
        inflow.adapter.endpointActivation(inflow.endpoints, new ComfyUiActivationSpec());
        TestInflow.eventually(() -> inflow.container.waiting() == 3);

        inflow.end("job");
        TestInflow.eventually(
                () -> inflow.bean.calls().size() == 2 && other.calls().size() == 1);
        inflow.deactivate();
        inflow.end("next");

        TestInflow.eventually(
                () -> inflow.bean.calls().size() == 3 && other.calls().size() == 2);
        TestInflow.eventually(() -> others.violations().isEmpty());
    }

    @Test
    void deactivatingTwiceOrWhatIsNotActiveIsNothing() throws Exception {
        inflow.deactivate();
        inflow.activate();

        inflow.deactivate();
        inflow.deactivate();

        assertThat(inflow.container.awaitIdle(60_000)).isTrue();
    }

    @Test
    void deactivationUnderLoadLosesNothingAndTellsNothingTwice() throws Exception {
        inflow.bean.hold("0", "1", "2");
        inflow.activate();
        for (int i = 0; i < 200; i++) {
            inflow.end(String.valueOf(i));
        }
        TestInflow.eventually(() -> inflow.bean.calls().size() >= 20);

        Future<?> deactivation = TestConnections.begin(() -> {
            inflow.deactivate();
            return null;
        });
        TestInflow.eventually(() -> inflow.container.running() == 3); // one for each of the jobs that are held
        assertThat(deactivation).isNotDone();
        inflow.bean.letGo();
        TestConnections.end(deactivation);
        int received = inflow.bean.calls().size();
        inflow.end("200");

        TestBean next = new TestBean();
        TestEndpoints nextEndpoints = new TestEndpoints(next, inflow.transactions);
        inflow.adapter.endpointActivation(nextEndpoints, new ComfyUiActivationSpec());

        awaitCalls(next, 201 - received);
        assertThat(inflow.bean.calls()).hasSize(received);
        Set<String> all = new HashSet<>();
        inflow.bean.calls().forEach(call -> assertThat(all.add(call.jobId())).isTrue());
        next.calls().forEach(call -> assertThat(all.add(call.jobId())).isTrue());
        assertThat(all).hasSize(201);
        assertThat(next.calls())
                .extracting(call -> call.event().isRedelivered())
                .containsOnly(false);
        // the last endpoint is released after its call
        TestInflow.eventually(() -> nextEndpoints.violations().isEmpty());
    }

    @Test
    void anEndThatFailsDuringTheDeactivationIsRedeliveredToTheNextBean() throws Exception {
        inflow.bean.hold("job");
        inflow.bean.behave(call -> {
            throw new IllegalStateException("the application is gone");
        });
        inflow.with(spec -> spec.setRedeliveryDelayMillis(600_000)).activate();
        inflow.end("job");
        awaitCalls(inflow.bean, 1);
        Future<?> deactivation = TestConnections.begin(() -> {
            inflow.deactivate();
            return null;
        });
        inflow.bean.letGo();
        TestConnections.end(deactivation);

        TestBean next = new TestBean();
        inflow.adapter.endpointActivation(new TestEndpoints(next, inflow.transactions), new ComfyUiActivationSpec());

        awaitCalls(next, 1);
        assertThat(next.calls().get(0).event().delivery()).isEqualTo(2);
    }

    @Test
    void anEndThatAnotherBeanHasHadDoesNotComeToItAgain() throws Exception {
        TestBean other = new TestBean();
        inflow.adapter.endpointActivation(new TestEndpoints(other, inflow.transactions), new ComfyUiActivationSpec());
        inflow.bean.behave(call -> {
            throw new IllegalStateException("later");
        });
        inflow.with(spec -> spec.setRedeliveryDelayMillis(600_000)).activate();
        TestInflow.eventually(() -> inflow.container.waiting() == 2);
        inflow.end("job");
        TestInflow.eventually(
                () -> inflow.bean.calls().size() == 1 && other.calls().size() == 1);
        inflow.deactivate();

        TestBean next = new TestBean();
        inflow.adapter.endpointActivation(new TestEndpoints(next, inflow.transactions), new ComfyUiActivationSpec());

        awaitCalls(next, 1);
        assertThat(next.calls().get(0).event().isRedelivered()).isTrue();
        inflow.end("last");
        awaitCalls(other, 2);
        assertThat(other.calls()).extracting(Call::jobId).containsExactly("job", "last");
    }

    @Test
    @Produces(OperatorMessage.BEAN_STILL_BUSY)
    void deactivationDoesNotWaitForeverForABeanThatHangs() throws Exception {
        Activations activations = new Activations(inflow.adapter, inflow.transactions, Duration.ofMillis(50));
        activations.activate(inflow.endpoints, inflow.spec);
        inflow.bean.hold("job");
        inflow.end("job");
        awaitCalls(inflow.bean, 1);

        activations.deactivate(inflow.endpoints, inflow.spec);

        assertThat(log.messages()).singleElement().asString().contains("still busy", TestBean.class.getName());
        assertThat(inflow.bean.calls()).hasSize(1);
    }

    @Test
    void aStopOfTheAdapterEndsAllAndAfterAStartBeansCanBeActivatedAgain() throws Exception {
        inflow.activate();
        inflow.adapter.endpointActivation(new TestEndpoints(new TestBean(), null), new ComfyUiActivationSpec());

        inflow.adapter.stop();
        assertThat(inflow.container.awaitIdle(60_000)).isTrue();
        inflow.deactivate(); // what Payara does afterwards
        inflow.adapter.start(inflow.container);
        inflow.activate();
        inflow.end("job");

        awaitCalls(inflow.bean, 1);
    }

    @Test
    void specsAreEqualByIdentity() {
        assertThat(new ComfyUiActivationSpec()).isNotEqualTo(new ComfyUiActivationSpec());
        assertThat(List.of(inflow.spec)).contains(inflow.spec);
    }

    private static void awaitCalls(TestBean bean, int count) throws Exception {
        TestInflow.eventually(() -> bean.calls().size() >= count);
    }

    @Test
    @Produces(OperatorMessage.NO_FURTHER_THREAD)
    void aThreadThatCannotBeMadeTakesNoPlaceOfAnother() throws Exception {
        AtomicInteger failures = new AtomicInteger(1);
        inflow.with(spec -> spec.setMaxConcurrency(2)).listen();
        inflow.adapter.start(new TestContainer(inflow.transactions) {
            @Override
            public void scheduleWork(Work work, long timeout, ExecutionContext context, WorkListener listener)
                    throws WorkException {
                if (failures.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                super.scheduleWork(work, timeout, context, listener);
            }
        });
        inflow.bean.hold("a");
        inflow.end("a");
        TestInflow.eventually(() -> inflow.bean.calls("a").size() == 1);
        inflow.end("b"); // for which there is no thread
        inflow.end("c");
        TestInflow.eventually(() -> failures.get() < 0);
        TestInflow.eventually(() -> inflow.bean.calls("b").size() == 1);
        assertThat(inflow.bean.calls("b").get(0).event().delivery()).isEqualTo(1);
        inflow.bean.letGo();
    }
}
