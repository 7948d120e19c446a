package org.genaiconnector.ra.comfyui.durable;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.genaiconnector.ra.inflow.TestTransactions;

/**
 * The database as one application server has it: connections take part in the transactions of their threads. It can be cut off,
 * as if the application server had been killed or the database were down, and suspended, as if the application server were.
 */
public final class InstanceDatabase {
    private enum State {
        WORKS,
        CUT,
        SUSPENDED,
        FAULTY
    }

    private final String url;
    private final TestTransactions transactions;
    private final Map<Object, Connection> enlisted = new ConcurrentHashMap<>();
    private State state = State.WORKS;
    private volatile boolean enlists = true;
    private volatile String trap;

    InstanceDatabase(String url, TestTransactions transactions) {
        this.url = url;
        this.transactions = transactions;
    }

    private synchronized void become(State next) {
        state = next;
        notifyAll();
    }

    public void cut() {
        become(State.CUT);
    }

    /** As if the time of a lease had passed. */
    void endLease(String instance) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement =
                        connection.prepareStatement("UPDATE genai_instance SET lease_until = 0 WHERE id = ?")) {
            statement.setString(1, instance);
            statement.executeUpdate();
        }
    }

    /** As if there were no memory left. */
    void fail() {
        become(State.FAULTY);
    }

    /** Its connections take no part in transactions. */
    public void neverEnlists() {
        enlists = false;
    }

    void suspend() {
        become(State.SUSPENDED);
    }

    /** Suspends it within a transaction, before a statement with these words. */
    void suspendBefore(String words) {
        trap = words;
    }

    synchronized boolean isSuspended() {
        return state == State.SUSPENDED;
    }

    void resume() {
        become(State.WORKS);
    }

    synchronized void resumeUnlessCut() {
        if (state != State.CUT) {
            resume();
        }
    }

    /** Waits while it is suspended. */
    private synchronized void pass() throws SQLException {
        boolean interrupted = false;
        while (state == State.SUSPENDED) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        requireUsable();
    }

    private synchronized void requireUsable() throws SQLException {
        if (state == State.FAULTY) {
            throw new OutOfMemoryError("as tested");
        }
        if (state == State.CUT) {
            throw new SQLNonTransientConnectionException("connection refused", "08001");
        }
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (method, arguments, call) -> {
            if (!method.equals("getConnection")) {
                throw new UnsupportedOperationException(method);
            }
            return connection();
        });
    }

    /** As an application gets it. */
    public Connection connection() throws SQLException {
        pass();
        Object transaction = transactions.getTransactionKey();
        if (transaction == null || !enlists) {
            return handle(DriverManager.getConnection(url), Runnable::run);
        }
        Connection known = enlisted.get(transaction);
        if (known == null) {
            known = enlist(transaction);
        }
        return handle(known, close -> {});
    }

    private Connection enlist(Object transaction) throws SQLException {
        Connection physical = DriverManager.getConnection(url);
        physical.setAutoCommit(false);
        enlisted.put(transaction, physical);
        transactions.registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {
                // nothing is cached
            }

            @Override
            public void afterCompletion(int status) {
                enlisted.remove(transaction);
                try (physical) {
                    if (status == Status.STATUS_COMMITTED) {
                        physical.commit();
                    } else {
                        physical.rollback();
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        return physical;
    }

    private interface Closing {
        void close(Runnable physical);
    }

    private Connection handle(Connection physical, Closing closing) {
        return proxy(Connection.class, (method, arguments, call) -> {
            if (method.equals("close")) {
                closing.close(() -> close(physical));
                pass();
                return null;
            }
            String words = trap;
            if (words != null
                    && method.equals("prepareStatement")
                    && arguments[0].toString().contains(words)) {
                trap = null;
                suspend();
                pass();
            }
            requireUsable(); // a suspension begins between transactions otherwise: within one it keeps rows locked
            return call.on(physical);
        });
    }

    private static void close(Connection physical) {
        try {
            physical.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Call {
        Object on(Object target) throws Throwable;
    }

    private interface Answer {
        Object to(String method, Object[] arguments, Call call) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                InstanceDatabase.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments, target -> {
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                })));
    }
}
