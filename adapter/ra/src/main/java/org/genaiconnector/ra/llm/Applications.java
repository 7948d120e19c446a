package org.genaiconnector.ra.llm;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The application that a thread works for, by the name that the application server gives it in {@code java:app/AppName}. */
final class Applications {
    private static final int MOST = 1_000;

    /** By class loader, since looking up costs more than a call may; holds neither loaders nor their classes. */
    private static final Map<ClassLoader, String> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    private Applications() {}

    /** The name; empty for threads of no application. */
    static String current() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        if (loader == null) {
            return "";
        }
        String known = KNOWN.get(loader);
        if (known == null) {
            known = lookUp();
            if (KNOWN.size() < MOST) {
                KNOWN.put(loader, known);
            }
        }
        return known;
    }

    private static String lookUp() {
        try {
            return new InitialContext().lookup("java:app/AppName") instanceof String name ? name : "";
        } catch (NamingException outsideOfApplications) {
            return "";
        }
    }
}
