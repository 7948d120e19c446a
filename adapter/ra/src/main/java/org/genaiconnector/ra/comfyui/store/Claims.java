package org.genaiconnector.ra.comfyui.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.database.Session;
import org.genaiconnector.ra.database.StoreException;

/**
 * Claims rows, and remembers what it claimed in transactions whose commit failed, and perhaps did not: the database can go away
 * between the commit and the answer. Then rows have an owner that does not know of them. The next claim hands them out.
 *
 * @param <R> what is claimed
 */
final class Claims<R> {
    private final Database database;
    private final Map<String, List<R>> unsure = new ConcurrentHashMap<>();

    Claims(Database database) {
        this.database = database;
    }

    /** One kind of claim. */
    interface Kind<R> {
        /** Keeps the instance from being given up until the transaction ends; tells false if it was given up. */
        boolean guard(Session session) throws SQLException;

        /** Whether the instance owns a row as it was claimed. */
        boolean owns(Session session, R row) throws SQLException;

        /** Claims rows, and adds each to those that are claimed already. */
        void take(Session session, List<R> claimed) throws SQLException;
    }

    /**
     * Claims rows.
     *
     * @param step for messages
     * @param key names the instance and what it claims
     */
    List<R> claim(String step, String key, Kind<R> kind) throws StoreException {
        List<R> before = unsure.remove(key);
        List<R> claimed = new ArrayList<>();
        try {
            return database.own(step, session -> {
                claimed.clear();
                if (kind.guard(session)) {
                    for (R row : before == null ? List.<R>of() : before) {
                        if (kind.owns(session, row)) {
                            claimed.add(row);
                        }
                    }
                    kind.take(session, claimed);
                }
                return claimed;
            });
        } catch (StoreException e) {
            Set<R> all = new LinkedHashSet<>(claimed);
            if (before != null) {
                all.addAll(before);
            }
            if (!all.isEmpty()) {
                unsure.merge(key, List.copyOf(all), Claims::both);
            }
            throw e;
        }
    }

    private static <R> List<R> both(List<R> some, List<R> others) {
        Set<R> all = new LinkedHashSet<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }
}
