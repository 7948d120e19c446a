package org.genaiconnector.ra.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.genaiconnector.ra.database.StoreException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is done about the failures of databases. */
class SqlFailuresTest {

    /** State, vendor code and message as the databases give them. */
    @ParameterizedTest
    @CsvSource({
        "08006, 0, connection lost, UNAVAILABLE",
        "57P01, 0, terminating connection due to administrator command, UNAVAILABLE",
        "53100, 0, could not extend file: No space left on device, UNAVAILABLE",
        "90031, 90031, IO Exception: disk full, UNAVAILABLE",
        "90121, 90121, Database is already closed, UNAVAILABLE",
        "HY000, 1114, The table is full, UNAVAILABLE",
        "28000, 0, no such role, UNAVAILABLE",
        ", 0, , UNAVAILABLE",
        "22001, 0, value too long, REFUSED",
        "72000, 12899, ORA-12899: value too large for column, REFUSED",
        "23505, 0, duplicate key, REFUSED",
        "42P01, 0, relation does not exist, SCHEMA",
        "42S02, 42102, Table not found, SCHEMA",
        "42501, 0, permission denied, SCHEMA",
        "S0002, 208, Invalid object name, SCHEMA",
        "42000, 942, ORA-00942: table or view does not exist, SCHEMA"
    })
    void haveAKind(String state, int code, String message, Kind kind) {
        assertThat(SqlFailures.kind(new SQLException(message, state, code))).isEqualTo(kind);
    }

    @Test
    void whatTheDriverCallsTransientIs() {
        assertThat(SqlFailures.kind(new SQLTransientConnectionException("x", "42000")))
                .isEqualTo(Kind.UNAVAILABLE);
        assertThat(SqlFailures.kind(new SQLRecoverableException("x"))).isEqualTo(Kind.UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "40001, 0, deadlock",
        "40P01, 0, deadlock detected",
        "HYT00, 50200, Timeout trying to lock table",
        "61000, 60, ORA-00060: deadlock detected"
    })
    void conflictsAreTriedAgain(String state, int code, String message) {
        assertThat(SqlFailures.isConflict(new SQLException(message, state, code)))
                .isTrue();
    }

    @Test
    void otherFailuresAreNotTriedAgain() {
        assertThat(SqlFailures.isConflict(new SQLException("x", "72000", 60))).isFalse();
        assertThat(SqlFailures.isConflict(new SQLException("x"))).isFalse();
    }
}
