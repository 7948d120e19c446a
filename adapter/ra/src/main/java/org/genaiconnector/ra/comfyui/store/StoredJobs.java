package org.genaiconnector.ra.comfyui.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.database.StoreException;

/** What applications do with the jobs of a store. */
public final class StoredJobs {
    private static final int LONGEST_ID = 36;

    private static final String COLUMNS =
            "INSERT INTO genai_job (id, backend, tag, caller, priority, seq, state, cancel,"
                    + " submission, attempts, fence, created, due, deadline) VALUES (?, ?, ?, ?, ?, ?, 'QUEUED', 0, ?, 0, 0, {now}, {now}, ";
    private static final String INSERT = COLUMNS + "NULL)";
    private static final String INSERT_WITH_DEADLINE = COLUMNS + "{now} + ?)";

    private final Database database;

    /** Orders jobs of the same millisecond. */
    private final AtomicLong sequence = new AtomicLong();

    private record Place(String backend, double priority, long created, long seq) {}

    StoredJobs(Database database) {
        this.database = database;
    }

    /**
     * Inserts a job, in the calling thread's transaction if there is one, else for good. Wake the dispatcher after the commit.
     *
     * @param job with a new id
     * @throws StoreException kind {@code NOT_ENLISTED} if the thread is in a transaction in which the data source takes no part,
     *     {@code REFUSED} if a value is too long for its column
     */
    public void insert(NewJob job) throws StoreException {
        boolean overdue = !job.queueTimeout().isZero();
        Object[] values = Stream.concat(
                        Stream.of(
                                job.id(),
                                job.backend(),
                                job.tag(),
                                job.caller(),
                                job.priority(),
                                sequence.getAndIncrement(),
                                job.submission()),
                        overdue ? Stream.of(job.queueTimeout().toMillis()) : Stream.empty())
                .toArray();
        try {
            database.write(
                    "queueing job " + job.id(),
                    session -> session.update(overdue ? INSERT_WITH_DEADLINE : INSERT, values));
        } catch (StoreException e) {
            if (database.inTransaction() || e.kind() != StoreException.Kind.UNAVAILABLE || !isThere(job.id(), e)) {
                throw e;
            } // else only the answer to the commit was lost
        }
    }

    private boolean isThere(String id, StoreException failure) {
        try {
            return find(id).isPresent();
        } catch (StoreException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    /**
     * Reads a job, in the calling thread's transaction if there is one: then it also sees what that has inserted, and possibly
     * nothing that others changed meanwhile.
     *
     * @param id any text
     * @return the job without its submission; empty if the store does not have it (any more)
     */
    public Optional<JobRow> find(String id) throws StoreException {
        return id.length() > LONGEST_ID
                ? Optional.empty()
                : database.read("reading job " + id, session -> JobColumns.find(session, id));
    }

    /** As {@link #query(JobQuery, List)}, of one backend. */
    public List<JobRow> query(JobQuery query, String backend) throws StoreException {
        return query(query, List.of(backend));
    }

    /**
     * Selects jobs, in the calling thread's transaction if there is one.
     *
     * @param query which ones
     * @param backends addresses of their backends, one or more
     * @return the newest first, without their submissions
     */
    public List<JobRow> query(JobQuery query, List<String> backends) throws StoreException {
        StringBuilder sql = new StringBuilder("SELECT " + JobColumns.SHORT + " FROM genai_job j");
        List<Object> values = new ArrayList<>();
        sql.append(" WHERE j.backend ")
                .append(backends.size() == 1 ? "= ?" : "IN (" + JobColumns.marks(backends.size()) + ")");
        values.addAll(backends);
        query.tag().ifPresent(tag -> add(sql, values, " AND j.tag = ?", tag));
        query.caller().ifPresent(caller -> add(sql, values, " AND j.caller = ?", caller));
        query.from().ifPresent(from -> add(sql, values, " AND j.created >= ?", from.toEpochMilli()));
        query.until().ifPresent(until -> add(sql, values, " AND j.created < ?", until.toEpochMilli()));
        query.after().ifPresent(last -> {
            add(sql, values, " AND j.created <= ?", last.created().toEpochMilli());
            add(sql, values, " AND (j.created < ?", last.created().toEpochMilli());
            add(sql, values, " OR j.id < ?)", last.id());
        });
        if (!query.states().isEmpty()) {
            String states = Arrays.stream(StoredState.values())
                    .filter(state -> query.states().contains(state.jobState()))
                    .map(state -> "'" + state + "'")
                    .collect(Collectors.joining(", "));
            sql.append(" AND j.state IN (").append(states).append(')');
        }
        sql.append(" ORDER BY ");
        if (backends.size() == 1) { // with the columns that are the same in all rows, so that H2 finds its index
            sql.append("j.backend DESC, ");
            query.tag().ifPresent(tag -> sql.append("j.tag DESC, "));
            query.caller().filter(name -> query.tag().isEmpty()).ifPresent(name -> sql.append("j.caller DESC, "));
        }
        sql.append("j.created DESC, j.id DESC");
        return database.read(
                "selecting jobs",
                session -> session.first(query.limit(), sql.toString(), JobColumns::read, values.toArray()));
    }

    /**
     * The place of a queued job among those of its backend that wait to be sent.
     *
     * @param id any text
     * @return 1 for the job that is sent next; empty if it does not wait to be sent
     */
    public Optional<Integer> position(String id) throws StoreException {
        return database.read("reading the place of job " + id, session -> {
            Optional<Place> place = session.find(
                    "SELECT backend, priority, created, seq FROM genai_job WHERE id = ? AND state = 'QUEUED'",
                    row -> new Place(row.getString(1), row.getDouble(2), row.getLong(3), row.getLong(4)),
                    id);
            return place.isEmpty()
                    ? Optional.empty()
                    : session.find(
                            "SELECT COUNT(*) FROM genai_job WHERE backend = ? AND state = 'QUEUED' AND priority <= ?"
                                    + " AND (priority < ? OR created < ? OR created = ? AND seq <= ?)",
                            row -> row.getInt(1),
                            place.get().backend(),
                            place.get().priority(),
                            place.get().priority(),
                            place.get().created(),
                            place.get().created(),
                            place.get().seq());
        });
    }

    /**
     * Ends a job that waits to be sent as cancelled, for all its subscriptions. A job of the calling thread's transaction is
     * cancelled in that transaction, any other one at once.
     *
     * @param id any text
     * @return the ended job; empty if it does not wait to be sent
     */
    public Optional<JobRow> cancelQueued(String id) throws StoreException {
        Database.Work<Optional<JobRow>> cancelling = session -> {
            Optional<JobRow> found = JobColumns.find(session, id);
            return found.isPresent() && found.get().state() == StoredState.QUEUED
                    ? Ends.end(session, found.get(), JobStatus.of(id, JobState.CANCELLED))
                    : Optional.empty();
        };
        String step = "cancelling job " + id;
        Optional<JobRow> ended = database.own(step, cancelling);
        return ended.isEmpty() && database.inTransaction() && database.own(step, absent(id))
                ? database.write(step, cancelling)
                : ended;
    }

    /**
     * Tells the owner of a job that somebody wants it cancelled.
     *
     * @param id any text
     * @return false if there is no such job, or it has ended
     */
    public boolean requestCancel(String id) throws StoreException {
        return database.own(
                        "cancelling job " + id,
                        session -> session.update("UPDATE genai_job SET cancel = 1 WHERE id = ? AND ended IS NULL", id))
                == 1;
    }

    private static Database.Work<Boolean> absent(String id) {
        return session -> JobColumns.find(session, id).isEmpty();
    }

    private static void add(StringBuilder sql, List<Object> values, String condition, Object value) {
        sql.append(condition);
        values.add(value);
    }
}
