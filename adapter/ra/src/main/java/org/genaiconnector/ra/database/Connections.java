package org.genaiconnector.ra.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.lang.reflect.UndeclaredThrowableException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Connections that fail with what the driver says. Those of Payara and GlassFish (seen on Payara 6.2025.10) wrap it in an {@link
 * UndeclaredThrowableException}, because they call the driver by a proxy that does not unwrap it.
 */
final class Connections {
    private Connections() {}

    static Connection open(DataSource source) throws SQLException {
        try {
            Connection connection = source.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    Connections.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw unwrapped(e.getCause());
                        }
                    });
        } catch (SQLException | UndeclaredThrowableException e) {
            if (unwrapped(e) instanceof SQLException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** What is below a wrapper, which may itself be the cause of an {@code SQLException} without a state. */
    private static Throwable unwrapped(Throwable thrown) {
        boolean wrapped = false;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (wrapped && cause instanceof SQLException) {
                return cause;
            }
            wrapped |= cause instanceof UndeclaredThrowableException;
        }
        return thrown;
    }
}
