package org.genaiconnector.ra.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Failures of databases as pools of application servers report them. */
class WrappedFailuresTest {
    /** As Payara's pool does for a statement that it prepares. */
    private static SQLException wrapped(String message, String state) {
        UndeclaredThrowableException inner =
                new UndeclaredThrowableException(new InvocationTargetException(new SQLException(message, state)));
        return new SQLException(inner.toString(), inner);
    }

    @Test
    void areWhatTheDatabaseHasSaid() {
        SQLException missing = wrapped("Table \"GENAI_SCHEMA\" not found", "42S02");

        assertThat(SqlFailures.isMissingTable(missing)).isTrue();
        assertThat(SqlFailures.kind(missing)).isEqualTo(StoreException.Kind.SCHEMA);
        assertThat(SqlFailures.ofDatabase(missing).getMessage()).isEqualTo("Table \"GENAI_SCHEMA\" not found");
        assertThat(SqlFailures.isExisting(wrapped("exists", "42S01"))).isTrue();
        assertThat(SqlFailures.isDuplicate(wrapped("key", "23505"))).isTrue();
        assertThat(SqlFailures.isConflict(wrapped("deadlock", "40001"))).isTrue();
        assertThat(SqlFailures.kind(wrapped("too long", "22001"))).isEqualTo(StoreException.Kind.REFUSED);
    }

    @Test
    void areThemselvesWithoutAnythingElse() {
        SQLException plain = new SQLException("pool exhausted");

        assertThat(SqlFailures.ofDatabase(plain) == plain).isTrue();
        assertThat(SqlFailures.kind(plain)).isEqualTo(StoreException.Kind.UNAVAILABLE);
        assertThat(SqlFailures.isMissingTable(plain)).isFalse();
    }
}
