package org.genaiconnector.ra.comfyui;

import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.DynamicMBean;
import javax.management.StandardMBean;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.comfyui.fleet.Abilities;
import org.genaiconnector.ra.comfyui.fleet.BackendMXBean;
import org.genaiconnector.ra.comfyui.fleet.Fleet;
import org.genaiconnector.ra.comfyui.fleet.FleetJob;
import org.genaiconnector.ra.comfyui.fleet.FleetJobs;
import org.genaiconnector.ra.comfyui.fleet.JobNeeds;
import org.genaiconnector.ra.comfyui.fleet.Uploads;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.connection.EndpointFigures;
import org.genaiconnector.ra.connection.EndpointSettings;
import org.genaiconnector.ra.statistics.FleetFigures;

/** What a factory with several addresses knows of its backends, and of the jobs that it has sent to them. Any thread. */
final class FactoryFleet {
    /** The queue of a backend may have changed after so long. */
    private static final Duration QUEUE_KNOWN = Duration.ofSeconds(5);

    private final FleetOwner owner;
    private final List<EndpointSettings> endpoints;
    private final Fleet fleet;
    private final Uploads uploads = new Uploads();
    private final Abilities abilities = new Abilities();
    private final FleetSender sender = new FleetSender(this);

    /** What shows this; null before, and outside an application server. */
    private volatile FleetFigures shown;

    FactoryFleet(FleetOwner owner, List<EndpointSettings> endpoints) {
        this.owner = owner;
        this.endpoints = endpoints;
        this.fleet = new Fleet(endpoints.stream()
                .map(each -> new Fleet.Member(
                        each.name(), each.server(), each.weight(), each.tags(), () -> answers(each.server())))
                .toList());
    }

    private boolean answers(URI server) {
        return owner.answers(server) && owner.trackers().answers(server);
    }

    /** Has the MXBeans show this, in place of an earlier configuration of the owner. */
    void show(AdapterServices services, String name) {
        FleetFigures beans = services.shared(FleetFigures.class, name, FleetFigures::new);
        if (shown != beans) { // the first time since the adapter was started
            shown = beans;
            WeakReference<FactoryFleet> present = new WeakReference<>(this);
            beans.show(name, fleet.names(), backend -> of(present).figures(backend), backend -> bean(present, backend));
        }
    }

    private static FactoryFleet of(WeakReference<FactoryFleet> fleet) {
        FactoryFleet present = fleet.get();
        if (present == null) {
            throw new IllegalStateException("The factory of this backend is not used any more");
        }
        return present;
    }

    private static DynamicMBean bean(WeakReference<FactoryFleet> fleet, String backend) {
        BackendMXBean operations = new BackendMXBean() {
            @Override
            public void drain() {
                of(fleet).fleet().drain(backend, true);
            }

            @Override
            public void resume() {
                of(fleet).fleet().drain(backend, false);
            }
        };
        return new StandardMBean(operations, BackendMXBean.class, true);
    }

    private FleetFigures.Now figures(String backend) {
        EndpointFigures calls = owner.figures(endpoints.stream()
                .filter(each -> each.name().equals(backend))
                .findFirst()
                .orElseThrow()
                .server());
        return fleet.figures(
                backend, calls.circuit(), new FleetFigures.Calls(calls.connections(), calls.calls(), calls.failures()));
    }

    boolean isOf(List<EndpointSettings> candidates) {
        return endpoints.equals(candidates);
    }

    FleetOwner owner() {
        return owner;
    }

    FleetJobs jobs() {
        return owner.jobs();
    }

    Fleet fleet() {
        return fleet;
    }

    Uploads uploads() {
        return uploads;
    }

    Abilities abilities() {
        return abilities;
    }

    FleetSender sender() {
        return sender;
    }

    // ---- jobs

    /** A job that is about to be sent. */
    FleetJob begin(String id, Submission submission, JobNeeds needs) {
        FleetJob job = new FleetJob(id, submission, needs, owner.countedJob(), new Home());
        if (owner.services().isPresent()) { // else there is no thread that would send it again
            owner.jobs().begins(job);
            sender.starts();
        }
        return job;
    }

    /** A backend has a prompt, or may have it. */
    void sent(FleetJob.Attempt attempt) {
        if (owner.services().isPresent()) {
            owner.jobs().sent(attempt);
        }
    }

    /** A job is being sent over a connection, with whose credentials it will be sent again if it has to be. */
    static void submittedBy(ComfyUiOperations operations, FleetJob job) {
        if (job.home() instanceof Home home) {
            home.way = operations.apart();
        }
    }

    /** What is sent in an attempt: the workflow of the job with the names that its uploads have there. */
    static Submission asThere(FleetJob.Attempt attempt) throws GenAiException {
        FleetJob job = attempt.job();
        return job.home() instanceof Home home
                ? home.fleet().uploads().asAt(attempt.server(), job.submission(), job.needs())
                : job.submission();
    }

    /** As {@link FleetCalls#prepareElsewhere}, with the credentials of the connection that the job was to be sent over. */
    static Optional<FleetJob.Attempt> elsewhere(FleetJob.Attempt failed, Set<URI> tried, GenAiException why)
            throws GenAiException {
        if (failed.job().home() instanceof Home home && home.way != null) {
            return new FleetCalls(home.fleet(), home.way).prepareElsewhere(failed, tried, why);
        }
        return Optional.empty();
    }

    /** Whether it is watched what becomes of a prompt. */
    boolean follows(FleetJob.Attempt attempt) {
        return owner.trackers().followed(attempt.server(), attempt.promptId()).isPresent();
    }

    /** What a job needs of this. */
    private final class Home implements FleetJob.Home {
        private volatile BackendWay way;

        FactoryFleet fleet() {
            return FactoryFleet.this;
        }

        @Override
        public long failoverMillis() {
            return owner.failoverMillis();
        }

        @Override
        public int maxAttempts() {
            return owner.maxAttempts();
        }

        @Override
        public boolean hasOther(JobNeeds needs, URI than) {
            return FactoryFleet.this.hasOther(needs, than);
        }

        @Override
        public void idle(URI server) {
            FactoryFleet.this.idle(server);
        }

        @Override
        public void toSend(FleetJob job) {
            sender.add(job, way);
        }

        @Override
        public void note(JobUpdate update) {
            owner.trackers().note(update);
        }

        @Override
        public void ended(FleetJob job, FleetJobs.Place last) {
            owner.jobs().ended(job, last);
        }

        @Override
        public void deliver() {
            owner.trackers().deliver();
        }
    }

    /** Whether any other backend could take such a job now, as far as is known without asking. */
    boolean hasOther(JobNeeds needs, URI than) {
        return fleet.canPlace(needs, new Fleet.Known(lacks(needs), Set.of(than)));
    }

    /** A backend runs nothing although jobs wait. */
    void idle(URI server) {
        fleet.idle(server, Duration.ofMillis(owner.failoverMillis()));
    }

    /** Whether the caller is to ask a backend how many jobs it has, because that was not seen lately and nobody else asks. */
    boolean isToLookAt(URI server) {
        return owner.trackers()
                        .queue(server)
                        .filter(queue -> System.nanoTime() - queue.seen() < QUEUE_KNOWN.toNanos())
                        .isEmpty()
                && fleet.mayLookAt(server, QUEUE_KNOWN);
    }

    /** What backends are known to lack, without asking them. */
    private Map<URI, List<String>> lacks(JobNeeds needs) {
        Map<URI, List<String>> lacks = new LinkedHashMap<>();
        fleet.servers().forEach(server -> lacks(server, needs).ifPresent(known -> lacks.put(server, known)));
        return lacks;
    }

    /** As {@link Abilities#lacks}; Comfy Cloud cannot be asked, and lacks parts of submissions only. */
    Optional<List<String>> lacks(URI server, JobNeeds needs) {
        return owner.isSelfHosted(server) ? abilities.lacks(server, needs) : Optional.of(needs.parts());
    }

    /**
     * Fails if no backend has the tags that a job needs, and a place for all that is in its submission.
     *
     * @throws GenAiException category {@code UNSUPPORTED}
     */
    void requirePossible(JobNeeds needs) throws GenAiException {
        Map<URI, List<String>> lacks = new LinkedHashMap<>();
        fleet.servers().stream()
                .filter(server -> !owner.isSelfHosted(server))
                .forEach(server -> lacks.put(server, needs.parts()));
        fleet.requirePossible(needs, lacks);
    }

    /** Where to ask what only ComfyUI's own protocol tells; empty if all backends speak that, or none does. */
    Optional<URI> teller() {
        List<URI> tellers = selfHosted();
        return tellers.isEmpty() || tellers.size() == fleet.servers().size()
                ? Optional.empty()
                : liveFirst(tellers).stream().findFirst();
    }

    private List<URI> selfHosted() {
        return fleet.servers().stream().filter(owner::isSelfHosted).toList();
    }

    /** The backend of a job, and the id of its prompt there; empty if only the backends know. */
    Optional<FleetJobs.Place> placeOf(String jobId) {
        return owner.jobs()
                .place(jobId)
                .or(() -> fleet.servers().stream()
                        .filter(server -> owner.trackers().find(server, jobId).isPresent())
                        .findFirst()
                        .map(server -> new FleetJobs.Place(server, jobId)));
    }

    /** Whether none of the jobs that were submitted through this is left. */
    boolean isWithoutJobs() {
        return owner.jobs().areNone(this::isOwn);
    }

    private boolean isOwn(FleetJob.Home home) {
        return home instanceof Home own && own.fleet() == this;
    }

    // ---- files

    /**
     * The backend that an upload of a name goes to, always the same while that is live: it keeps names apart. Comfy Cloud gets copies
     * only, since it has no directories and no masks.
     */
    URI home(String name) {
        List<URI> live = fleet.live();
        return home(name, selfHosted(), live)
                .or(() -> home(name, fleet.servers(), live))
                .orElseGet(() -> fleet.servers().get(0));
    }

    private static Optional<URI> home(String name, List<URI> all, List<URI> live) {
        int first = all.isEmpty() ? 0 : Math.floorMod(name.hashCode(), all.size());
        return Stream.concat(all.stream().skip(first), all.stream().limit(first))
                .filter(live::contains)
                .findFirst();
    }

    /** Those of some backends that answer first. */
    List<URI> liveFirst(List<URI> servers) {
        List<URI> live = fleet.live();
        return servers.stream()
                .sorted((one, other) -> Boolean.compare(live.contains(other), live.contains(one)))
                .toList();
    }
}
