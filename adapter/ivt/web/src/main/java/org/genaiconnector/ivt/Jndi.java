package org.genaiconnector.ivt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * What is bound under JNDI names.
 *
 * @param found by name, each object once
 * @param missing the other names, each with the reason
 */
record Jndi<T>(Map<String, T> found, List<String> missing) {

    /**
     * Looks names up.
     *
     * @param type which is wanted
     */
    static <T> Jndi<T> lookup(List<String> names, Class<T> type) {
        Map<String, T> found = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            try {
                Object bound = InitialContext.doLookup(name);
                if (type.isInstance(bound)) {
                    // two names of one pool are one pool
                    if (!found.containsValue(type.cast(bound))) {
                        found.put(name, type.cast(bound));
                    }
                } else {
                    missing.add(name + ": " + foreign(bound, type));
                }
            } catch (NamingException e) {
                missing.add(name + ": " + reason(e));
            }
        }
        return new Jndi<>(found, missing);
    }

    /** The innermost exception says what is missing; those around it repeat the environment of JNDI. */
    private static String reason(NamingException e) {
        Throwable innermost = e;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        return innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
    }

    private static String foreign(Object bound, Class<?> type) {
        if (bound == null) {
            return "is bound to nothing";
        }
        for (Class<?> c : bound.getClass().getInterfaces()) {
            if (c.getName().equals(type.getName())) {
                return "belongs to another deployment of the adapter than this application: its " + type.getSimpleName()
                        + " comes from " + c.getClassLoader() + ", the one here from " + type.getClassLoader();
            }
        }
        return "is a " + bound.getClass().getName() + ", no " + type.getSimpleName();
    }
}
