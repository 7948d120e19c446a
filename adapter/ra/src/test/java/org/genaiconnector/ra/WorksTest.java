package org.genaiconnector.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import jakarta.resource.spi.work.WorkRejectedException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorksTest {
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();

    /** Ends some time after it was asked to. */
    private static final class SlowEnd implements Work {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile boolean ended;

        @Override
        public void run() {
            begun.countDown();
            try {
                released.await();
                TimeUnit.MILLISECONDS.sleep(200); // what it does to end
                ended = true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void release() {
            released.countDown();
        }
    }

    /** Keeps works instead of running them. */
    private static class LazyContainer extends TestContainer {
        private final List<Work> works = new ArrayList<>();
        private ClassLoader contextClassLoader;
        private WorkException refusal;

        @Override
        public void scheduleWork(Work work, long timeout, ExecutionContext context, WorkListener listener)
                throws WorkException {
            if (refusal != null) {
                throw refusal;
            }
            works.add(work);
            contextClassLoader = Thread.currentThread().getContextClassLoader();
        }
    }

    @Test
    void haveEndedWhenTheAdapterHasStopped() throws Exception {
        adapter.start(new TestContainer());
        SlowEnd work = new SlowEnd();
        adapter.startWork(work);
        work.begun.await();
        adapter.stop();
        assertThat(work.ended).isTrue();
    }

    @Test
    void neverBeginAfterTheAdapterHasStopped() throws Exception {
        LazyContainer container = new LazyContainer();
        adapter.start(container);
        SlowEnd work = new SlowEnd();
        adapter.startWork(work);
        adapter.stop(); // waits for nothing
        container.works.get(0).run();
        assertThat(work.begun.getCount()).isOne();
    }

    /** IronJacamar releases each work that has ended; what works serve, such as the tracking of jobs, must go on. */
    @Test
    void areNotReleasedAfterTheirEnd() throws Exception {
        LazyContainer container = new LazyContainer();
        adapter.start(container);
        AtomicInteger releases = new AtomicInteger();
        adapter.startWork(new Work() {
            @Override
            public void run() {
                container.works.get(0).release(); // while it runs
            }

            @Override
            public void release() {
                releases.incrementAndGet();
            }
        });
        container.works.get(0).run();
        container.works.get(0).release();
        assertThat(releases).hasValue(1);
    }

    @Test
    void getTheAdaptersContextClassLoaderAndLeaveThoseOfThreadsAlone() throws Exception {
        LazyContainer container = new LazyContainer();
        adapter.start(container);
        List<ClassLoader> ofWork = new ArrayList<>();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        ClassLoader others = new ClassLoader(before) {};
        Thread.currentThread().setContextClassLoader(others);
        try {
            adapter.startWork(new Work() {
                @Override
                public void run() {
                    ofWork.add(Thread.currentThread().getContextClassLoader());
                }

                @Override
                public void release() {
                    // it ends by itself
                }
            });
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(others);
            container.works.get(0).run();
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(others);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        assertThat(ofWork).containsExactly(GenAiResourceAdapter.class.getClassLoader());
    }

    /** GlassFish adds threads to its pool for new works; they inherit the context class loader and live longer than the adapter. */
    @Test
    void areScheduledWithTheWorkManagersContextClassLoader() throws Exception {
        ClassLoader applicationServers = new ClassLoader(WorksTest.class.getClassLoader()) {};
        LazyContainer container = new LazyContainer() {
            @Override
            public WorkManager getWorkManager() {
                return (WorkManager) Proxy.newProxyInstance(
                        applicationServers,
                        new Class<?>[] {WorkManager.class},
                        (proxy, method, arguments) -> method.invoke(this, arguments));
            }
        };
        adapter.start(container);
        adapter.startWork(new SlowEnd());
        assertThat(container.contextClassLoader).isSameAs(applicationServers);
    }

    @Test
    void areRefusedWithTheWorkManagersOwnException() {
        LazyContainer container = new LazyContainer();
        container.refusal = new WorkRejectedException("no threads left");
        adapter.start(container);
        assertThatThrownBy(() -> adapter.startWork(new SlowEnd())).isSameAs(container.refusal);
    }
}
