package org.genaiconnector.ra.util;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;

/**
 * Calls of an application server that are detached from the caller: threads that it starts meanwhile keep neither the adapter nor
 * an application in memory.
 *
 * <p>A thread inherits the access control context of the thread that starts it. Before JDK 24 that context refers to the class
 * loaders of all code on the stack, even without a security manager. Threads of an application server's pools live as long as it,
 * and the class loaders with them. Here only classes of the JDK are on the stack between {@link
 * Subject#doAsPrivileged(Subject, PrivilegedExceptionAction, java.security.AccessControlContext)}, which hides the callers below
 * it, and the application server.
 */
public final class DetachedCall {
    /** From here on the JDK has no such contexts, and will some day not have the method that hides them. */
    private static final boolean CONTEXTS = Runtime.version().feature() < 24;

    private final MethodHandle method;

    private DetachedCall(MethodHandle method) {
        this.method = method;
    }

    /**
     * Of a public method of a public interface.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static DetachedCall of(Class<?> type, String name, Class<?> result, Class<?>... parameters) {
        try {
            return new DetachedCall(
                    MethodHandles.publicLookup().findVirtual(type, name, MethodType.methodType(result, parameters)));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * Calls the method.
     *
     * @param arguments begin with the object
     * @return null if it returns nothing
     * @throws Exception of the method, as it is
     */
    public Object call(Object... arguments) throws Exception {
        PrivilegedExceptionAction<?> action = MethodHandleProxies.asInterfaceInstance(
                PrivilegedExceptionAction.class,
                MethodHandles.insertArguments(method, 0, arguments).asType(MethodType.methodType(Object.class)));
        return CONTEXTS ? callWithoutContext(action) : action.run();
    }

    @SuppressWarnings("removal") // not called where it has been removed
    private static Object callWithoutContext(PrivilegedExceptionAction<?> action) throws Exception {
        try {
            return Subject.doAsPrivileged(null, action, null);
        } catch (PrivilegedActionException e) {
            throw e.getException();
        }
    }
}
