package org.genaiconnector.ra.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.lang.reflect.UndeclaredThrowableException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Failures of a driver arrive as they are, also where the application server has wrapped them. */
class ConnectionsTest {
    private static final SQLException FAILURE = new SQLException("Table not found", "42S02");
    private static final Throwable WRAPPED = new UndeclaredThrowableException(new InvocationTargetException(FAILURE));

    private static DataSource source(Throwable failure) {
        Connection connection = (Connection) Proxy.newProxyInstance(
                ConnectionsTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, values) -> {
                    throw failure;
                });
        return (DataSource) Proxy.newProxyInstance(
                ConnectionsTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, values) -> connection);
    }

    @Test
    void unwrapsWhatAProxyOfPayaraThrows() throws SQLException {
        Connection connection = Connections.open(source(WRAPPED));

        assertThatThrownBy(() -> connection.prepareStatement("SELECT 1")).isSameAs(FAILURE);
    }

    @Test
    void unwrapsWhatPayaraMakesOfThat() throws SQLException {
        Connection connection = Connections.open(source(new SQLException(WRAPPED)));

        assertThatThrownBy(connection::commit).isSameAs(FAILURE);
    }

    @Test
    void leavesOtherFailuresAlone() throws SQLException {
        SQLException plain = new SQLException("of a batch", new SQLException("one of it"));
        assertThatThrownBy(() -> Connections.open(source(plain)).close()).isSameAs(plain);
        IllegalStateException error = new IllegalStateException();
        assertThatThrownBy(() -> Connections.open(source(error)).close()).isSameAs(error);
        assertThat(FAILURE.getSQLState()).isEqualTo("42S02");
    }
}
