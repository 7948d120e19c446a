package org.genaiconnector.ra.comfyui;

import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.management.DynamicMBean;
import javax.management.StandardMBean;
import org.genaiconnector.ra.comfyui.fleet.Abilities;
import org.genaiconnector.ra.comfyui.fleet.BackendMXBean;
import org.genaiconnector.ra.comfyui.fleet.Fleet;
import org.genaiconnector.ra.comfyui.fleet.Uploads;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.connection.EndpointSettings;
import org.genaiconnector.ra.statistics.CountedJob;
import org.genaiconnector.ra.statistics.FleetFigures;

/** What a factory with several addresses knows of its backends. Any thread. */
final class FactoryFleet {
    private final Owner factory;
    private final List<EndpointSettings> endpoints;
    private final Fleet fleet;
    private final Uploads uploads = new Uploads();
    private final Abilities abilities = new Abilities();

    /** What shows this; null before, and outside an application server. */
    private volatile FleetFigures shown;

    /**
     * What it needs of its factory.
     *
     * @param answers whether a backend answers, as far as is known
     * @param trackers of the adapter
     * @param counter makes a job that counts in the figures of the factory
     * @param forgetNodeClasses of all backends
     */
    record Owner(
            Predicate<URI> answers,
            Supplier<JobTrackers> trackers,
            Function<CountedJob.Follower, CountedJob> counter,
            Runnable forgetNodeClasses) {}

    FactoryFleet(Owner factory, List<EndpointSettings> endpoints) {
        this.factory = factory;
        this.endpoints = endpoints;
        this.fleet = new Fleet(endpoints.stream()
                .map(each -> new Fleet.Member(
                        each.name(),
                        each.server(),
                        each.weight(),
                        each.tags(),
                        () -> factory.answers().test(each.server())))
                .toList());
    }

    /** Has the MXBeans show this, in place of an earlier configuration of the factory. */
    void show(AdapterServices services, String name) {
        FleetFigures beans = services.shared(FleetFigures.class, name, FleetFigures::new);
        if (shown != beans) { // the first time since the adapter was started
            shown = beans;
            WeakReference<Fleet> shownFleet = new WeakReference<>(fleet);
            beans.show(
                    name,
                    fleet.names(),
                    backend -> of(shownFleet).figures(backend),
                    backend -> bean(shownFleet, backend));
        }
    }

    private static Fleet of(WeakReference<Fleet> fleet) {
        Fleet present = fleet.get();
        if (present == null) {
            throw new IllegalStateException("The factory of this backend is not used any more");
        }
        return present;
    }

    private static DynamicMBean bean(WeakReference<Fleet> fleet, String backend) {
        BackendMXBean operations = new BackendMXBean() {
            @Override
            public void drain() {
                of(fleet).drain(backend, true);
            }

            @Override
            public void resume() {
                of(fleet).drain(backend, false);
            }
        };
        return new StandardMBean(operations, BackendMXBean.class, true);
    }

    boolean isOf(List<EndpointSettings> candidates) {
        return endpoints.equals(candidates);
    }

    Owner factory() {
        return factory;
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

    /** The backend of a job that the adapter tracks, or whose end it remembers; empty if only the backends know. */
    Optional<URI> serverOf(String jobId) {
        return fleet.servers().stream()
                .filter(server -> factory.trackers().get().find(server, jobId).isPresent())
                .findFirst();
    }

    /** The backend that an upload of a name goes to, always the same while that is live: it keeps names apart. */
    URI home(String name) {
        List<URI> all = fleet.servers();
        List<URI> live = fleet.live();
        int first = Math.floorMod(name.hashCode(), all.size());
        for (int i = 0; i < all.size(); i++) {
            URI server = all.get((first + i) % all.size());
            if (live.contains(server)) {
                return server;
            }
        }
        return all.get(first);
    }

    /** Those of some backends that answer first. */
    List<URI> liveFirst(List<URI> servers) {
        List<URI> live = fleet.live();
        return servers.stream()
                .sorted((one, other) -> Boolean.compare(live.contains(other), live.contains(one)))
                .toList();
    }
}
