package org.genaiconnector.ra;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.spi.work.Work;
import java.util.concurrent.CountDownLatch;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.Test;

/** What the adapter logs when it stops and something does not end. */
class OperatorMessagesOfAdapterTest {

    @Test
    @Produces(OperatorMessage.CLOSE_FAILED)
    void aPartThatCannotBeClosedKeepsNoOtherOpen() throws Exception {
        GenAiResourceAdapter adapter = new GenAiResourceAdapter();
        adapter.start(new TestContainer());
        CountDownLatch closed = new CountDownLatch(2);
        AutoCloseable broken = () -> {
            closed.countDown();
            throw new IllegalStateException("as tested");
        };
        AutoCloseable sound = closed::countDown;
        adapter.closeOnStop(broken);
        adapter.closeOnStop(sound);

        adapter.stop();

        assertThat(closed.getCount()).isZero();
    }

    @Test
    @Produces(OperatorMessage.WORKS_STILL_RUNNING)
    void aWorkThatDoesNotEndIsWaitedForOnlySoLong() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        TestContainer container = new TestContainer();
        Works works = new Works(50);
        works.start(container, new Work() {
            @Override
            public void run() {
                begun.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void release() {
                // does not care
            }
        });
        begun.await();

        works.end();

        assertThat(container.running()).isEqualTo(1);
        end.countDown();
        assertThat(container.awaitIdle(60_000)).isTrue();
    }
}
