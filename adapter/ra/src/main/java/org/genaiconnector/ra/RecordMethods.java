package org.genaiconnector.ra;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;

/**
 * Releases the adapter's classes from what the JDK keeps for records. Up to JDK 18, the method handles behind the
 * {@code toString}, {@code hashCode} and {@code equals} of records remember the record and the component type that they were
 * adapted to last, by strong references in static fields of the JDK. If those are the adapter's, they keep its class loader in memory
 * after it is undeployed. Later JDKs remember them by soft references, which give way when memory is needed.
 */
final class RecordMethods {
    private static final int FIRST_WITHOUT = 19;

    private final MethodHandle component;

    /** Loads what {@link #release} needs: an application server may have closed the adapter's archive by then. */
    RecordMethods() {
        try {
            component = MethodHandles.lookup().findVirtual(String.class, "strip", MethodType.methodType(String.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes types of the JDK the last ones, as if String were a record with one component. */
    void release() {
        if (Runtime.version().feature() >= FIRST_WITHOUT) {
            return;
        }
        adapt("equals", MethodType.methodType(boolean.class, String.class, Object.class));
        adapt("hashCode", MethodType.methodType(int.class, String.class));
        adapt("toString", MethodType.methodType(String.class, String.class));
    }

    private void adapt(String method, MethodType type) {
        try {
            ObjectMethods.bootstrap(MethodHandles.lookup(), method, type, String.class, "text", component);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // declared for the implementation's sake
            throw new IllegalStateException(e);
        }
    }
}
