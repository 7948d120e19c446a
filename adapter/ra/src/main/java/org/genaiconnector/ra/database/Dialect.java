package org.genaiconnector.ra.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What differs between databases: how the clock is read and a result is limited, the types of the columns (in the file with the
 * tables), and by which codes failures are told apart.
 */
public enum Dialect {
    POSTGRESQL(
            "PostgreSQL",
            "CAST(FLOOR(EXTRACT(EPOCH FROM STATEMENT_TIMESTAMP()) * 1000) AS BIGINT)",
            " OFFSET %2$d ROWS FETCH NEXT %1$d ROWS ONLY"),
    H2(
            "H2",
            "CAST(FLOOR(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000) AS BIGINT)",
            " OFFSET %2$d ROWS FETCH NEXT %1$d ROWS ONLY"),
    MYSQL(
            "MySQL",
            "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000)",
            " LIMIT %1$d OFFSET %2$d"),
    MARIADB("MariaDB", MYSQL.now, MYSQL.limit),
    ORACLE(
            "Oracle",
            "(SELECT EXTRACT(DAY FROM t) * 86400000 + EXTRACT(HOUR FROM t) * 3600000 + EXTRACT(MINUTE FROM t) * 60000"
                    + " + FLOOR(EXTRACT(SECOND FROM t) * 1000)"
                    + " FROM (SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) - TIMESTAMP '1970-01-01 00:00:00' t FROM DUAL))",
            " OFFSET %2$d ROWS FETCH NEXT %1$d ROWS ONLY"),
    SQLSERVER(
            "Microsoft SQL Server",
            "DATEDIFF_BIG(MILLISECOND, '1970-01-01', SYSUTCDATETIME())",
            " OFFSET %2$d ROWS FETCH NEXT %1$d ROWS ONLY"),
    DB2(
            "DB2",
            "(BIGINT(DAYS(CURRENT TIMESTAMP - CURRENT TIMEZONE) - DAYS(DATE('1970-01-01'))) * 86400000"
                    + " + BIGINT(MIDNIGHT_SECONDS(CURRENT TIMESTAMP - CURRENT TIMEZONE)) * 1000"
                    + " + MICROSECOND(CURRENT TIMESTAMP) / 1000)",
            " OFFSET %2$d ROWS FETCH NEXT %1$d ROWS ONLY");

    /** After so long without a statement in a transaction its application server is suspended, or dead. */
    private static final int LONGEST_IDLE_MILLIS = 5_000;

    /** Less than a lease, so that whoever waits for a lock can renew his. */
    private static final int LONGEST_LOCK_MILLIS = 2_000;

    private final String product;
    private final String now;
    private final String limit;

    Dialect(String product, String now, String limit) {
        this.product = product;
        this.now = now;
        this.limit = limit;
    }

    /**
     * The dialect of a database.
     *
     * @throws UnsupportedDatabaseException if there is none
     */
    public static Dialect of(DatabaseMetaData database) throws SQLException {
        String name = database.getDatabaseProductName();
        if (name.equals(MYSQL.product) && database.getDatabaseProductVersion().contains(MARIADB.product)) {
            return MARIADB; // as MySQL's driver sees it
        }
        return Arrays.stream(values())
                .filter(each -> name.startsWith(each.product))
                .findFirst()
                .orElseThrow(() -> new UnsupportedDatabaseException(name));
    }

    /** A database that the adapter has no tables for. */
    static final class UnsupportedDatabaseException extends SQLException {
        private static final long serialVersionUID = 1L;

        UnsupportedDatabaseException(String name) {
            super("a job store in " + name + " is not supported. Supported are "
                    + Arrays.stream(values()).map(each -> each.product).collect(Collectors.joining(", ")));
        }
    }

    /** The statement as this database takes it: <code>{now}</code> is the database's clock in milliseconds since 1970. */
    String translate(String sql) {
        return sql.replace("{now}", now);
    }

    /** The end of a query that has an {@code ORDER BY}. */
    public String limit(long most, long skipped) {
        return limit.formatted(most, skipped);
    }

    /** Whether transactions see the past unless told otherwise. */
    boolean needsReadCommitted() {
        return this == MYSQL || this == MARIADB;
    }

    /**
     * A statement for the beginning of each transaction of the adapter's own, which ends with it: an application server that is
     * suspended within one keeps rows locked, and others must go on.
     */
    Optional<String> beginning() {
        return this == POSTGRESQL
                ? Optional.of("SELECT set_config('idle_in_transaction_session_timeout', '" + LONGEST_IDLE_MILLIS
                        + "', true), set_config('lock_timeout', '" + LONGEST_LOCK_MILLIS + "', true)")
                : Optional.empty();
    }

    /** Name of the file with the tables, in {@code server-config/job-store} and among the resources of this package. */
    String file() {
        return name().toLowerCase(Locale.ROOT) + ".sql";
    }

    /** The statements that make the tables. */
    public List<String> tables() {
        try (InputStream file = Dialect.class.getResourceAsStream(file())) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("--"))
                    .collect(Collectors.joining("\n"));
            return Arrays.stream(text.split(";"))
                    .map(String::strip)
                    .filter(statement -> !statement.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("The adapter's archive cannot be read: " + file(), e);
        }
    }
}
