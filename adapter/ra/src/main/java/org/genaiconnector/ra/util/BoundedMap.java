package org.genaiconnector.ra.util;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map with a limit: adding an entry beyond the limit removes the eldest one. Not safe for use by several threads; wrap it
 * in {@link java.util.Collections#synchronizedMap} or guard it by a lock.
 *
 * @param <K> keys
 * @param <V> values
 */
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int limit;

    private BoundedMap(int limit, boolean accessOrder) {
        super(16, 0.75f, accessOrder);
        this.limit = limit;
    }

    /**
     * A map whose eldest entry is the one that was added first; putting a key again does not make its entry younger.
     *
     * @param limit the most entries it holds, 1 or more
     * @return an empty map
     */
    public static <K, V> Map<K, V> inOrderOfInsertion(int limit) {
        return new BoundedMap<>(limit, false);
    }

    /**
     * A map whose eldest entry is the one that was least recently read or written.
     *
     * @param limit the most entries it holds, 1 or more
     * @return an empty map
     */
    public static <K, V> Map<K, V> inOrderOfUse(int limit) {
        return new BoundedMap<>(limit, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > limit;
    }
}
