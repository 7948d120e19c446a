package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachedProbeTest {

    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void asksOnceAndRemembersTheAnswer() {
        AtomicInteger questions = new AtomicInteger();
        CachedProbe probe = new CachedProbe("llm", questions::incrementAndGet);

        assertThat(probe.result(executor)).isEqualTo(new Probe("llm", true, ""));
        assertThat(probe.result(executor)).isEqualTo(new Probe("llm", true, ""));
        assertThat(questions).hasValue(1);
    }

    @Test
    void saysWhatIsWrong() {
        CachedProbe probe = new CachedProbe("llm", () -> {
            throw new GenAiException(FailureCategory.UNAVAILABLE, "Nobody there");
        });

        Probe result = probe.result(executor);
        assertThat(result.up()).isFalse();
        assertThat(result.detail()).contains("Nobody there");
    }

    @Test
    void waitsForNoSilentBackendAndAsksItOnlyOnce() throws Exception {
        AtomicInteger questions = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        CachedProbe probe = new CachedProbe("comfyui", () -> {
            questions.incrementAndGet();
            awaitUninterruptibly(answer);
        });

        assertThat(probe.result(executor).up()).isFalse();
        assertThat(probe.result(executor).detail()).contains("no answer");
        assertThat(questions).hasValue(1);

        answer.countDown();
        executor.shutdown();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(probe.result(executor).up()).isTrue();
    }

    @Test
    void survivesAnUnexpectedFailure() {
        CachedProbe probe = new CachedProbe("llm", () -> {
            throw new IllegalStateException("broken");
        });

        assertThat(probe.result(executor).detail()).contains("broken");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
