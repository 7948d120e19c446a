package org.genaiconnector.ra.database;

import javax.naming.NamingException;
import javax.sql.DataSource;

/** What a store needs of the application server. All threads use it. */
public interface StoreSource {
    /**
     * The data source. The store asks at its first use, and again after each failure.
     *
     * @return not null
     * @throws NamingException if there is none; perhaps not yet
     */
    DataSource dataSource() throws NamingException;

    /** Whether the calling thread is in a transaction of the application server, also one that is marked for rollback. */
    boolean inTransaction();

    /**
     * Runs something on another thread, which is in no transaction.
     *
     * @param task is quick but may wait for the database
     * @throws IllegalStateException if there is no thread, such as after the adapter's stop
     */
    void runOutside(Runnable task);
}
