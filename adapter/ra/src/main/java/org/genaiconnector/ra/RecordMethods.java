package org.genaiconnector.ra;

/**
 * Releases the adapter's classes from what the JDK keeps for records. Up to JDK 18, the method handles behind the
 * {@code toString}, {@code hashCode} and {@code equals} of records remember the component type that they were adapted to last,
 * by strong references in static fields of the JDK. If that is a type of the API, it keeps the class loader of the adapter in
 * memory after the adapter is undeployed.
 */
final class RecordMethods {
    /** Its methods are adapted when they are called for the first time. */
    private record Text(String value) {}

    private RecordMethods() {}

    /** Loads what {@link #release()} needs: Open Liberty has closed the adapter's archive when the adapter stops. */
    static String load() {
        return Text.class.getName();
    }

    /** Makes a type of the JDK the last one; once in the life of the class loader, so at the adapter's stop. */
    static int release() {
        Text text = new Text("");
        return text.toString().length() + text.hashCode() + (text.equals(new Text("")) ? 1 : 0);
    }
}
