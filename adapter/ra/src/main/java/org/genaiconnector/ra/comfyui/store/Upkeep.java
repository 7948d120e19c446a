package org.genaiconnector.ra.comfyui.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.database.Session;
import org.genaiconnector.ra.database.StoreException;

/** What an administrator sees and does. */
public final class Upkeep {
    private static final String DEAD = " WHERE subscription = ? AND job_id = ? AND state = 'DEAD'";
    private static final String UNDELIVERED =
            " AND NOT EXISTS (SELECT d.job_id FROM genai_delivery d WHERE d.job_id = j.id)";

    /** So that the index is used that begins with the backend. */
    private static final String OF_BACKENDS = " AND backend IN (SELECT address FROM genai_backend)";

    private final Database database;
    private final Instances instances;
    private final Object lock = new Object();
    private StoreFigures read;
    private long readAt;

    Upkeep(Database database, Instances instances) {
        this.database = database;
        this.instances = instances;
    }

    /**
     * The figures. Reading them takes time that grows with the number of jobs.
     *
     * @param notOlderThan zero to read them anew
     */
    public StoreFigures figures(Duration notOlderThan) throws StoreException {
        synchronized (lock) {
            if (read == null || System.nanoTime() - readAt >= notOlderThan.toNanos()) {
                long start = System.nanoTime();
                read = database.own("reading the figures", this::figures);
                readAt = start;
            }
            return read;
        }
    }

    /**
     * Deletes old jobs that have ended. Never one of which a delivery waits or is dead.
     *
     * @param age after the end, at which they are deleted; zero for never
     * @param count of ended jobs that are kept, the youngest; zero for no limit
     * @param most that this call deletes
     * @return how many it has deleted; call it again if that is {@code most}
     */
    public int purge(Duration age, long count, int most) throws StoreException {
        return database.own("deleting old jobs", session -> {
            long end = Math.max(
                    age.isZero() ? 0 : session.now() - age.toMillis(), count == 0 ? 0 : endOfKept(session, count));
            List<String> old = session.first(
                    most,
                    "SELECT j.id FROM genai_job j WHERE j.ended > 0 AND j.ended < ?" + UNDELIVERED
                            + " ORDER BY j.ended DESC",
                    row -> row.getString(1),
                    end);
            int deleted = 0;
            for (String id : old) {
                deleted += session.update(
                        "DELETE FROM genai_job WHERE id = ? AND ended IS NOT NULL AND NOT EXISTS"
                                + " (SELECT d.job_id FROM genai_delivery d WHERE d.job_id = genai_job.id)",
                        id);
            }
            return deleted;
        });
    }

    /**
     * Queues a job again that ended as failed, cancelled, rejected or lost. Its attempts begin anew.
     *
     * @return false if there is no such job
     */
    public boolean requeue(String id) throws StoreException {
        return database.own("queueing job " + id + " again", session -> {
            boolean queued = session.update(
                            "UPDATE genai_job SET state = 'QUEUED', cancel = 0, owner = NULL, fence = fence + 1, attempts = 0,"
                                    + " due = {now}, deadline = NULL, ended = NULL, outcome = NULL, reason = NULL"
                                    + " WHERE id = ? AND state IN ('FAILED', 'CANCELLED', 'REJECTED', 'LOST')",
                            id)
                    == 1;
            if (queued) { // its next end takes the place of this one
                session.update("DELETE FROM genai_delivery WHERE job_id = ?", id);
            }
            return queued;
        });
    }

    /**
     * Deliveries that were given up.
     *
     * @param most 1 or more
     * @return the eldest first
     */
    public List<DeadDelivery> dead(int most) throws StoreException {
        return database.own(
                "reading the dead deliveries",
                session -> session.first(
                        most,
                        "SELECT subscription, job_id, attempts, changed, reason FROM genai_delivery WHERE state = 'DEAD'"
                                + " ORDER BY changed, subscription, job_id",
                        row -> new DeadDelivery(
                                row.getString(1),
                                row.getString(2),
                                row.getInt(3),
                                Instant.ofEpochMilli(row.getLong(4)).toString(),
                                row.getString(5))));
    }

    /**
     * Makes a dead delivery due. Its attempts begin anew.
     *
     * @return false if there is no such delivery
     */
    public boolean redeliver(String subscription, String jobId) throws StoreException {
        return database.own(
                        "redelivering job " + jobId + " to " + subscription,
                        session -> session.update(
                                "UPDATE genai_delivery SET state = 'WAITING', due = {now}, changed = {now}, attempts = 0,"
                                        + " fence = fence + 1" + DEAD,
                                subscription,
                                jobId))
                == 1;
    }

    /**
     * Deletes a dead delivery.
     *
     * @return false if there is no such delivery
     */
    public boolean discard(String subscription, String jobId) throws StoreException {
        return database.own(
                        "discarding the end of job " + jobId + " for " + subscription,
                        session -> session.update("DELETE FROM genai_delivery" + DEAD, subscription, jobId))
                == 1;
    }

    /**
     * Deletes a subscription with all its deliveries.
     *
     * @return false if there is no such subscription
     */
    public boolean unsubscribe(String subscription) throws StoreException {
        return database.own("deleting subscription " + subscription, session -> {
            boolean there = session.update("DELETE FROM genai_subscription WHERE name = ?", subscription) == 1;
            session.update("DELETE FROM genai_delivery WHERE subscription = ?", subscription);
            return there;
        });
    }

    private StoreFigures figures(Session session) throws SQLException {
        Map<StoredState, Long> jobs = new EnumMap<>(StoredState.class);
        session.list(
                "SELECT state, COUNT(*) FROM genai_job GROUP BY state",
                row -> jobs.put(StoredState.valueOf(row.getString(1)), row.getLong(2)));
        Optional<Duration> oldest = session
                .list(
                        "SELECT {now} - MIN(created), COUNT(*) FROM genai_job WHERE state = 'QUEUED'" + OF_BACKENDS,
                        row -> row.getLong(2) == 0 ? null : Duration.ofMillis(row.getLong(1)))
                .stream()
                .filter(Objects::nonNull)
                .findFirst();
        return new StoreFigures(
                jobs,
                oldest,
                inFlight(session),
                counts(
                        session,
                        "SELECT subscription, COUNT(*) FROM genai_delivery WHERE state IN ('WAITING', 'DELIVERING')"
                                + " GROUP BY subscription"),
                counts(
                        session,
                        "SELECT subscription, COUNT(*) FROM genai_delivery WHERE state = 'DEAD' GROUP BY subscription"),
                session.find("SELECT COUNT(*) FROM genai_instance WHERE lease_until >= {now}", row -> row.getLong(1))
                        .orElse(0L),
                instances.takeOvers());
    }

    private static Map<String, Long> inFlight(Session session) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String backend : session.list("SELECT address FROM genai_backend", row -> row.getString(1))) {
            long jobs = JobClaim.owners(session, backend).size();
            if (jobs > 0) {
                counts.put(backend, jobs);
            }
        }
        return counts;
    }

    private static Map<String, Long> counts(Session session, String sql) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        session.list(sql, row -> counts.put(row.getString(1), row.getLong(2)));
        return counts;
    }

    /** When the eldest of the jobs ended that are kept for their number. */
    private static long endOfKept(Session session, long count) throws SQLException {
        return session
                .list(
                        "SELECT ended FROM genai_job WHERE ended > 0 ORDER BY ended DESC"
                                + session.dialect().limit(1, count - 1),
                        row -> row.getLong(1))
                .stream()
                .findFirst()
                .orElse(0L);
    }
}
