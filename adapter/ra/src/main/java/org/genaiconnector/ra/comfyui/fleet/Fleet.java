package org.genaiconnector.ra.comfyui.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.genaiconnector.CircuitState;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.statistics.FleetFigures;
import org.genaiconnector.ra.statistics.JobStage;

/**
 * The backends of one factory: which jobs of this adapter wait and run where, and which of them the administrator has drained.
 * Any thread; makes no calls.
 */
public final class Fleet {
    private final Map<URI, Member> members = new LinkedHashMap<>();
    private final Map<URI, Lane> lanes = new LinkedHashMap<>();
    private final RunTimes times = new RunTimes();
    private final LongSupplier clock;

    /**
     * A backend.
     *
     * @param name for people
     * @param server its address
     * @param weight 1 or more
     * @param tags as configured
     * @param live whether it answers, as far as is known
     */
    public record Member(String name, URI server, int weight, Set<String> tags, BooleanSupplier live) {}

    /**
     * What is known of the backends for one job.
     *
     * @param lacks what a backend is known not to have, in words, by its address; missing for nothing
     * @param tried the backends that have not taken it
     */
    public record Known(Map<URI, List<String>> lacks, Set<URI> tried) {}

    /** Without jobs, in the order of the configuration. */
    public Fleet(List<Member> members) {
        this(members, System::nanoTime);
    }

    Fleet(List<Member> members, LongSupplier clock) {
        members.forEach(member -> this.members.put(member.server(), member));
        members.forEach(member -> lanes.put(member.server(), new Lane()));
        this.clock = clock;
    }

    /** The addresses, in the order of the configuration. */
    public List<URI> servers() {
        return List.copyOf(members.keySet());
    }

    /** The addresses of the backends that answer, as far as is known. */
    public List<URI> live() {
        return members.values().stream()
                .filter(member -> member.live().getAsBoolean())
                .map(Member::server)
                .toList();
    }

    /** The name of a backend for people. */
    public String nameOf(URI server) {
        Member member = members.get(server);
        return member == null ? server.toString() : member.name();
    }

    /**
     * Chooses the backend of a job, which counts as waiting there from now on.
     *
     * @throws GenAiException category {@code UNSUPPORTED} if no backend could ever run it, else {@code UNAVAILABLE}; with the
     *     reason of each
     */
    public PlacedJob place(JobNeeds needs, Known known) throws GenAiException {
        Map<URI, Boolean> live = liveness();
        synchronized (this) {
            Placement.Times expected = times.expected(needs);
            Placement.Choice choice = Placement.choose(needs, expected, views(known, live, lanes));
            if (choice.backend().isEmpty()) {
                throw nowhere(choice);
            }
            BackendView chosen = choice.backend().get();
            PlacedJob job = new PlacedJob(this, chosen.server(), needs, choice.loads(), chosen.jobs());
            lanes.get(chosen.server()).add(job, expected.work(choice.loads()), needs.files());
            return job;
        }
    }

    /**
     * Where jobs would go that wait, one after the other, if backends took any number of them.
     *
     * @param jobs in the order of sending
     * @param lacks what backends lack of what a job needs, as in {@link Known}
     * @return for each job; one that no backend can run has any that answers, which will say why; empty if it has to wait
     */
    public List<Optional<URI>> plan(List<JobNeeds> jobs, Function<JobNeeds, Map<URI, List<String>>> lacks) {
        List<Known> known = jobs.stream()
                .map(needs -> new Known(lacks.apply(needs), Set.of()))
                .toList();
        Map<URI, Boolean> live = liveness();
        List<Optional<URI>> plan = new ArrayList<>();
        synchronized (this) {
            Map<URI, Lane> planned = new LinkedHashMap<>();
            lanes.forEach((server, lane) -> planned.put(server, lane.copy()));
            for (int i = 0; i < jobs.size(); i++) {
                plan.add(plan(jobs.get(i), views(known.get(i), live, planned), planned));
            }
        }
        return plan;
    }

    private Optional<URI> plan(JobNeeds needs, List<BackendView> views, Map<URI, Lane> planned) {
        Placement.Times expected = times.expected(needs);
        Placement.Choice choice = Placement.choose(needs, expected, views);
        if (choice.backend().isEmpty()) {
            return choice.possible()
                    ? Optional.empty()
                    : views.stream()
                            .filter(view -> view.state() == BackendView.State.LIVE)
                            .findFirst()
                            .map(BackendView::server);
        }
        URI server = choice.backend().get().server();
        PlacedJob job = new PlacedJob(this, server, needs, choice.loads(), 0);
        planned.get(server).add(job, expected.work(choice.loads()), needs.files());
        return Optional.of(server);
    }

    /** A job goes to a backend that was chosen before. */
    public synchronized PlacedJob enter(URI server, JobNeeds needs) {
        Lane lane = lanes.get(server);
        boolean loads = !lane.loaded().containsAll(needs.files());
        PlacedJob job = new PlacedJob(this, server, needs, loads, lane.jobs() + lane.foreign());
        lane.add(job, times.expected(needs).work(loads), needs.files());
        return job;
    }

    /**
     * Fails if no backend could ever run a job: each lacks a tag, or something else.
     *
     * @param lacks as in {@link Known}
     * @throws GenAiException category {@code UNSUPPORTED}
     */
    public void requirePossible(JobNeeds needs, Map<URI, List<String>> lacks) throws GenAiException {
        Map<URI, Boolean> live = liveness();
        synchronized (this) {
            Placement.Times any = new Placement.Times(RunTimes.USUAL_RUN, RunTimes.USUAL_LOAD);
            Placement.Choice choice = Placement.choose(needs, any, views(new Known(lacks, Set.of()), live, lanes));
            if (!choice.possible()) {
                throw nowhere(choice);
            }
        }
    }

    /** Whether any backend could take such a job now. */
    public boolean canPlace(JobNeeds needs, Known known) {
        Map<URI, Boolean> live = liveness();
        synchronized (this) {
            Placement.Times expected = times.expected(needs);
            return Placement.choose(needs, expected, views(known, live, lanes))
                    .backend()
                    .isPresent();
        }
    }

    /**
     * A backend had so many jobs, of all clients. Those that are not of this fleet count as jobs of usual length.
     *
     * @param seen when that was, by {@link System#nanoTime}
     */
    public synchronized void queue(URI server, int jobs, long seen) {
        lanes.get(server).queue(jobs, seen);
    }

    /** True once within such a time: the caller is to ask a backend how many jobs it has. */
    public synchronized boolean mayLookAt(URI server, Duration span) {
        return lanes.get(server).mayLook(clock.getAsLong(), span);
    }

    private Map<URI, Boolean> liveness() {
        Map<URI, Boolean> live = new LinkedHashMap<>();
        members.values()
                .forEach(member -> live.put(member.server(), member.live().getAsBoolean()));
        return live;
    }

    private List<BackendView> views(Known known, Map<URI, Boolean> live, Map<URI, Lane> lanes) {
        long now = clock.getAsLong();
        List<BackendView> views = new ArrayList<>();
        for (Member member : members.values()) {
            Lane lane = lanes.get(member.server());
            views.add(new BackendView(
                    member.name(),
                    member.server(),
                    member.weight(),
                    member.tags(),
                    state(lane, known.tried().contains(member.server()), live.get(member.server()), now),
                    lane.ahead(now, member.weight(), times.usual()),
                    lane.jobs() + lane.foreign(),
                    lane.loaded(),
                    known.lacks().getOrDefault(member.server(), List.of())));
        }
        return views;
    }

    private static BackendView.State state(Lane lane, boolean tried, boolean live, long now) {
        if (lane.isDrained()) {
            return BackendView.State.DRAINED;
        }
        if (tried) {
            return BackendView.State.TRIED;
        }
        if (!live) {
            return BackendView.State.DOWN;
        }
        return lane.isIdle(now) ? BackendView.State.IDLE : BackendView.State.LIVE;
    }

    private static GenAiException nowhere(Placement.Choice choice) {
        return new GenAiException(
                choice.possible() ? FailureCategory.UNAVAILABLE : FailureCategory.UNSUPPORTED,
                "Nothing was queued: no backend can run this workflow" + (choice.possible() ? " now: " : ": ")
                        + String.join("; ", choice.reasons()));
    }

    /** A placed job is in a stage. */
    void reached(PlacedJob job, JobStage stage) {
        long now = clock.getAsLong();
        synchronized (this) {
            Lane lane = lanes.get(job.server());
            if (stage == JobStage.RUNNING) {
                lane.runs(job, now);
            } else if (stage != JobStage.PENDING) {
                Duration ran = lane.remove(job, now);
                lane.ended(stage);
                if (stage == JobStage.COMPLETED && !ran.isZero()) {
                    learn(job, ran.multipliedBy(members.get(job.server()).weight()), lane);
                }
                if (stage == JobStage.LOST) { // most probably it was restarted
                    lane.forgetModels();
                }
            }
        }
    }

    private void learn(PlacedJob job, Duration ran, Lane lane) {
        String kind = job.needs().kind();
        boolean loaded = job.loads() || times.showsLoading(kind, ran);
        times.add(kind, ran, loaded);
        if (loaded && !job.loads()) {
            lane.holdsLess();
        }
    }

    /** A backend runs nothing although jobs wait: it gets no others for so long, unless it gives a sign of life. */
    public synchronized void idle(URI server, Duration span) {
        lanes.get(server).isIdleUntil(clock.getAsLong() + span.toNanos());
    }

    /** A placed job is not there, or nobody follows it any more. */
    synchronized void forget(PlacedJob job) {
        lanes.get(job.server()).remove(job, clock.getAsLong());
    }

    /**
     * Gives a backend no new jobs, or gives it jobs again. What it runs ends.
     *
     * @param name of the backend
     * @throws IllegalArgumentException if there is none of that name; the message names all
     */
    public synchronized void drain(String name, boolean drained) {
        lanes.get(named(name).server()).drain(drained);
    }

    private Member named(String name) {
        return members.values().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no backend " + name + ", but " + names()));
    }

    /** The names of all backends, in the order of the configuration. */
    public List<String> names() {
        return members.values().stream().map(Member::name).toList();
    }

    /**
     * The figures of a backend of this moment.
     *
     * @param name of the backend
     * @param circuit the worst state of its circuits
     * @param calls of applications
     */
    public FleetFigures.Now figures(String name, CircuitState circuit, FleetFigures.Calls calls) {
        Member member = named(name);
        boolean live = member.live().getAsBoolean();
        synchronized (this) {
            Lane lane = lanes.get(member.server());
            return new FleetFigures.Now(
                    member.name(),
                    member.server().toString(),
                    state(lane, false, live, clock.getAsLong()).name(),
                    member.weight(),
                    String.join(", ", member.tags().stream().sorted().toList()),
                    String.join(", ", lane.loaded().stream().sorted().toList()),
                    circuit,
                    lane.figures(),
                    calls);
        }
    }

    /** How many jobs of this adapter wait and run on a backend. */
    public synchronized int jobs(URI server) {
        return lanes.get(server).jobs();
    }

    /** The model files that a backend has in memory when all its jobs have run, as far as is known. */
    public synchronized Set<String> loaded(URI server) {
        return lanes.get(server).loaded();
    }
}
