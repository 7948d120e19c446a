package org.genaiconnector.ra;

import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.XATerminator;
import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.SecurityContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkContextProvider;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import jakarta.security.auth.message.callback.CallerPrincipalCallback;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.security.auth.Subject;

/** An application server reduced to the bootstrap context: a Work Manager and timers. Like Payara, it never releases a work. */
public class TestContainer implements BootstrapContext, WorkManager {
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private static final ThreadLocal<String> CALLER = new ThreadLocal<>();

    private final TransactionSynchronizationRegistry transactions;
    private volatile Set<String> users = Set.of();

    /** One without transactions. */
    public TestContainer() {
        this(null);
    }

    public TestContainer(TransactionSynchronizationRegistry transactions) {
        this.transactions = transactions;
    }

    /** It runs works as callers from now on: those that are its users. */
    public TestContainer withUsers(String... names) {
        users = Set.of(names);
        return this;
    }

    /** As whom the calling work runs; null for nobody. */
    public static String caller() {
        return CALLER.get();
    }

    /** Waits until no work is running any more; returns false if that takes longer. */
    public boolean awaitIdle(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /** How many works have been started. */
    public int works() {
        return threads.size();
    }

    /** How many works are running. */
    public long running() {
        return threads.stream().filter(Thread::isAlive).count();
    }

    /** How many works wait for something without a limit. */
    public long waiting() {
        return threads.stream()
                .filter(thread -> thread.getState() == Thread.State.WAITING)
                .count();
    }

    @Override
    public WorkManager getWorkManager() {
        return this;
    }

    @Override
    public XATerminator getXATerminator() {
        return null;
    }

    @Override
    public Timer createTimer() {
        return new Timer("test container timer", true);
    }

    @Override
    public boolean isContextSupported(Class<? extends WorkContext> type) {
        return type == SecurityContext.class && !users.isEmpty();
    }

    @Override
    public TransactionSynchronizationRegistry getTransactionSynchronizationRegistry() {
        return transactions;
    }

    @Override
    public void scheduleWork(Work work) {
        Thread thread = new Thread(() -> runAsCaller(work), "test container work " + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void runAsCaller(Work work) {
        if (work instanceof WorkContextProvider provider) {
            SecurityContext context =
                    (SecurityContext) provider.getWorkContexts().get(0);
            context.setupSecurityContext(
                    callbacks -> {
                        String name = ((CallerPrincipalCallback) callbacks[0]).getName();
                        if (!users.contains(name)) {
                            throw new IllegalArgumentException("no user " + name);
                        }
                        CALLER.set(name);
                    },
                    new Subject(),
                    null);
        }
        work.run();
    }

    @Override
    public void scheduleWork(Work work, long timeout, ExecutionContext context, WorkListener listener)
            throws WorkException {
        scheduleWork(work);
    }

    @Override
    public void doWork(Work work) {
        work.run();
    }

    @Override
    public void doWork(Work work, long timeout, ExecutionContext context, WorkListener listener) {
        work.run();
    }

    @Override
    public long startWork(Work work) {
        scheduleWork(work);
        return UNKNOWN;
    }

    @Override
    public long startWork(Work work, long timeout, ExecutionContext context, WorkListener listener) {
        return startWork(work);
    }
}
