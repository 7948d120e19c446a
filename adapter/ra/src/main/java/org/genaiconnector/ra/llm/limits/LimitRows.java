package org.genaiconnector.ra.llm.limits;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** What limits have counted, where several application servers see it. All threads use it. */
public interface LimitRows {

    /** What a row is about. */
    record Key(Scope scope, String name) {
        public Key {
            Objects.requireNonNull(scope, "scope");
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * What was counted under a name.
     *
     * @param key of the row
     * @param version that was read; 0 if there is no such row
     * @param counted by all measures, as {@link SharedLimits} writes it; empty if there is no such row
     * @param expires when nothing of it counts any more, in milliseconds since 1970 by the shared clock; not set by reads
     */
    record Row(Key key, long version, String counted, long expires) {}

    /**
     * Rows as they are.
     *
     * @param now the shared clock, in milliseconds since 1970
     * @param rows those that are there
     */
    record Seen(long now, List<Row> rows) {}

    /** They can be neither read nor written. The message names where they are and why. */
    final class UnreachableException extends Exception {
        private static final long serialVersionUID = 1L;

        public UnreachableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Reads rows, and the clock.
     *
     * @param keys of the rows, one or more
     */
    Seen read(Collection<Key> keys) throws UnreachableException;

    /**
     * Reads all rows, those first that count longest.
     *
     * @param most 1 or more
     */
    Seen readAll(int most) throws UnreachableException;

    /**
     * Writes all of these rows, or none.
     *
     * @param rows with the versions that were read
     * @return false if another one has written one of them meanwhile: nothing is written
     */
    boolean write(List<Row> rows) throws UnreachableException;

    /** Deletes rows of which nothing counts. */
    void purge() throws UnreachableException;
}
