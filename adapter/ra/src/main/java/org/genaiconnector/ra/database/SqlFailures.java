package org.genaiconnector.ra.database;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/** Tells failures of databases apart, by the SQL states of the standard where a database has them, else by its own codes. */
public final class SqlFailures {
    private static final Set<String> MISSING_STATES = Set.of("42P01", "42S02", "42S03", "42S04", "42704", "S0002");
    private static final Set<Integer> MISSING_CODES = Set.of(942);

    private static final Set<String> EXISTING_STATES = Set.of("42P07", "42S01", "42S11", "42710", "S0001");
    private static final Set<Integer> EXISTING_CODES = Set.of(955, 1_050, 1_061, 2_714, 1_913);

    private static final Set<String> LOCKED_STATES = Set.of("55P03", "HYT00");

    private static final int ORACLE_TOO_LARGE = 12_899;
    private static final Set<Integer> ORACLE_CONFLICTS = Set.of(60, 8_177);

    private SqlFailures() {}

    /**
     * What the database has said: application servers wrap it, such as Payara, whose pool reports an {@code
     * UndeclaredThrowableException} for statements that it caches.
     */
    static SQLException ofDatabase(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException known && known.getSQLState() != null) {
                return known;
            }
        }
        return e;
    }

    /** The table is not there: PostgreSQL, H2 and MySQL, Db2, SQL Server; Oracle. */
    static boolean isMissingTable(SQLException failure) {
        SQLException e = ofDatabase(failure);
        return MISSING_STATES.contains(state(e)) || MISSING_CODES.contains(e.getErrorCode());
    }

    /** The table, index or row is there already: PostgreSQL, H2, Db2, SQL Server; Oracle, MySQL, SQL Server. */
    static boolean isExisting(SQLException failure) {
        SQLException e = ofDatabase(failure);
        return EXISTING_STATES.contains(state(e)) || EXISTING_CODES.contains(e.getErrorCode()) || isDuplicate(e);
    }

    /** A row with this key is there already. */
    public static boolean isDuplicate(SQLException e) {
        return state(ofDatabase(e)).startsWith("23");
    }

    /** Another transaction was in the way: the same succeeds when it is repeated. */
    static boolean isConflict(SQLException failure) {
        SQLException e = ofDatabase(failure);
        return state(e).startsWith("40")
                || state(e).equals("HYT00")
                || isOracle(e) && ORACLE_CONFLICTS.contains(e.getErrorCode());
    }

    /** Another transaction has kept a row locked for too long: PostgreSQL; H2 and others. */
    public static boolean isLocked(SQLException failure) {
        return LOCKED_STATES.contains(state(ofDatabase(failure)));
    }

    /** What to do about a failure. */
    static StoreException.Kind kind(SQLException failure) {
        if (failure instanceof Dialect.UnsupportedDatabaseException) {
            return StoreException.Kind.SCHEMA;
        }
        SQLException e = ofDatabase(failure);
        if (e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || e instanceof SQLNonTransientConnectionException) {
            return StoreException.Kind.UNAVAILABLE;
        }
        String state = state(e);
        if (state.startsWith("22") || isDuplicate(e) || isOracle(e) && e.getErrorCode() == ORACLE_TOO_LARGE) {
            return StoreException.Kind.REFUSED;
        }
        return state.startsWith("42") || state.startsWith("S0") || isOracle(e) && isMissingTable(e)
                ? StoreException.Kind.SCHEMA
                : StoreException.Kind.UNAVAILABLE;
    }

    private static boolean isOracle(SQLException e) {
        return String.valueOf(e.getMessage()).startsWith("ORA-");
    }

    private static String state(SQLException e) {
        if (e instanceof BatchUpdateException && e.getNextException() != null) {
            return state(e.getNextException());
        }
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
