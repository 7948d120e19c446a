package org.genaiconnector.ra;

import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkManager;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;

/**
 * Starts works detached from the caller: the threads of the Work Manager keep neither the adapter nor an application in memory.
 *
 * <p>A thread that an application server adds to its pool for a work inherits the access control context of the calling thread.
 * Before JDK 24 that context refers to the class loaders of all code on the stack, even without a security manager. Threads of
 * Payara's pool live as long as the application server, and the class loaders with them. Here only classes of the JDK are on the stack between
 * {@link Subject#doAsPrivileged(Subject, PrivilegedExceptionAction, java.security.AccessControlContext)}, which hides the
 * callers below it, and the Work Manager. The new thread inherits the context class loader as well, and GlassFish's pool keeps it:
 * it is the Work Manager's own here.
 */
final class DetachedStart {
    /** From here on the JDK has no such contexts, and will some day not have the method that hides them. */
    private static final boolean CONTEXTS = Runtime.version().feature() < 24;

    private static final MethodHandle SCHEDULE;

    static {
        try {
            SCHEDULE = MethodHandles.publicLookup()
                    .findVirtual(
                            WorkManager.class,
                            "scheduleWork",
                            MethodType.methodType(
                                    void.class, Work.class, long.class, ExecutionContext.class, WorkListener.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private DetachedStart() {}

    /** As {@link WorkManager#scheduleWork(Work, long, ExecutionContext, WorkListener)}, without limit and listener. */
    static void schedule(WorkManager manager, Work work) throws WorkException {
        Thread thread = Thread.currentThread();
        ClassLoader callers = thread.getContextClassLoader();
        thread.setContextClassLoader(manager.getClass().getClassLoader());
        try {
            if (CONTEXTS) {
                scheduleWithoutContext(manager, work);
            } else {
                manager.scheduleWork(work, WorkManager.INDEFINITE, null, null);
            }
        } finally {
            thread.setContextClassLoader(callers);
        }
    }

    @SuppressWarnings("removal") // not called where it has been removed
    private static void scheduleWithoutContext(WorkManager manager, Work work) throws WorkException {
        MethodHandle call =
                MethodHandles.insertArguments(SCHEDULE, 0, manager, work, WorkManager.INDEFINITE, null, null);
        try {
            PrivilegedExceptionAction<?> action = MethodHandleProxies.asInterfaceInstance(
                    PrivilegedExceptionAction.class, call.asType(MethodType.methodType(Object.class)));
            Subject.doAsPrivileged(null, action, null);
        } catch (PrivilegedActionException e) {
            throw e.getCause() instanceof WorkException refused ? refused : new WorkException(e.getCause());
        }
    }
}
