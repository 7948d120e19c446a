package org.genaiconnector.ra.comfyui.store;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.genaiconnector.ra.database.Session;

/**
 * Claims jobs of a backend. Each instance that asked lately may have the same share of them; an instance that does not ask,
 * because it has no such pool or its circuit is open, leaves its share to the others.
 */
abstract class JobClaim implements Claims.Kind<JobRow> {
    /** Instances ask every second. */
    private static final long LATELY_MILLIS = 5_000;

    final String instance;
    final String backend;

    JobClaim(String instance, String backend) {
        this.instance = instance;
        this.backend = backend;
    }

    @Override
    public final boolean guard(Session session) throws SQLException {
        if (session.update("UPDATE genai_worker SET seen = {now} WHERE instance = ? AND backend = ?", instance, backend)
                == 1) {
            return true;
        }
        if (session.update("UPDATE genai_instance SET claims = claims + 1 WHERE id = ?", instance) == 0) {
            return false;
        }
        session.update("INSERT INTO genai_worker (instance, backend, seen) VALUES (?, ?, {now})", instance, backend);
        return true;
    }

    @Override
    public final boolean owns(Session session, JobRow row) throws SQLException {
        return session.find(
                        "SELECT fence FROM genai_job WHERE id = ? AND owner = ? AND fence = ?",
                        each -> true,
                        row.id(),
                        instance,
                        row.fence())
                .isPresent();
    }

    /** How many instances have asked lately, this one included. */
    static long workers(Session session, String backend) throws SQLException {
        return session.find(
                        "SELECT COUNT(*) FROM genai_worker WHERE backend = ? AND seen >= {now} - " + LATELY_MILLIS,
                        row -> Math.max(1, row.getLong(1)),
                        backend)
                .orElse(1L);
    }

    /** The owners of all jobs that the backend has or may have; empty for each that has none. */
    static List<Optional<String>> owners(Session session, String backend) throws SQLException {
        return session.list(
                inEachState("SELECT owner FROM genai_job WHERE backend = ? AND state = "),
                row -> Optional.ofNullable(row.getString(1)),
                backend,
                backend,
                backend);
    }

    /** H2 does not use the second column of an index for {@code IN}. */
    private static String inEachState(String query) {
        return Arrays.stream(StoredState.values())
                .filter(StoredState::isInFlight)
                .map(state -> query + '\'' + state + '\'')
                .collect(Collectors.joining(" UNION ALL "));
    }

    /** A prompt id that this job has not had. */
    static String promptId(String id, long fence) {
        return UUID.nameUUIDFromBytes((id + '/' + fence).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** Jobs that wait to be sent. */
    static final class Waiting extends JobClaim {
        private final int maxInFlight;
        private final int mostNow;

        /** The only ones that are taken, which may be of other backends. */
        private final Optional<List<String>> only;

        private record Candidate(String id, Optional<String> promptId, long fence) {
            String next() {
                return promptId.isEmpty() ? id : JobClaim.promptId(id, fence + 1);
            }
        }

        Waiting(String instance, String backend, int maxInFlight, int mostNow, Optional<List<String>> only) {
            super(instance, backend);
            this.only = only;
            this.maxInFlight = maxInFlight;
            this.mostNow = mostNow;
        }

        @Override
        public void take(Session session, List<JobRow> claimed) throws SQLException {
            if (session.update("UPDATE genai_backend SET version = version + 1 WHERE address = ?", backend) == 0) {
                throw new SQLException("backend " + backend + " has no row");
            }
            List<Optional<String>> owners = owners(session, backend);
            long own = owners.stream().filter(Optional.of(instance)::equals).count();
            long most = Math.min(mostNow - claimed.size(), Math.min(maxInFlight - owners.size(), share(session) - own));
            if (most <= 0) {
                return;
            }
            for (Candidate each : candidates(session, most)) {
                if (take(session, each)) {
                    JobColumns.findAll(session, each.id()).ifPresent(claimed::add);
                }
            }
        }

        private boolean take(Session session, Candidate each) throws SQLException {
            String change =
                    "UPDATE genai_job SET state = 'SENDING', owner = ?, fence = fence + 1, attempts = attempts + 1,"
                            + " prompt_id = ?, sent = {now}";
            String condition = " WHERE id = ? AND state = 'QUEUED' AND fence = ?";
            return (only.isEmpty()
                            ? session.update(change + condition, instance, each.next(), each.id(), each.fence())
                            : session.update(
                                    change + ", backend = ?" + condition,
                                    instance,
                                    each.next(),
                                    backend,
                                    each.id(),
                                    each.fence()))
                    == 1;
        }

        /** Rounded down: what is over would stay with those who got it first, and they would do more than the others. */
        private long share(Session session) throws SQLException {
            return Math.max(1, maxInFlight / workers(session, backend));
        }

        private List<Candidate> candidates(Session session, long most) throws SQLException {
            if (only.isEmpty()) {
                return ofBackend(session, most);
            }
            List<Candidate> chosen = new ArrayList<>();
            for (String id : only.get()) {
                if (chosen.size() < most) {
                    session.find(
                                    "SELECT id, prompt_id, fence FROM genai_job WHERE id = ? AND state = 'QUEUED'",
                                    Waiting::candidate,
                                    id)
                            .ifPresent(chosen::add);
                }
            }
            return chosen;
        }

        private static Candidate candidate(ResultSet row) throws SQLException {
            return new Candidate(row.getString(1), Optional.ofNullable(row.getString(2)), row.getLong(3));
        }

        private List<Candidate> ofBackend(Session session, long most) throws SQLException {
            return session.first(
                    most,
                    "SELECT id, prompt_id, fence FROM genai_job WHERE backend = ? AND state = 'QUEUED' AND due <= {now}"
                            + " AND (deadline IS NULL OR deadline > {now}) ORDER BY backend, state, priority, created, seq",
                    Waiting::candidate,
                    backend);
        }
    }

    /** Jobs whose owner is gone. */
    static final class Orphaned extends JobClaim {
        private final int most;

        Orphaned(String instance, String backend, int most) {
            super(instance, backend);
            this.most = most;
        }

        @Override
        public void take(Session session, List<JobRow> claimed) throws SQLException {
            List<String> orphans = session.list(
                    inEachState(
                                    "SELECT id, created, seq FROM genai_job WHERE owner IS NULL AND backend = ? AND state = ")
                            + " ORDER BY 2, 3",
                    row -> row.getString(1),
                    backend,
                    backend,
                    backend);
            if (orphans.isEmpty()) {
                return;
            }
            long workers = workers(session, backend);
            long share = Math.min(most - claimed.size(), (orphans.size() + workers - 1) / workers);
            for (String id : orphans.subList(0, (int) Math.max(share, 0))) {
                if (session.update(
                                "UPDATE genai_job SET owner = ?, fence = fence + 1 WHERE id = ? AND owner IS NULL"
                                        + " AND state IN ('SENDING', 'SENT', 'RUNNING')",
                                instance,
                                id)
                        == 1) {
                    JobColumns.findAll(session, id).ifPresent(claimed::add);
                }
            }
        }
    }
}
