package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.inflow.TestBean.Call;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which events a bean receives, and which ones are dropped. */
class EventSelectionTest {
    private static final int LONG = 600_000;

    private final TestInflow inflow = new TestInflow();
    private final CapturedLog log = CapturedLog.of(EventDelivery.class);

    @AfterEach
    void close() throws InterruptedException {
        log.close();
        inflow.close();
    }

    @Test
    void progressIsDeliveredOnlyIfSelected() throws Exception {
        inflow.listen();

        inflow.progress("job", 1);
        inflow.end("job");

        awaitCalls(1);
        assertThat(inflow.bean.calls()).extracting(Call::method).containsExactly("onCompleted");
    }

    @Test
    void endsAreDeliveredOnlyIfSelected() throws Exception {
        inflow.with(spec -> spec.setEvents("progress")).listen();

        inflow.end("job");
        inflow.progress("other", 1);

        awaitCalls(1);
        assertThat(inflow.bean.calls()).extracting(Call::method).containsExactly("onProgress");
    }

    @Test
    void theLatestProgressWins() throws Exception {
        inflow.with(spec -> spec.setProgressMillis(0))
                .with(EventSelectionTest::everything)
                .listen();
        inflow.bean.hold("job");
        inflow.progress("job", 1);
        awaitCalls(1);

        for (int value = 2; value <= 100; value++) {
            inflow.progress("job", value);
        }
        inflow.bean.letGo();

        awaitCalls(2);
        assertThat(inflow.bean.calls()).extracting(Call::value).containsExactly(1, 100);
    }

    @Test
    void progressOfAJobIsThrottledButNotThatOfOthers() throws Exception {
        inflow.with(spec -> spec.setProgressMillis(LONG))
                .with(EventSelectionTest::everything)
                .listen();

        inflow.progress("job", 1);
        awaitCalls(1);
        inflow.progress("job", 2);
        inflow.progress("other", 3);

        awaitCalls(2);
        assertThat(inflow.bean.calls()).extracting(Call::value).containsExactly(1, 3);
    }

    @Test
    void throttledProgressComesWhenItsTimeHasCome() throws Exception {
        inflow.with(spec -> spec.setProgressMillis(300))
                .with(EventSelectionTest::everything)
                .listen();

        long start = System.nanoTime();
        inflow.progress("job", 1);
        awaitCalls(1);
        inflow.progress("job", 2);

        awaitCalls(2);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void anEndDoesNotWaitAndSupersedesWaitingProgress() throws Exception {
        inflow.with(spec -> spec.setProgressMillis(LONG))
                .with(EventSelectionTest::everything)
                .listen();
        inflow.progress("job", 1);
        awaitCalls(1);

        inflow.progress("job", 2);
        inflow.end("job", JobState.LOST);

        awaitCalls(2);
        assertThat(inflow.bean.calls()).extracting(Call::method).containsExactly("onProgress", "onLost");
    }

    @Test
    void anEndComesAfterTheProgressUnderWayAndNothingAfterIt() throws Exception {
        inflow.with(spec -> spec.setProgressMillis(0))
                .with(EventSelectionTest::everything)
                .listen();
        inflow.bean.hold("job");
        inflow.progress("job", 1);
        awaitCalls(1);

        inflow.end("job");
        inflow.progress("job", 2);
        inflow.end("other");
        TestInflow.eventually(() -> !inflow.bean.calls("other").isEmpty());
        assertThat(inflow.bean.calls("job")).hasSize(1);
        inflow.bean.letGo();

        TestInflow.eventually(() -> inflow.bean.calls("job").size() == 2);
        inflow.progress("job", 3);
        inflow.end("last");
        TestInflow.eventually(() -> !inflow.bean.calls("last").isEmpty());
        assertThat(inflow.bean.calls("job")).extracting(Call::method).containsExactly("onProgress", "onCompleted");
    }

    @Test
    @Produces(OperatorMessage.DELIVERY_FAILED)
    void failedProgressIsNotRepeatedAndWarnedOfOnce() throws Exception {
        inflow.bean.behave(call -> {
            throw new IllegalStateException("I do not care");
        });
        inflow.with(spec -> spec.setEvents("PROGRESS")).listen();

        inflow.progress("one", 1);
        inflow.progress("two", 2);

        awaitCalls(2);
        inflow.deactivate();
        assertThat(inflow.bean.calls()).hasSize(2);
        assertThat(log.messages()).singleElement().asString().contains("I do not care", "It is not repeated");
    }

    @Test
    void theLatestPreviewWinsAndProgressDoesNotReplaceIt() throws Exception {
        Activation activation = start();
        inflow.bean.hold("job");
        activation.onPreview(TestInflow.preview("job", 1));
        awaitCalls(1);

        activation.onPreview(TestInflow.preview("job", 2));
        activation.onPreview(TestInflow.preview("job", 3));
        inflow.progress("job", 7);
        inflow.bean.letGo();

        awaitCalls(3);
        assertThat(inflow.bean.calls().get(1).value()).isEqualTo(7);
        assertThat(inflow.bean.calls().get(2).picture()).isEqualTo(3);
        activation.stop();
    }

    @Test
    void aPreviewThatComesAfterTheEndIsDropped() throws Exception {
        Activation activation = start();
        inflow.end("job");
        awaitCalls(1);

        activation.onPreview(TestInflow.preview("job", 1));
        activation.onPreview(TestInflow.preview("other", 2));

        awaitCalls(2);
        assertThat(inflow.bean.calls()).extracting(Call::jobId).containsExactly("job", "other");
        activation.stop();
    }

    private Activation start() throws Exception {
        inflow.with(spec -> spec.setProgressMillis(0)).with(EventSelectionTest::everything);
        Activation activation = inflow.activation();
        activation.start();
        TestInflow.eventually(() -> inflow.container.waiting() == 1);
        return activation;
    }

    @Test
    void aTagChoosesJobs() throws Exception {
        inflow.with(spec -> spec.setTag("story")).with(EventSelectionTest::everything);
        EventFilter filter = inflow.spec.filter();

        assertThat(filter.selects(tagged("story"))).isTrue();
        assertThat(filter.selects(tagged("portrait"))).isFalse();
        assertThat(filter.selects(TestInflow.update(TestInflow.running("job", 1))))
                .isFalse();
        assertThat(filter.selects(TestInflow.preview("job", 1))).isFalse();
    }

    @Test
    void aServerChoosesJobs() throws Exception {
        inflow.with(spec -> spec.setServerUrl("http://127.0.0.1:8188/")).with(EventSelectionTest::everything);
        EventFilter filter = inflow.spec.filter();
        JobPreview here = TestInflow.preview("job", 1);

        assertThat(filter.selects(TestInflow.update(TestInflow.running("job", 1))))
                .isTrue();
        assertThat(filter.selects(here)).isTrue();
        URI elsewhere = URI.create("http://127.0.0.1:8189");
        assertThat(filter.selects(new JobUpdate(elsewhere, Optional.empty(), true, TestInflow.running("job", 1))))
                .isFalse();
        assertThat(filter.selects(
                        new JobPreview("job", elsewhere, here.tag(), here.node(), here.mediaType(), here.image())))
                .isFalse();
    }

    @Test
    void jobsOfOtherClientsAreSelectedOnlyByScopeAll() throws Exception {
        JobUpdate foreign =
                new JobUpdate(TestInflow.SERVER, Optional.empty(), false, TestInflow.ended("job", JobState.COMPLETED));

        assertThat(inflow.spec.filter().selects(foreign)).isFalse();
        inflow.with(spec -> spec.setJobs("ALL")).with(spec -> spec.setServerUrl(TestInflow.SERVER.toString()));
        assertThat(inflow.spec.filter().selects(foreign)).isTrue();
        assertThat(inflow.spec.filter().selects(TestInflow.update(TestInflow.ended("own", JobState.FAILED))))
                .isTrue();
    }

    private static JobUpdate tagged(String tag) {
        return new JobUpdate(TestInflow.SERVER, Optional.of(tag), true, TestInflow.ended("job", JobState.COMPLETED));
    }

    private static void everything(ComfyUiActivationSpec spec) {
        spec.setEvents("ENDS, PROGRESS, PREVIEW");
    }

    private void awaitCalls(int count) throws Exception {
        TestInflow.eventually(() -> inflow.bean.calls().size() >= count);
    }
}
