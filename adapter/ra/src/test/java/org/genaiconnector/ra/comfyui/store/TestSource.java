package org.genaiconnector.ra.comfyui.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.genaiconnector.ra.database.StoreSource;
import org.genaiconnector.ra.inflow.TestTransactions;

/**
 * A data source as an application server has it: pooled, and enlisted in the transaction of the thread, of which {@link #begin},
 * {@link #commit} and {@link #rollback} are the transaction manager. On demand the database goes away, before or after a
 * statement.
 */
public final class TestSource implements StoreSource, TestTransactions.Participant, AutoCloseable {
    private final TestDatabase database;
    private final String url;
    private final Queue<TestSession> idle = new ConcurrentLinkedQueue<>();
    private final Set<TestSession> open = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<TestSession> transaction = new ThreadLocal<>();
    private final ThreadLocal<Boolean> begun = ThreadLocal.withInitial(() -> false);
    private final AtomicInteger steps = new AtomicInteger();

    private volatile boolean bound = true;
    private volatile boolean enlists = true;
    private volatile boolean down;
    private volatile Break planned;
    private volatile Queue<Recorded> recording;

    /** When the connection breaks. */
    public enum When {
        BEFORE,
        AFTER
    }

    /** One connection breaks once. */
    private record Break(int step, When when) {}

    /** A statement with its values. */
    record Recorded(String sql, List<Setting> settings) {
        record Setting(Method method, Object[] arguments) {}

        void set(PreparedStatement statement) throws SQLException {
            for (Setting each : settings) {
                try {
                    each.method().invoke(statement, each.arguments());
                } catch (ReflectiveOperationException e) {
                    throw new SQLException(e);
                }
            }
        }
    }

    @FunctionalInterface
    private interface Action {
        Object run() throws Throwable;
    }

    public TestSource(TestDatabase database, String url) {
        this.database = database;
        this.url = url;
    }

    /** Breaks a connection at a step: getting it, a statement, or a commit. */
    public void breakAt(int step, When when) {
        steps.set(0);
        planned = new Break(step, when);
    }

    /** Whether the break that was planned has not come. */
    public boolean isPlanned() {
        return planned != null;
    }

    /** Remembers statements from now on. */
    void record() {
        recording = new ConcurrentLinkedQueue<>();
    }

    /** The statements so far; remembers no more. */
    List<Recorded> recorded() {
        List<Recorded> all = List.copyOf(recording);
        recording = null;
        return all;
    }

    public void down(boolean value) {
        down = value;
    }

    public void bound(boolean value) {
        bound = value;
    }

    public void enlists(boolean value) {
        enlists = value;
    }

    @Override
    public void begin() {
        begun.set(true);
    }

    @Override
    public void commit() throws SQLException {
        TestSession enlisted = transaction.get();
        end();
        if (enlisted != null) {
            enlisted.connection().commit();
            enlisted.connection().setAutoCommit(true);
            idle.add(enlisted);
        }
    }

    @Override
    public void rollback() throws SQLException {
        TestSession enlisted = transaction.get();
        end();
        if (enlisted != null && !enlisted.isLost()) {
            enlisted.connection().rollback();
            enlisted.connection().setAutoCommit(true);
            idle.add(enlisted);
        }
    }

    private void end() {
        begun.set(false);
        transaction.remove();
    }

    @Override
    public boolean inTransaction() {
        return begun.get();
    }

    @Override
    public void runOutside(Runnable task) {
        new Thread(task, "outside").start();
    }

    @Override
    public DataSource dataSource() throws NamingException {
        if (!bound) {
            throw new NameNotFoundException("jdbc/jobs not found");
        }
        return (DataSource) Proxy.newProxyInstance(
                TestSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("getConnection")) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    return connection();
                });
    }

    /** A connection as the store gets it. */
    public Connection connection() throws SQLException {
        if (down) {
            throw new SQLNonTransientConnectionException("connection refused", "08001");
        }
        if (begun.get() && enlists) {
            if (transaction.get() == null) {
                transaction.set(physical());
                transaction.get().connection().setAutoCommit(false);
            }
            return handle(transaction.get(), () -> null);
        }
        TestSession physical = physical();
        return handle(physical, () -> {
            if (!physical.isLost()) {
                idle.add(physical);
            }
            return null;
        });
    }

    /** A connection in no transaction that never breaks. */
    Connection sound() throws SQLException {
        TestSession physical = physical();
        return (Connection) Proxy.newProxyInstance(
                TestSource.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        idle.add(physical);
                        return null;
                    }
                    return plain(() -> method.invoke(physical.connection(), arguments));
                });
    }

    private TestSession physical() throws SQLException {
        TestSession pooled = idle.poll();
        return pooled == null ? add(database.connect(url)) : pooled;
    }

    private TestSession add(Connection connection) {
        TestSession session = new TestSession(connection);
        open.add(session);
        return session;
    }

    private Connection handle(TestSession physical, Action close) {
        return (Connection) Proxy.newProxyInstance(
                TestSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "close" -> close.run();
                    case "commit" -> step(physical, () -> method.invoke(physical.connection(), arguments));
                    case "prepareStatement" ->
                        statement(
                                physical,
                                PreparedStatement.class,
                                plain(() -> method.invoke(physical.connection(), arguments)),
                                settings(arguments[0]));
                    case "createStatement" ->
                        statement(
                                physical,
                                Statement.class,
                                plain(() -> method.invoke(physical.connection(), arguments)),
                                new ArrayList<>());
                    default -> plain(() -> method.invoke(physical.connection(), arguments));
                });
    }

    private Object statement(TestSession physical, Class<?> type, Object statement, List<Recorded.Setting> settings) {
        return Proxy.newProxyInstance(
                TestSource.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("set")) {
                        settings.add(new Recorded.Setting(method, arguments));
                    }
                    return method.getName().startsWith("execute")
                            ? step(physical, () -> method.invoke(statement, arguments))
                            : plain(() -> method.invoke(statement, arguments));
                });
    }

    /** Where the values of a statement are kept. */
    private List<Recorded.Setting> settings(Object sql) {
        List<Recorded.Setting> settings = new ArrayList<>();
        Queue<Recorded> all = recording;
        if (all != null) {
            all.add(new Recorded((String) sql, settings));
        }
        return settings;
    }

    private Object step(TestSession physical, Action action) throws Throwable {
        physical.connection();
        Break plan = planned;
        boolean now = plan != null && steps.incrementAndGet() == plan.step();
        if (now) {
            planned = null;
        }
        if (down || now && plan.when() == When.BEFORE) {
            throw lost(physical);
        }
        Object result = plain(action);
        if (now) {
            if (result instanceof ResultSet rows) {
                rows.close();
            }
            throw lost(physical);
        }
        return result;
    }

    private SQLException lost(TestSession physical) throws SQLException {
        open.remove(physical);
        idle.add(add(physical.lose()));
        return new SQLNonTransientConnectionException("connection lost", "08006");
    }

    private static Object plain(Action action) throws Throwable {
        try {
            return action.run();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() throws SQLException {
        for (TestSession each : open) {
            if (idle.remove(each)) {
                database.release(each.connection());
            } else {
                each.connection().close(); // whoever uses it ends with an exception
            }
        }
    }
}
