package org.genaiconnector.ra;

import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import org.genaiconnector.ra.util.DetachedCall;

/**
 * Starts works detached from the caller, by {@link DetachedCall}: the threads of the Work Manager keep neither the adapter nor an
 * application in memory. A new thread inherits the context class loader as well, and GlassFish's pool keeps it: it is the Work
 * Manager's own here.
 */
final class DetachedStart {
    private static final DetachedCall SCHEDULE = DetachedCall.of(
            WorkManager.class,
            "scheduleWork",
            void.class,
            Work.class,
            long.class,
            ExecutionContext.class,
            WorkListener.class);

    private DetachedStart() {}

    /** As {@link WorkManager#scheduleWork(Work, long, ExecutionContext, WorkListener)}, without limit and listener. */
    static void schedule(WorkManager manager, Work work) throws WorkException {
        Thread thread = Thread.currentThread();
        ClassLoader callers = thread.getContextClassLoader();
        thread.setContextClassLoader(manager.getClass().getClassLoader());
        try {
            SCHEDULE.call(manager, work, WorkManager.INDEFINITE, null, null);
        } catch (WorkException | RuntimeException e) {
            throw e;
        } catch (Exception e) { // the method declares no other
            throw new WorkException(e);
        } finally {
            thread.setContextClassLoader(callers);
        }
    }
}
