package org.genaiconnector.ra.database;

/** A failure of the job store. The message names the store, what was to be done, and what the database said. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What to do about it. */
    public enum Kind {
        /** The database cannot be reached, or is overloaded: the same may succeed later. Nothing is lost. */
        UNAVAILABLE,
        /** The tables are missing, or of another version or product: an administrator has to act; the next call checks again. */
        SCHEMA,
        /** The data source takes no part in the transaction of the calling thread. Nothing was done. */
        NOT_ENLISTED,
        /** The database refuses these values, such as a workflow that is larger than its column. */
        REFUSED
    }

    private final Kind kind;

    StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What to do about it. */
    public Kind kind() {
        return kind;
    }

    /** Whether the same may succeed later, with or without an administrator. */
    public boolean isTransient() {
        return kind == Kind.UNAVAILABLE || kind == Kind.SCHEMA;
    }
}
