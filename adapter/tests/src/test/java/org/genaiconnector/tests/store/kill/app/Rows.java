package org.genaiconnector.tests.store.kill.app;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The tables of the application, in the database of the job store. They have no keys: what is written twice is there twice. */
record Rows(DataSource database) {

    /** Makes the tables unless they are there. */
    void createTables() throws SQLException {
        run("CREATE TABLE IF NOT EXISTS kill_order (number INT, job VARCHAR(36))");
        run("CREATE TABLE IF NOT EXISTS kill_end (job VARCHAR(36), method VARCHAR(20))");
    }

    void order(int number, String job) throws SQLException {
        run("INSERT INTO kill_order VALUES (?, ?)", number, job);
    }

    void end(String job, String method) throws SQLException {
        run("INSERT INTO kill_end VALUES (?, ?)", job, method);
    }

    /** What the tables hold, one line for each row. */
    String lines(String query) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(query);
                ResultSet rows = statement.executeQuery()) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
                lines.add(rows.getString(1) + " " + rows.getString(2));
            }
            return String.join("\n", lines);
        }
    }

    private void run(String sql, Object... values) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
