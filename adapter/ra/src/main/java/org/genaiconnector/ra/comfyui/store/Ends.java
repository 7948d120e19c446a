package org.genaiconnector.ra.comfyui.store;

import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.database.Session;

/** How a job ends: with its outcome, and one delivery for each subscription that selects it. */
final class Ends {

    private Ends() {}

    /**
     * Ends a job if it is still as it was read.
     *
     * @param row that was read
     * @param end a final status
     * @return the ended job; empty if it has another owner meanwhile, or was queued or ended by someone else
     */
    static Optional<JobRow> end(Session session, JobRow row, JobStatus end) throws SQLException {
        StoredState state = StoredState.ended(end.state());
        JobStatus status = new JobStatus(
                row.id(),
                end.state(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                end.outputs(),
                end.failure(),
                end.nodeErrors());
        int hits = session.update(
                "UPDATE genai_job SET state = ?, owner = NULL, ended = {now}, outcome = ?, progress = NULL, deadline = NULL"
                        + " WHERE id = ? AND fence = ? AND ended IS NULL",
                state.name(),
                StatusCodec.text(status),
                row.id(),
                row.fence());
        if (hits == 0) {
            return Optional.empty();
        }
        session.update(
                "INSERT INTO genai_delivery (subscription, job_id, state, attempts, due, fence, changed)"
                        + " SELECT s.name, j.id, 'WAITING', 0, j.ended, 0, j.ended FROM genai_subscription s, genai_job j"
                        + " WHERE j.id = ? AND (s.backend IS NULL OR s.backend = j.backend)"
                        + " AND (s.tag IS NULL OR s.tag = j.tag)",
                row.id());
        return JobColumns.find(session, row.id());
    }
}
