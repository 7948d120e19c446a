package org.genaiconnector.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.apache.openejb.loader.SystemInstance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs, and a database, in transactions of TomEE: what docs/transactions.md and docs/tomee.md say of it. */
interface TomEeTransactions {
    /** The application. */
    Checks checks();

    @BeforeEach
    default void createTable() throws Exception {
        try (Connection connection = TomEe.database().getConnection();
                PreparedStatement create =
                        connection.prepareStatement("create table if not exists notes (note varchar(36))")) {
            create.execute();
        }
    }

    private static TransactionManager transactions() {
        return SystemInstance.get().getComponent(TransactionManager.class);
    }

    /** Writes a row. */
    private static String write() throws Exception {
        String note = UUID.randomUUID().toString();
        try (Connection connection = TomEe.database().getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into notes values (?)")) {
            insert.setString(1, note);
            insert.execute();
        }
        return note;
    }

    private static boolean isWritten(String note) throws Exception {
        try (Connection connection = TomEe.database().getConnection();
                PreparedStatement select = connection.prepareStatement("select note from notes where note = ?")) {
            return found(select, note);
        }
    }

    private static boolean found(PreparedStatement select, String note) throws SQLException {
        select.setString(1, note);
        try (ResultSet rows = select.executeQuery()) {
            return rows.next();
        }
    }

    @Test
    default void jobsAndRowsAreCommittedTogether() throws Exception {
        transactions().begin();
        String job = checks().queue(8);
        String note = write();

        transactions().commit();

        assertThat(checks().await(job)).isEqualTo("COMPLETED");
        assertThat(isWritten(note)).isTrue();
    }

    @Test
    default void jobsAndRowsAreRolledBackTogether() throws Exception {
        transactions().begin();
        String job = checks().queue(8);
        String note = write();

        transactions().rollback();

        assertThat(checks().state(job)).isEqualTo("unknown");
        assertThat(isWritten(note)).isFalse();
    }

    @Test
    default void refusedPromptFailsTheCommit() throws Exception {
        transactions().begin();
        String good = checks().queue(8);
        String bad = checks().queue(0);

        assertThatThrownBy(transactions()::commit).isInstanceOf(SystemException.class);

        assertThat(List.of(checks().state(good), checks().state(bad))).containsOnly("REJECTED");
    }

    /** TomEE commits a resource with local transactions not before, but among those that it has prepared. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    default void rowsAreCommittedAlthoughAPromptIsRefused(boolean jobFirst) throws Exception {
        transactions().begin();
        String job = jobFirst ? checks().queue(0) : null;
        String note = write();
        if (!jobFirst) {
            job = checks().queue(0);
        }

        assertThatThrownBy(transactions()::commit).isInstanceOf(SystemException.class);

        assertThat(checks().state(job)).isEqualTo("REJECTED");
        assertThat(isWritten(note)).isTrue();
    }
}
