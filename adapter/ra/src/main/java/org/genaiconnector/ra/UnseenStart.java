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
 * Hands works to a Work Manager so that the server's threads keep neither the adapter nor an application in memory.
 *
 * <p>A thread that a server adds to its pool for a work inherits the access control context of the thread that asked for
 * the work: before JDK 24 that holds the class loaders of all code on its stack, checks or no checks. Threads of Payara's
 * pool live as long as the server, and the class loaders with them. Only classes of the JDK are on the stack between
 * {@link Subject#doAsPrivileged(Subject, PrivilegedExceptionAction, java.security.AccessControlContext)}, which hides what
 * lies below it, and the Work Manager. The work itself gets the adapter's context class loader, not the application's.
 */
final class UnseenStart {
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

    private UnseenStart() {}

    /** As {@link WorkManager#scheduleWork(Work, long, ExecutionContext, WorkListener)}, without limit and listener. */
    @SuppressWarnings("removal") // goes when access control contexts have gone
    static void schedule(WorkManager manager, Work work) throws WorkException {
        MethodHandle call =
                MethodHandles.insertArguments(SCHEDULE, 0, manager, work, WorkManager.INDEFINITE, null, null);
        Thread thread = Thread.currentThread();
        ClassLoader callers = thread.getContextClassLoader();
        thread.setContextClassLoader(UnseenStart.class.getClassLoader());
        try {
            PrivilegedExceptionAction<?> action = MethodHandleProxies.asInterfaceInstance(
                    PrivilegedExceptionAction.class, call.asType(MethodType.methodType(Object.class)));
            Subject.doAsPrivileged(null, action, null);
        } catch (PrivilegedActionException e) {
            throw e.getCause() instanceof WorkException refused ? refused : new WorkException(e.getCause());
        } finally {
            thread.setContextClassLoader(callers);
        }
    }
}
