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

/** Which jobs and events a bean hears of, and what is left out. */
class NewsTest {
    private static final int LONG = 600_000;

    private final Bed bed = new Bed();
    private final LogBook log = LogBook.of(Activation.class);

    @AfterEach
    void close() throws InterruptedException {
        log.close();
        bed.close();
    }

    @Test
    void progressIsHeardOnlyWhereItIsWanted() throws Exception {
        bed.listen();

        bed.progress("job", 1);
        bed.end("job");

        awaitCalls(1);
        assertThat(bed.bean.calls()).extracting(Call::method).containsExactly("onCompleted");
    }

    @Test
    void endsAreHeardOnlyWhereTheyAreWanted() throws Exception {
        bed.with(spec -> spec.setEvents("progress")).listen();

        bed.end("job");
        bed.progress("other", 1);

        awaitCalls(1);
        assertThat(bed.bean.calls()).extracting(Call::method).containsExactly("onProgress");
    }

    @Test
    void theLatestProgressWins() throws Exception {
        bed.with(spec -> spec.setProgressMillis(0)).with(NewsTest::everything).listen();
        bed.bean.hold("job");
        bed.progress("job", 1);
        awaitCalls(1);

        for (int value = 2; value <= 100; value++) {
            bed.progress("job", value);
        }
        bed.bean.letGo();

        awaitCalls(2);
        assertThat(bed.bean.calls()).extracting(Call::value).containsExactly(1, 100);
    }

    @Test
    void progressOfAJobIsThrottledButNotThatOfOthers() throws Exception {
        bed.with(spec -> spec.setProgressMillis(LONG))
                .with(NewsTest::everything)
                .listen();

        bed.progress("job", 1);
        awaitCalls(1);
        bed.progress("job", 2);
        bed.progress("other", 3);

        awaitCalls(2);
        assertThat(bed.bean.calls()).extracting(Call::value).containsExactly(1, 3);
    }

    @Test
    void throttledProgressComesWhenItsTimeHasCome() throws Exception {
        bed.with(spec -> spec.setProgressMillis(300)).with(NewsTest::everything).listen();

        long start = System.nanoTime();
        bed.progress("job", 1);
        awaitCalls(1);
        bed.progress("job", 2);

        awaitCalls(2);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void anEndDoesNotWaitAndSupersedesWaitingProgress() throws Exception {
        bed.with(spec -> spec.setProgressMillis(LONG))
                .with(NewsTest::everything)
                .listen();
        bed.progress("job", 1);
        awaitCalls(1);

        bed.progress("job", 2);
        bed.end("job", JobState.LOST);

        awaitCalls(2);
        assertThat(bed.bean.calls()).extracting(Call::method).containsExactly("onProgress", "onLost");
    }

    @Test
    void anEndComesAfterTheProgressThatIsBeingToldAndNothingAfterIt() throws Exception {
        bed.with(spec -> spec.setProgressMillis(0)).with(NewsTest::everything).listen();
        bed.bean.hold("job");
        bed.progress("job", 1);
        awaitCalls(1);

        bed.end("job");
        bed.progress("job", 2);
        bed.end("other");
        Bed.eventually(() -> !bed.bean.calls("other").isEmpty());
        assertThat(bed.bean.calls("job")).hasSize(1);
        bed.bean.letGo();

        Bed.eventually(() -> bed.bean.calls("job").size() == 2);
        bed.progress("job", 3);
        bed.end("last");
        Bed.eventually(() -> !bed.bean.calls("last").isEmpty());
        assertThat(bed.bean.calls("job")).extracting(Call::method).containsExactly("onProgress", "onCompleted");
    }

    @Test
    @Produces(OperatorMessage.DELIVERY_FAILED)
    void failedProgressIsNotRepeatedAndWarnedOfOnce() throws Exception {
        bed.bean.behave(call -> {
            throw new IllegalStateException("I do not care");
        });
        bed.with(spec -> spec.setEvents("PROGRESS")).listen();

        bed.progress("one", 1);
        bed.progress("two", 2);

        awaitCalls(2);
        bed.deactivate();
        assertThat(bed.bean.calls()).hasSize(2);
        assertThat(log.messages()).singleElement().asString().contains("I do not care", "It is not repeated");
    }

    @Test
    void theLatestPreviewWinsAndProgressDoesNotReplaceIt() throws Exception {
        Activation activation = start();
        bed.bean.hold("job");
        activation.onPreview(Bed.preview("job", 1));
        awaitCalls(1);

        activation.onPreview(Bed.preview("job", 2));
        activation.onPreview(Bed.preview("job", 3));
        bed.progress("job", 7);
        bed.bean.letGo();

        awaitCalls(3);
        assertThat(bed.bean.calls().get(1).value()).isEqualTo(7);
        assertThat(bed.bean.calls().get(2).picture()).isEqualTo(3);
        activation.stop();
    }

    @Test
    void aPreviewThatComesAfterTheEndIsDropped() throws Exception {
        Activation activation = start();
        bed.end("job");
        awaitCalls(1);

        activation.onPreview(Bed.preview("job", 1));
        activation.onPreview(Bed.preview("other", 2));

        awaitCalls(2);
        assertThat(bed.bean.calls()).extracting(Call::jobId).containsExactly("job", "other");
        activation.stop();
    }

    private Activation start() throws Exception {
        bed.with(spec -> spec.setProgressMillis(0)).with(NewsTest::everything);
        Activation activation = bed.activation();
        activation.start();
        Bed.eventually(() -> bed.container.waiting() == 1);
        return activation;
    }

    @Test
    void aTagChoosesJobs() throws Exception {
        bed.with(spec -> spec.setTag("story")).with(NewsTest::everything);
        Interest interest = bed.spec.interest();

        assertThat(interest.covers(tagged("story"))).isTrue();
        assertThat(interest.covers(tagged("portrait"))).isFalse();
        assertThat(interest.covers(Bed.news(Bed.running("job", 1)))).isFalse();
        assertThat(interest.covers(Bed.preview("job", 1))).isFalse();
    }

    @Test
    void aServerChoosesJobs() throws Exception {
        bed.with(spec -> spec.setServerUrl("http://127.0.0.1:8188/")).with(NewsTest::everything);
        Interest interest = bed.spec.interest();
        JobPreview here = Bed.preview("job", 1);

        assertThat(interest.covers(Bed.news(Bed.running("job", 1)))).isTrue();
        assertThat(interest.covers(here)).isTrue();
        URI elsewhere = URI.create("http://127.0.0.1:8189");
        assertThat(interest.covers(new JobUpdate(elsewhere, Optional.empty(), true, Bed.running("job", 1))))
                .isFalse();
        assertThat(interest.covers(
                        new JobPreview("job", elsewhere, here.tag(), here.node(), here.mediaType(), here.image())))
                .isFalse();
    }

    @Test
    void jobsOfOthersAreHeardOfOnlyWhereTheyAreWanted() throws Exception {
        JobUpdate foreign = new JobUpdate(Bed.SERVER, Optional.empty(), false, Bed.ended("job", JobState.COMPLETED));

        assertThat(bed.spec.interest().covers(foreign)).isFalse();
        bed.with(spec -> spec.setJobs("ALL")).with(spec -> spec.setServerUrl(Bed.SERVER.toString()));
        assertThat(bed.spec.interest().covers(foreign)).isTrue();
        assertThat(bed.spec.interest().covers(Bed.news(Bed.ended("own", JobState.FAILED))))
                .isTrue();
    }

    private static JobUpdate tagged(String tag) {
        return new JobUpdate(Bed.SERVER, Optional.of(tag), true, Bed.ended("job", JobState.COMPLETED));
    }

    private static void everything(ComfyUiActivationSpec spec) {
        spec.setEvents("ENDS, PROGRESS, PREVIEW");
    }

    private void awaitCalls(int count) throws Exception {
        Bed.eventually(() -> bed.bean.calls().size() >= count);
    }
}
