package org.genaiconnector.ra.database;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The version of the tables, and how they are made. */
final class Schema {
    private static final int VERSION = 1;
    private static final String PRODUCT = "genai-connector";

    private Schema() {}

    /** The tables are missing, or not those of this version. */
    static final class WrongSchemaException extends SQLException {
        private static final long serialVersionUID = 1L;

        WrongSchemaException(String message, SQLException cause) {
            super(message, "42000", cause);
        }
    }

    private record Found(int version, String product) {}

    /**
     * Checks the tables, and makes those that are missing if it may. Several application servers may do so at once.
     *
     * @param session that commits each statement
     */
    static void prepare(Session session, boolean mayCreate) throws SQLException {
        try {
            check(session);
        } catch (WrongSchemaException e) {
            if (!mayCreate || e.getCause() == null) {
                throw e;
            }
            create(session);
            check(session);
        }
    }

    /** @throws WrongSchemaException with a cause if tables are missing, without if there are others */
    private static void check(Session session) throws SQLException {
        List<Found> found;
        try {
            found = session.list(
                    "SELECT version, product FROM genai_schema ORDER BY version",
                    row -> new Found(row.getInt(1), row.getString(2)));
            if (found.equals(List.of(new Found(VERSION, PRODUCT)))) { // early drafts had no such table
                session.find("SELECT id FROM genai_limit WHERE id = '-'", row -> row.getString(1));
            }
        } catch (SQLException e) {
            if (SqlFailures.isMissingTable(e)) {
                throw missing(session, e);
            }
            throw e;
        }
        if (found.isEmpty()) {
            throw missing(session, new SQLException("table genai_schema is empty"));
        }
        if (found.size() > 1 || !found.get(0).equals(new Found(VERSION, PRODUCT))) {
            throw new WrongSchemaException(
                    "the tables genai_... are of another product or version: genai_schema says "
                            + found.stream()
                                    .map(each -> "version " + each.version() + " of " + each.product())
                                    .toList()
                            + ", and this adapter needs version " + VERSION + " of " + PRODUCT
                            + ". Use a database or schema of its own, or the adapter of that version",
                    null);
        }
    }

    private static WrongSchemaException missing(Session session, SQLException cause) {
        return new WrongSchemaException(
                "the tables genai_... are missing or incomplete ("
                        + SqlFailures.ofDatabase(cause).getMessage()
                        + "). Run server-config/job-store/" + session.dialect().file()
                        + " once, or set the property jobStoreCreateTables to true",
                cause);
    }

    /** What exists already is passed over, since another application server may be making the same. */
    private static void create(Session session) throws SQLException {
        for (String sql : session.dialect().tables()) {
            try {
                create(session, sql);
            } catch (SQLException e) {
                create(session, sql); // H2 fails in odd ways if two connections make an index at once
            }
        }
    }

    private static void create(Session session, String sql) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            if (!SqlFailures.isExisting(e)) {
                throw e;
            }
        }
    }
}
