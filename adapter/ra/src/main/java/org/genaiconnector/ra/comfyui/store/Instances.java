package org.genaiconnector.ra.comfyui.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.database.Session;
import org.genaiconnector.ra.database.SqlFailures;
import org.genaiconnector.ra.database.StoreException;

/**
 * Who works on the rows of a store: each instance has a row with the end of its lease. An instance whose lease is over owns
 * nothing any more as soon as another one notices; whoever still works for it is fenced off.
 */
public final class Instances {
    private static final int LONGEST_NAME = 200;

    private final Database database;
    private final LongAdder takeOvers = new LongAdder();

    Instances(Database database) {
        this.database = database;
    }

    /**
     * Registers a new instance.
     *
     * @param instanceName for people, at most 200 characters are kept
     * @param lease how long it lives without a renewal
     * @return its id
     */
    public String register(String instanceName, Duration lease) throws StoreException {
        String id = UUID.randomUUID().toString();
        String known = instanceName.substring(0, Math.min(instanceName.length(), LONGEST_NAME));
        database.own(
                "registering this application server",
                session -> session.update(
                        "INSERT INTO genai_instance (id, name, lease_until, started, claims) VALUES (?, ?, {now} + ?, {now}, 0)",
                        id,
                        known,
                        lease.toMillis()));
        return id;
    }

    /**
     * Renews a lease. Call it every third of the lease.
     *
     * @param id of the instance
     * @param lease from now on
     * @return false if the instance was given up: it owns nothing any more; register a new one
     */
    public boolean renew(String id, Duration lease) throws StoreException {
        return database.own(
                        "renewing the lease of this application server",
                        session -> session.update(
                                "UPDATE genai_instance SET lease_until = {now} + ? WHERE id = ?", lease.toMillis(), id))
                == 1;
    }

    /**
     * Gives up instances whose lease is over: their jobs wait to be adopted, their deliveries are due. Any instance may call it
     * at any time; each dead instance is given up once.
     *
     * @return how many instances this call has given up
     */
    public int takeOver() throws StoreException {
        String step = "taking over from other application servers";
        List<String> dead = database.own(
                step,
                session -> session.list(
                        "SELECT id FROM genai_instance WHERE lease_until < {now} ORDER BY id",
                        row -> row.getString(1)));
        int given = 0;
        for (String id : dead) {
            if (isReleased(step, id)) {
                given++;
                takeOvers.increment();
            }
        }
        return given;
    }

    /** One that is suspended within a transaction keeps rows locked. Its work waits, but not that of the others. */
    private boolean isReleased(String step, String id) throws StoreException {
        try {
            return database.own(step, session -> release(session, id, " AND lease_until < {now}"));
        } catch (StoreException e) {
            if (e.getCause() instanceof SQLException failure && SqlFailures.isLocked(failure)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Releases what an instance owns and removes it.
     *
     * @param id of the instance; nothing happens if it was given up already
     */
    public void unregister(String id) throws StoreException {
        database.own("releasing the work of this application server", session -> release(session, id, ""));
    }

    /** How many instances are registered whose lease is not over. */
    public int live() throws StoreException {
        return database.own(
                "counting the application servers",
                session -> session.find(
                                "SELECT COUNT(*) FROM genai_instance WHERE lease_until >= {now}", row -> row.getInt(1))
                        .orElseThrow());
    }

    /** How many instances this object has given up. */
    long takeOvers() {
        return takeOvers.sum();
    }

    /** Claims keep one of the first two rows locked, so what they claimed is seen here. */
    private static boolean release(Session session, String id, String condition) throws SQLException {
        if (session.update("DELETE FROM genai_instance WHERE id = ?" + condition, id) == 0) {
            return false;
        }
        session.update("DELETE FROM genai_worker WHERE instance = ?", id);
        session.update("UPDATE genai_job SET owner = NULL, fence = fence + 1 WHERE owner = ?", id);
        session.update(
                "UPDATE genai_delivery SET state = 'WAITING', owner = NULL, fence = fence + 1, due = {now}, changed = {now}"
                        + " WHERE owner = ?",
                id);
        return true;
    }
}
