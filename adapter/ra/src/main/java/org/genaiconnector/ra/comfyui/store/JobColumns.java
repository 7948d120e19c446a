package org.genaiconnector.ra.comfyui.store;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.database.Session;

/** How a row of jobs is read, and texts are fitted into it. */
final class JobColumns {
    /** What {@link #read} takes from a query that calls the jobs {@code j}. */
    static final String SHORT =
            "j.id, j.backend, j.tag, j.caller, j.state, j.cancel, j.prompt_id, j.attempts, j.owner, j.fence,"
                    + " j.created, j.sent, j.ended, j.reason, j.progress, j.outcome, {now}";

    /** What {@link #readAll} takes. */
    static final String ALL = SHORT + ", j.submission";

    private static final int SUBMISSION = 18;

    /** Columns of this size hold so many bytes in some databases, and so many characters in others. */
    private static final int LONGEST_TEXT = 2_000;

    private JobColumns() {}

    /** So many parameters. */
    static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /** A job as it is now, without its submission. */
    static Optional<JobRow> find(Session session, String id) throws SQLException {
        return session.find("SELECT " + SHORT + " FROM genai_job j WHERE j.id = ?", JobColumns::read, id);
    }

    /** A job as it is now, with its submission. */
    static Optional<JobRow> findAll(Session session, String id) throws SQLException {
        return session.find("SELECT " + ALL + " FROM genai_job j WHERE j.id = ?", JobColumns::readAll, id);
    }

    /** A job with its submission. */
    static JobRow readAll(ResultSet row) throws SQLException {
        return read(row, row.getString(SUBMISSION));
    }

    /** A job without its submission. */
    static JobRow read(ResultSet row) throws SQLException {
        return read(row, "");
    }

    private static JobRow read(ResultSet row, String submission) throws SQLException {
        String id = row.getString(1);
        StoredState state = StoredState.valueOf(row.getString(5));
        return new JobRow(
                id,
                row.getString(2),
                Optional.ofNullable(row.getString(3)),
                Optional.ofNullable(row.getString(4)),
                state,
                row.getInt(6) != 0,
                submission,
                Optional.ofNullable(row.getString(7)).orElse(id),
                row.getInt(8),
                Optional.ofNullable(row.getString(9)),
                row.getLong(10),
                Instant.ofEpochMilli(row.getLong(11)),
                time(row, 12),
                time(row, 13),
                Optional.ofNullable(row.getString(14)),
                Instant.ofEpochMilli(row.getLong(17)),
                status(id, state.jobState(), row.getString(state.jobState().isFinal() ? 16 : 15)));
    }

    private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static JobStatus status(String id, JobState state, String text) {
        return text == null ? JobStatus.of(id, state) : StatusCodec.status(id, text);
    }

    /** The beginning of a text that fits into its column, without NUL, which PostgreSQL does not store. */
    static String fitted(String words) {
        String text = words.replace('\u0000', ' ');
        if (text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_TEXT) {
            return text;
        }
        StringBuilder fitting = new StringBuilder();
        int length = 3;
        for (int each : text.codePoints().toArray()) {
            String character = Character.toString(each);
            length += character.getBytes(StandardCharsets.UTF_8).length;
            if (length > LONGEST_TEXT) {
                break;
            }
            fitting.append(character);
        }
        return fitting.append("...").toString();
    }

    /** Progress and queue position; empty if they do not fit. */
    static Optional<String> progress(JobStatus status) {
        String text = StatusCodec.text(status);
        return Optional.of(text).filter(whole -> whole.getBytes(StandardCharsets.UTF_8).length <= LONGEST_TEXT);
    }
}
