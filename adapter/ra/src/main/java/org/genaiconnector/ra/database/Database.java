package org.genaiconnector.ra.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.naming.NamingException;
import javax.sql.DataSource;

/**
 * The transactions of a store. All threads may use it. Failures become {@link StoreException}s here, and make the next call look
 * the data source up and check the tables again.
 */
public final class Database {
    /** A conflict with another transaction is over when that has ended. */
    private static final int MOST_TRIES = 5;

    private static final String CHECK = "checking the tables";

    private final String name;
    private final StoreSource source;
    private final boolean createTables;

    /** A data source with tables that have been checked. */
    private record Ready(DataSource source, Dialect dialect) {}

    private volatile Ready ready;

    /** What is done in a transaction. It may be repeated from its beginning. */
    @FunctionalInterface
    public interface Work<T> {
        T in(Session session) throws SQLException;
    }

    @FunctionalInterface
    private interface Call<T> {
        T now() throws StoreException;
    }

    public Database(String name, StoreSource source, boolean createTables) {
        this.name = name;
        this.source = source;
        this.createTables = createTables;
    }

    /** Checks the tables, also if they were right before. */
    public void prepare() throws StoreException {
        ready = null;
        outside(CHECK, () -> ready(CHECK));
    }

    /** Does something in a transaction of its own. */
    public <T> T own(String step, Work<T> work) throws StoreException {
        return outside(step, () -> transaction(step, work));
    }

    /**
     * Does one statement as a transaction of its own, on one way to the database and back. Nothing stays locked if this
     * application server is suspended.
     *
     * @return how many rows it hit
     */
    public int own(String step, String sql, Object... values) throws StoreException {
        return single(step, session -> session.update(sql, values));
    }

    /** The same for any statement, also a query. */
    public <T> T single(String step, Work<T> statement) throws StoreException {
        return outside(step, () -> alone(step, statement));
    }

    /** Reads in the transaction of the calling thread if there is one. */
    public <T> T read(String step, Work<T> work) throws StoreException {
        return source.inTransaction() ? joined(step, work, false) : transaction(step, work);
    }

    /** Writes in the transaction of the calling thread if there is one. */
    public <T> T write(String step, Work<T> work) throws StoreException {
        return source.inTransaction() ? joined(step, work, true) : transaction(step, work);
    }

    /** The same for one statement, which tells how many rows it hit. */
    public int write(String step, String sql, Object... values) throws StoreException {
        Work<Integer> work = session -> session.update(sql, values);
        return source.inTransaction() ? joined(step, work, true) : alone(step, work);
    }

    /** Whether the calling thread is in a transaction. */
    public boolean inTransaction() {
        return source.inTransaction();
    }

    private <T> T outside(String step, Call<T> call) throws StoreException {
        if (!source.inTransaction()) {
            return call.now();
        }
        FutureTask<T> task = new FutureTask<>(call::now);
        try {
            source.runOutside(task);
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException failure) {
                throw failure;
            }
            throw new IllegalStateException(message(step, e.getCause()), e.getCause());
        } catch (IllegalStateException e) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, message(step, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreException.Kind.UNAVAILABLE, message(step, e), e);
        }
    }

    private <T> T joined(String step, Work<T> work, boolean writes) throws StoreException {
        Ready known = ready;
        Ready database = known == null ? outside(step, () -> check(step)) : known;
        try (Connection connection = Connections.open(database.source())) {
            if (writes && connection.getAutoCommit()) {
                throw new StoreException(
                        StoreException.Kind.NOT_ENLISTED,
                        message(
                                step,
                                "the data source takes no part in the transaction of this thread; set it up as a JTA or XA data"
                                        + " source"),
                        null);
            }
            return work.in(new Session(connection, database.dialect()));
        } catch (SQLException e) {
            throw failure(step, e);
        }
    }

    private <T> T transaction(String step, Work<T> work) throws StoreException {
        return repeated(step, session -> committed(session, work));
    }

    private <T> T alone(String step, Work<T> work) throws StoreException {
        return repeated(step, session -> atOnce(session, work));
    }

    private <T> T repeated(String step, Work<T> work) throws StoreException {
        for (int tries = 1; ; tries++) {
            Ready database = ready(step);
            try (Connection connection = Connections.open(database.source())) {
                return work.in(new Session(connection, database.dialect()));
            } catch (SQLException e) {
                if (!SqlFailures.isConflict(e) || tries == MOST_TRIES) {
                    throw failure(step, e);
                }
            }
        }
    }

    private static <T> T committed(Session session, Work<T> work) throws SQLException {
        Connection connection = session.connection();
        boolean autoCommit = connection.getAutoCommit();
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        int isolation = Connection.TRANSACTION_READ_COMMITTED;
        boolean ended = false;
        try {
            if (session.dialect().needsReadCommitted()) {
                isolation = connection.getTransactionIsolation();
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            }
            session.begin();
            T result = work.in(session);
            connection.commit();
            ended = true;
            return result;
        } finally {
            restore(connection, ended, autoCommit, isolation);
        }
    }

    private static <T> T atOnce(Session session, Work<T> statement) throws SQLException {
        return session.connection().getAutoCommit() ? statement.in(session) : committed(session, statement);
    }

    /** The failure that comes before this one is what counts. */
    private static void restore(Connection connection, boolean ended, boolean autoCommit, int isolation)
            throws SQLException {
        try {
            if (!ended) {
                connection.rollback();
            }
            if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                connection.setTransactionIsolation(isolation);
            }
            if (autoCommit) {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            if (ended) {
                throw e;
            }
        }
    }

    private Ready ready(String step) throws StoreException {
        Ready known = ready;
        return known == null ? check(step) : known;
    }

    private synchronized Ready check(String step) throws StoreException {
        if (ready != null) {
            return ready;
        }
        try {
            DataSource found = source.dataSource();
            try (Connection connection = Connections.open(found)) {
                Dialect dialect = Dialect.of(connection.getMetaData());
                boolean autoCommit = connection.getAutoCommit();
                if (!autoCommit) {
                    connection.setAutoCommit(true);
                }
                try {
                    Schema.prepare(new Session(connection, dialect), createTables);
                } finally {
                    if (!autoCommit) {
                        connection.setAutoCommit(false);
                    }
                }
                ready = new Ready(found, dialect);
                return ready;
            }
        } catch (NamingException e) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    message(step, "there is no such data source: " + e.getMessage()),
                    e);
        } catch (SQLException e) {
            throw failure(step, e);
        }
    }

    private StoreException failure(String step, SQLException e) {
        StoreException.Kind kind = SqlFailures.kind(e);
        if (kind != StoreException.Kind.REFUSED) {
            ready = null;
        }
        return new StoreException(kind, message(step, SqlFailures.ofDatabase(e).getMessage()), e);
    }

    private String message(String step, Object what) {
        return "Job store " + name + ", " + step + ": " + what;
    }
}
