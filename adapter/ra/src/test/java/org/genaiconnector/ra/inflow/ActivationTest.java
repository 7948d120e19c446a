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
import org.genaiconnector.ra.connection.Bench;
import org.genaiconnector.ra.inflow.TestBean.Call;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Activation and deactivation of beans, and what becomes of ends meanwhile. */
class ActivationTest {
    private final Bed bed = new Bed();
    private final LogBook log = LogBook.of(Activation.class);

    @AfterEach
    void close() throws InterruptedException {
        log.close();
        bed.close();
    }

    @Test
    void activationSendsOneWorkAndMakesNoEndpoint() throws Exception {
        bed.activate();

        assertThat(bed.container.works()).isEqualTo(1);
        assertThat(bed.endpoints.steps()).isEmpty();
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

        assertThatThrownBy(() -> bed.adapter.endpointActivation(bed.endpoints, foreign))
                .isInstanceOf(NotSupportedException.class);
    }

    @Test
    void aWrongConfigurationIsRefusedAlthoughTheContainerDidNotAsk() {
        bed.spec.setMaxConcurrency(0);

        assertThatThrownBy(bed::activate)
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessageContaining("maxConcurrency");
        assertThat(bed.container.works()).isZero();
    }

    @Test
    void nothingIsActivatedInAnAdapterThatDoesNotRun() {
        GenAiResourceAdapter idle = new GenAiResourceAdapter();

        assertThatThrownBy(() -> idle.endpointActivation(bed.endpoints, bed.spec))
                .isInstanceOf(WorkException.class);
        idle.stop();
    }

    @Test
    void endsFromBeforeTheActivationAreHeard() throws Exception {
        bed.end("job");

        bed.activate();

        awaitCalls(bed.bean, 1);
        assertThat(bed.bean.calls()).extracting(Call::jobId).containsExactly("job");
    }

    @Test
    void everyActivationIsSeparateEvenWithTheSameSpec() throws Exception {
        TestBean other = new TestBean();
        TestEndpoints others = new TestEndpoints(other, bed.transactions);
        bed.activate();
        bed.adapter.endpointActivation(others, bed.spec);
        bed.adapter.endpointActivation(bed.endpoints, new ComfyUiActivationSpec());
        Bed.eventually(() -> bed.container.waiting() == 3);

        bed.end("job");
        Bed.eventually(() -> bed.bean.calls().size() == 2 && other.calls().size() == 1);
        bed.deactivate();
        bed.end("next");

        Bed.eventually(() -> bed.bean.calls().size() == 3 && other.calls().size() == 2);
        assertThat(others.violations()).isEmpty();
    }

    @Test
    void deactivatingTwiceOrWhatIsNotActiveIsNothing() throws Exception {
        bed.deactivate();
        bed.activate();

        bed.deactivate();
        bed.deactivate();

        assertThat(bed.container.awaitIdle(60_000)).isTrue();
    }

    @Test
    void deactivationUnderLoadLosesNothingAndTellsNothingTwice() throws Exception {
        bed.bean.hold("0", "1", "2");
        bed.activate();
        for (int i = 0; i < 200; i++) {
            bed.end(String.valueOf(i));
        }
        Bed.eventually(() -> bed.bean.calls().size() >= 20);

        Future<?> deactivation = Bench.begin(() -> {
            bed.deactivate();
            return null;
        });
        Bed.eventually(() -> bed.container.running() == 3); // one for each of the jobs that are held
        assertThat(deactivation).isNotDone();
        bed.bean.letGo();
        Bench.end(deactivation);
        int heard = bed.bean.calls().size();
        bed.end("200");

        TestBean next = new TestBean();
        TestEndpoints nextEndpoints = new TestEndpoints(next, bed.transactions);
        bed.adapter.endpointActivation(nextEndpoints, new ComfyUiActivationSpec());

        awaitCalls(next, 201 - heard);
        assertThat(bed.bean.calls()).hasSize(heard);
        Set<String> all = new HashSet<>();
        bed.bean.calls().forEach(call -> assertThat(all.add(call.jobId())).isTrue());
        next.calls().forEach(call -> assertThat(all.add(call.jobId())).isTrue());
        assertThat(all).hasSize(201);
        assertThat(next.calls())
                .extracting(call -> call.event().isRedelivered())
                .containsOnly(false);
        assertThat(nextEndpoints.violations()).isEmpty();
    }

    @Test
    void anEndThatFailsDuringTheDeactivationIsToldToTheNextAsARedelivery() throws Exception {
        bed.bean.hold("job");
        bed.bean.behave(call -> {
            throw new IllegalStateException("the application is gone");
        });
        bed.with(spec -> spec.setRedeliveryDelayMillis(600_000)).activate();
        bed.end("job");
        awaitCalls(bed.bean, 1);
        Future<?> deactivation = Bench.begin(() -> {
            bed.deactivate();
            return null;
        });
        bed.bean.letGo();
        Bench.end(deactivation);

        TestBean next = new TestBean();
        bed.adapter.endpointActivation(new TestEndpoints(next, bed.transactions), new ComfyUiActivationSpec());

        awaitCalls(next, 1);
        assertThat(next.calls().get(0).event().delivery()).isEqualTo(2);
    }

    @Test
    void anEndThatAnotherBeanHasHadDoesNotComeToItAgain() throws Exception {
        TestBean other = new TestBean();
        bed.adapter.endpointActivation(new TestEndpoints(other, bed.transactions), new ComfyUiActivationSpec());
        bed.bean.behave(call -> {
            throw new IllegalStateException("later");
        });
        bed.with(spec -> spec.setRedeliveryDelayMillis(600_000)).activate();
        Bed.eventually(() -> bed.container.waiting() == 2);
        bed.end("job");
        Bed.eventually(() -> bed.bean.calls().size() == 1 && other.calls().size() == 1);
        bed.deactivate();

        TestBean next = new TestBean();
        bed.adapter.endpointActivation(new TestEndpoints(next, bed.transactions), new ComfyUiActivationSpec());

        awaitCalls(next, 1);
        assertThat(next.calls().get(0).event().isRedelivered()).isTrue();
        bed.end("last");
        awaitCalls(other, 2);
        assertThat(other.calls()).extracting(Call::jobId).containsExactly("job", "last");
    }

    @Test
    @Produces(OperatorMessage.BEAN_STILL_BUSY)
    void deactivationDoesNotWaitForeverForABeanThatHangs() throws Exception {
        Activations activations = new Activations(bed.adapter, bed.transactions, Duration.ofMillis(50));
        activations.activate(bed.endpoints, bed.spec);
        bed.bean.hold("job");
        bed.end("job");
        awaitCalls(bed.bean, 1);

        activations.deactivate(bed.endpoints, bed.spec);

        assertThat(log.messages()).singleElement().asString().contains("still busy", TestBean.class.getName());
        assertThat(bed.bean.calls()).hasSize(1);
    }

    @Test
    void aStopOfTheAdapterEndsAllAndAfterAStartBeansCanBeActivatedAgain() throws Exception {
        bed.activate();
        bed.adapter.endpointActivation(new TestEndpoints(new TestBean(), null), new ComfyUiActivationSpec());

        bed.adapter.stop();
        assertThat(bed.container.awaitIdle(60_000)).isTrue();
        bed.deactivate(); // what Payara does afterwards
        bed.adapter.start(bed.container);
        bed.activate();
        bed.end("job");

        awaitCalls(bed.bean, 1);
    }

    @Test
    void specsAreEqualByIdentity() {
        assertThat(new ComfyUiActivationSpec()).isNotEqualTo(new ComfyUiActivationSpec());
        assertThat(List.of(bed.spec)).contains(bed.spec);
    }

    private static void awaitCalls(TestBean bean, int count) throws Exception {
        Bed.eventually(() -> bean.calls().size() >= count);
    }

    @Test
    @Produces(OperatorMessage.NO_FURTHER_THREAD)
    void aThreadThatCannotBeMadeTakesNoPlaceOfAnother() throws Exception {
        AtomicInteger failures = new AtomicInteger(1);
        bed.with(spec -> spec.setMaxConcurrency(2)).listen();
        bed.adapter.start(new TestContainer(bed.transactions) {
            @Override
            public void scheduleWork(Work work, long timeout, ExecutionContext context, WorkListener listener)
                    throws WorkException {
                if (failures.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                super.scheduleWork(work, timeout, context, listener);
            }
        });
        bed.bean.hold("a");
        bed.end("a");
        Bed.eventually(() -> bed.bean.calls("a").size() == 1);
        bed.end("b"); // for which there is no thread
        bed.end("c");
        Bed.eventually(() -> failures.get() < 0);
        Bed.eventually(() -> bed.bean.calls("b").size() == 1);
        assertThat(bed.bean.calls("b").get(0).event().delivery()).isEqualTo(1);
        bed.bean.letGo();
    }
}
