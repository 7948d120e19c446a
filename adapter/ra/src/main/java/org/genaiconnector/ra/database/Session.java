package org.genaiconnector.ra.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Statements in one transaction.
 *
 * @param connection of the transaction
 * @param dialect of the database
 */
public record Session(Connection connection, Dialect dialect) {

    /** Reads one row. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Limits how long this transaction may keep locks, and wait for those of others, where the database can do so. */
    void begin() throws SQLException {
        if (dialect.beginning().isPresent()) {
            list(dialect.beginning().get(), row -> true);
        }
    }

    /** Executes an insert, update or delete, and tells how many rows it hit. */
    public int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** Executes an update several times with other values, on one way to the database and back. */
    public void updateAll(String sql, List<Object[]> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(dialect.translate(sql))) {
            for (Object[] each : values) {
                set(statement, each);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** All rows of a query. */
    public <T> List<T> list(String sql, Reader<T> reader, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        }
    }

    /** At most some rows of a query with {@code ORDER BY}. */
    public <T> List<T> first(long most, String sql, Reader<T> reader, Object... values) throws SQLException {
        return list(sql + dialect.limit(most, 0), reader, values);
    }

    /** The row of a query that has one or none. */
    public <T> Optional<T> find(String sql, Reader<T> reader, Object... values) throws SQLException {
        return list(sql, reader, values).stream().findFirst();
    }

    /** The database's clock, in milliseconds since 1970. */
    public long now() throws SQLException {
        return find("SELECT {now} FROM genai_schema", row -> row.getLong(1)).orElseThrow();
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(dialect.translate(sql));
        try {
            set(statement, values);
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            set(statement, i + 1, values[i]);
        }
    }

    private static void set(PreparedStatement statement, int place, Object value) throws SQLException {
        if (value instanceof String text) {
            statement.setString(place, text);
        } else if (value instanceof Long number) {
            statement.setLong(place, number);
        } else if (value instanceof Integer number) {
            statement.setInt(place, number);
        } else if (value instanceof Double number) {
            statement.setDouble(place, number);
        } else if (value instanceof Optional<?> text && text.isPresent()) {
            statement.setString(place, (String) text.get());
        } else if (value instanceof OptionalLong number && number.isPresent()) {
            statement.setLong(place, number.getAsLong());
        } else {
            statement.setNull(place, value instanceof OptionalLong ? Types.BIGINT : Types.VARCHAR);
        }
    }
}
