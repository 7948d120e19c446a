package org.genaiconnector.benchmarks.limits;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.genaiconnector.ra.database.StoreSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** A pool of connections that counts the ways to the database: statements and commits. */
final class CountingPool implements StoreSource {
    private final JdbcConnectionPool pool;
    private final AtomicLong ways = new AtomicLong();

    CountingPool(JdbcConnectionPool pool) {
        this.pool = pool;
    }

    long ways() {
        return ways.get();
    }

    @Override
    public DataSource dataSource() {
        return proxy(DataSource.class, pool);
    }

    @Override
    public boolean inTransaction() {
        return false;
    }

    @Override
    public void runOutside(Runnable task) {
        throw new IllegalStateException("Nothing is in a transaction");
    }

    private <T> T proxy(Class<T> type, Object real) {
        return type.cast(Proxy.newProxyInstance(
                CountingPool.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("execute")
                            || method.getName().equals("commit")) {
                        ways.incrementAndGet();
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        if (result instanceof Connection connection) {
                            return proxy(Connection.class, connection);
                        }
                        return result instanceof PreparedStatement statement
                                ? proxy(PreparedStatement.class, statement)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
