package org.genaiconnector.ra.llm.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.genaiconnector.ForeignText;
import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.database.Session;
import org.genaiconnector.ra.database.SqlFailures;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.ra.llm.limits.LimitRows;
import org.genaiconnector.ra.llm.limits.Scope;

/**
 * The table of limits: one row for what was counted under a name. A row is read without a lock, and written only in the version that
 * was read. Nothing is done in the transaction of a caller. All threads may use it.
 */
public final class LimitTable implements LimitRows {
    /** Leaves room for the remark of how long it is. */
    private static final int LONGEST_NAME = 160;

    /** Rows of one query; Oracle takes no more than 1000. A power of two. */
    private static final int MOST_AT_ONCE = 256;

    private static final String CLOCK = " FROM (SELECT {now} millis FROM genai_schema) c LEFT JOIN genai_limit l ON ";

    private final Database database;
    private final String targets;

    /**
     * The rows of some targets.
     *
     * @param database that has them
     * @param targets tells them from those of other factories; at most 200 characters
     */
    public LimitTable(Database database, String targets) {
        this.database = database;
        this.targets = targets;
    }

    @FunctionalInterface
    private interface Call<T> {
        T now() throws StoreException;
    }

    private static <T> T reached(Call<T> call) throws UnreachableException {
        try {
            return call.now();
        } catch (StoreException | IllegalStateException e) { // the latter without a thread, such as after a stop
            throw new UnreachableException(e.getMessage(), e);
        }
    }

    /** Names differ in case, in blanks at their end and in broken characters, which not every database sees; and they may be long. */
    private String id(Key key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String each : List.of(targets, key.scope().name(), key.name())) {
                ByteBuffer characters = ByteBuffer.allocate(2 * each.length() + 2); // the last one ends it
                characters.asCharBuffer().put(each);
                digest.update(characters);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    @Override
    public Seen read(Collection<Key> keys) throws UnreachableException {
        Map<String, Key> asked = new LinkedHashMap<>();
        keys.forEach(key -> asked.put(id(key), key));
        List<String> ids = List.copyOf(asked.keySet());
        List<Row> rows = new ArrayList<>();
        long now = 0;
        for (int from = 0; from < ids.size(); from += MOST_AT_ONCE) {
            Seen seen = read(ids.subList(from, Math.min(from + MOST_AT_ONCE, ids.size())), asked);
            rows.addAll(seen.rows());
            now = seen.now();
        }
        return new Seen(now, rows);
    }

    private Seen read(List<String> ids, Map<String, Key> asked) throws UnreachableException {
        Object[] values = new Object[Integer.highestOneBit(2 * ids.size() - 1)]; // few forms of the statement
        Arrays.setAll(values, i -> ids.get(Math.min(i, ids.size() - 1)));
        String places = String.join(", ", Collections.nCopies(values.length, "?"));
        return reached(() -> database.single(
                "reading limits",
                session -> seen(
                        session,
                        "SELECT c.millis, l.id, l.version, l.counted" + CLOCK + "l.id IN (" + places + ")",
                        row -> asked.get(row.getString(2)),
                        values)));
    }

    @Override
    public Seen readAll(int most) throws UnreachableException {
        return reached(() -> database.single(
                "reading all limits",
                session -> seen(
                        session,
                        "SELECT c.millis, l.id, l.version, l.counted, l.belongs_to, l.name" + CLOCK
                                + "l.targets = ? ORDER BY l.expires DESC"
                                + session.dialect().limit(most, 0),
                        this::key,
                        targets)));
    }

    /** Null for a name that is not stored as it is. */
    private Key key(java.sql.ResultSet row) throws SQLException {
        Key key = new Key(Scope.valueOf(row.getString(5)), Objects.toString(row.getString(6), ""));
        return id(key).equals(row.getString(2)) ? key : null;
    }

    private static Seen seen(Session session, String sql, Session.Reader<Key> keys, Object... values)
            throws SQLException {
        List<Row> rows = new ArrayList<>();
        List<Long> clock = session.list(
                sql,
                row -> {
                    if (row.getString(2) != null) {
                        Key key = keys.read(row);
                        if (key != null) {
                            rows.add(new Row(key, row.getLong(3), row.getString(4), 0));
                        }
                    }
                    return row.getLong(1);
                },
                values);
        if (clock.isEmpty()) {
            throw new SQLException("table genai_schema is empty", "42000");
        }
        return new Seen(clock.get(0), rows);
    }

    private record Identified(String id, Row row) {}

    @Override
    public boolean write(List<Row> rows) throws UnreachableException {
        List<Identified> sorted = rows.stream()
                .map(row -> new Identified(id(row.key()), row))
                .sorted(Comparator.comparing(Identified::id)) // two writers never wait for each other
                .toList();
        return reached(() -> sorted.size() == 1
                ? database.single("writing a limit", session -> written(session, sorted))
                : database.own("writing limits", session -> written(session, sorted)));
    }

    private boolean written(Session session, List<Identified> rows) throws SQLException {
        for (Identified row : rows) {
            if (!written(session, row)) {
                if (!session.connection().getAutoCommit()) {
                    session.connection().rollback();
                }
                return false;
            }
        }
        return true;
    }

    private boolean written(Session session, Identified one) throws SQLException {
        return one.row().version() > 0 ? updated(session, one) : inserted(session, one);
    }

    private static boolean updated(Session session, Identified one) throws SQLException {
        return session.update(
                        "UPDATE genai_limit SET version = version + 1, expires = ?, counted = ? WHERE id = ? AND version = ?",
                        one.row().expires(),
                        one.row().counted(),
                        one.id(),
                        one.row().version())
                == 1;
    }

    /** Its versions begin with a time, so that those of a row that was deleted do not come again. */
    private boolean inserted(Session session, Identified one) throws SQLException {
        Row row = one.row();
        try {
            return session.update(
                            "INSERT INTO genai_limit (id, targets, belongs_to, name, version, expires, counted)"
                                    + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                            one.id(),
                            targets,
                            row.key().scope().name(),
                            ForeignText.line(row.key().name(), LONGEST_NAME),
                            row.expires(),
                            row.expires(),
                            row.counted())
                    == 1;
        } catch (SQLException e) {
            if (SqlFailures.isDuplicate(e)) { // another one was faster
                return false;
            }
            throw e;
        }
    }

    @Override
    public void purge() throws UnreachableException {
        reached(() -> database.own("deleting old limits", "DELETE FROM genai_limit WHERE expires < {now}"));
    }
}
