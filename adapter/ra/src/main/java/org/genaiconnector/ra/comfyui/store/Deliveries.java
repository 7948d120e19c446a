package org.genaiconnector.ra.comfyui.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.database.Session;
import org.genaiconnector.ra.database.StoreException;

/**
 * Durable subscriptions. Each end of a job that one selects is a delivery of it, until it is acknowledged or given up. The
 * methods that take a row return false if the instance does not own it any more.
 */
public final class Deliveries {
    private static final String OWNED = " subscription = ? AND job_id = ? AND owner = ? AND fence = ?";

    private final Database database;
    private final Claims<DeliveryRow> claims;

    Deliveries(Database database) {
        this.database = database;
        this.claims = new Claims<>(database);
    }

    /**
     * Registers a subscription, or changes what it selects. It gets the jobs that end from then on.
     *
     * @param subscription its name, 1 to 100 characters
     * @param backend address whose jobs it selects; empty for all
     * @param tag of the jobs it selects; empty for all
     */
    public void subscribe(String subscription, Optional<String> backend, Optional<String> tag) throws StoreException {
        String step = "registering subscription " + subscription;
        Object[] values = {backend, tag, subscription};
        Database.Work<Integer> change =
                session -> session.update("UPDATE genai_subscription SET backend = ?, tag = ? WHERE name = ?", values);
        if (database.own(step, change) == 1) {
            return;
        }
        try {
            database.own(
                    step,
                    session -> session.update(
                            "INSERT INTO genai_subscription (backend, tag, name, created, version) VALUES (?, ?, ?, {now}, 0)",
                            values));
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.REFUSED || database.own(step, change) == 0) {
                throw e;
            } // else another application server was first
        }
    }

    /**
     * Takes deliveries that are due, one attempt more.
     *
     * @param instance its id
     * @param subscription its name
     * @param most that this call takes
     * @return the longest due first; empty if the instance was given up
     */
    public List<DeliveryRow> claim(String instance, String subscription, int most) throws StoreException {
        return claims.claim(
                "claiming deliveries of " + subscription, instance + ' ' + subscription, new Claims.Kind<>() {
                    @Override
                    public boolean guard(Session session) throws SQLException {
                        return session.update("UPDATE genai_instance SET claims = claims + 1 WHERE id = ?", instance)
                                == 1;
                    }

                    @Override
                    public boolean owns(Session session, DeliveryRow row) throws SQLException {
                        return session.find("SELECT fence FROM genai_delivery WHERE" + OWNED, each -> true, owned(row))
                                .isPresent();
                    }

                    @Override
                    public void take(Session session, List<DeliveryRow> claimed) throws SQLException {
                        int more = most - claimed.size();
                        if (more > 0
                                && session.update(
                                                "UPDATE genai_subscription SET version = version + 1 WHERE name = ?",
                                                subscription)
                                        == 1) {
                            List<DeliveryRow> due = due(session, instance, subscription, more);
                            deliver(session, due);
                            claimed.addAll(due);
                        }
                    }
                });
    }

    /**
     * The bean has done its work. In the calling thread's transaction if there is one: the delivery then is acknowledged if and
     * only if that is committed. Roll it back if the result is false.
     *
     * @throws StoreException kind {@code NOT_ENLISTED} if the thread is in a transaction in which the data source takes no part;
     *     then call it again after the transaction
     */
    public boolean acknowledge(DeliveryRow row) throws StoreException {
        return database.write(step("acknowledging", row), "DELETE FROM genai_delivery WHERE" + OWNED, owned(row)) == 1;
    }

    /** The bean has failed: it waits again, and is due after a delay. */
    public boolean redeliver(DeliveryRow row, Duration delay, String reason) throws StoreException {
        return changed(
                step("putting off", row),
                "state = 'WAITING', due = {now} + ?, reason = ?",
                row,
                delay.toMillis(),
                JobColumns.fitted(reason));
    }

    /** The bean was not asked: it waits again, is due now, and the attempt is taken back. */
    public boolean release(DeliveryRow row) throws StoreException {
        return changed(step("releasing", row), "state = 'WAITING', due = {now}, attempts = attempts - 1", row);
    }

    /** It is given up, and kept with the reason. */
    public boolean dead(DeliveryRow row, String reason) throws StoreException {
        return changed(step("giving up", row), "state = 'DEAD', reason = ?", row, JobColumns.fitted(reason));
    }

    private static void deliver(Session session, List<DeliveryRow> due) throws SQLException {
        session.updateAll(
                "UPDATE genai_delivery SET state = 'DELIVERING', owner = ?, fence = ?, attempts = ?, changed = {now}"
                        + " WHERE subscription = ? AND job_id = ?",
                due.stream()
                        .map(row -> new Object[] {
                            row.owner(),
                            row.fence(),
                            row.attempts(),
                            row.subscription(),
                            row.job().id()
                        })
                        .toList());
    }

    /** As they will be when they are claimed. */
    private static List<DeliveryRow> due(Session session, String instance, String subscription, int most)
            throws SQLException {
        return session.first(
                most,
                "SELECT " + JobColumns.SHORT + ", d.attempts, d.fence FROM genai_delivery d, genai_job j"
                        + " WHERE d.subscription = ? AND d.state = 'WAITING' AND d.due <= {now} AND j.id = d.job_id"
                        + " ORDER BY d.subscription, d.state, d.due, d.job_id",
                row -> new DeliveryRow(
                        subscription, JobColumns.read(row), row.getInt(18) + 1, instance, row.getLong(19) + 1),
                subscription);
    }

    private boolean changed(String step, String change, DeliveryRow row, Object... values) throws StoreException {
        Object[] all = Stream.of(values, owned(row)).flatMap(Stream::of).toArray();
        return database.own(
                        step,
                        "UPDATE genai_delivery SET owner = NULL, fence = fence + 1, changed = {now}, " + change
                                + " WHERE" + OWNED,
                        all)
                == 1;
    }

    private static Object[] owned(DeliveryRow row) {
        return new Object[] {row.subscription(), row.job().id(), row.owner(), row.fence()};
    }

    private static String step(String verb, DeliveryRow row) {
        return verb + " the end of job " + row.job().id() + " for " + row.subscription();
    }
}
