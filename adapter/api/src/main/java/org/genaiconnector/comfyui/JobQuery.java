package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.SerializedRecord;

/**
 * Selects jobs of a job store; the newest come first.
 *
 * <pre>{@code
 * JobQuery failed = JobQuery.all().withStates(Set.of(JobState.FAILED)).withLimit(50);
 * List<StoredJob> page = factory.jobs(failed);
 * List<StoredJob> next = factory.jobs(failed.before(page.get(page.size() - 1)));
 * }</pre>
 *
 * @param tag of the submission; empty for all jobs, also those without one
 * @param caller of the submission; empty for all jobs, also those without one
 * @param states one of which the job has; empty for all
 * @param from the earliest time of queueing by the database's clock, itself included; empty for no limit
 * @param until the first time of queueing that is not selected any more; empty for no limit
 * @param limit the most jobs of a page, 1 to {@value #MOST}
 * @param after the last job of the page before; empty for the first page
 */
public record JobQuery(
        Optional<String> tag,
        Optional<String> caller,
        Set<JobState> states,
        Optional<Instant> from,
        Optional<Instant> until,
        int limit,
        Optional<Place> after)
        implements Serializable {

    /** The most jobs of a page. */
    public static final int MOST = 1_000;

    private static final int USUAL = 100;

    /**
     * A job's place among all: they are in the order of their times, and those of one millisecond in the order of their ids.
     *
     * @param created as {@link StoredJob#created()}
     * @param id as {@link StoredJob#id()}
     */
    public record Place(Instant created, String id) implements Serializable {
        public Place {
            Objects.requireNonNull(created, "created");
            Objects.requireNonNull(id, "id");
        }
    }

    public JobQuery {
        states = Set.copyOf(states);
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit is 1 to " + MOST + ": " + limit);
        }
    }

    /**
     * The newest jobs.
     *
     * @return the first page of at most 100 jobs, whatever they are
     */
    public static JobQuery all() {
        return new JobQuery(
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                USUAL,
                Optional.empty());
    }

    /**
     * The same for jobs with a tag.
     *
     * @param name the whole tag
     * @return a new query
     */
    public JobQuery withTag(String name) {
        return new JobQuery(Optional.of(name), caller, states, from, until, limit, after);
    }

    /**
     * The same for jobs of a caller.
     *
     * @param name the whole name
     * @return a new query
     */
    public JobQuery withCaller(String name) {
        return new JobQuery(tag, Optional.of(name), states, from, until, limit, after);
    }

    /**
     * The same for jobs in some states.
     *
     * @param any the states; empty for all
     * @return a new query
     */
    public JobQuery withStates(Set<JobState> any) {
        return new JobQuery(tag, caller, any, from, until, limit, after);
    }

    /**
     * The same for jobs that were queued within a time.
     *
     * @param start the earliest time, itself included
     * @param end the first time that is not selected any more
     * @return a new query
     */
    public JobQuery withCreated(Instant start, Instant end) {
        return new JobQuery(tag, caller, states, Optional.of(start), Optional.of(end), limit, after);
    }

    /**
     * The same with another size of the page.
     *
     * @param most 1 to {@value #MOST}
     * @return a new query
     */
    public JobQuery withLimit(int most) {
        return new JobQuery(tag, caller, states, from, until, most, after);
    }

    /**
     * The next page.
     *
     * @param last the last job of the page before
     * @return a new query
     */
    public JobQuery before(StoredJob last) {
        return before(last.created(), last.id());
    }

    /**
     * The next page, for a client that only keeps the place.
     *
     * @param created when the last job of the page before was queued
     * @param id its id
     * @return a new query
     */
    public JobQuery before(Instant created, String id) {
        return new JobQuery(tag, caller, states, from, until, limit, Optional.of(new Place(created, id)));
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
