package org.genaiconnector.ra.comfyui.fleet;

import java.net.URI;
import org.genaiconnector.ra.statistics.CountedJob;
import org.genaiconnector.ra.statistics.JobStage;

/** A job that has its backend, until it ends or could not be sent there. Any thread. */
public final class PlacedJob implements CountedJob.Follower {
    private final Fleet fleet;
    private final URI server;
    private final JobNeeds needs;
    private final boolean loads;

    PlacedJob(Fleet fleet, URI server, JobNeeds needs, boolean loads) {
        this.fleet = fleet;
        this.server = server;
        this.needs = needs;
        this.loads = loads;
    }

    /** The address of its backend. */
    public URI server() {
        return server;
    }

    JobNeeds needs() {
        return needs;
    }

    /** Whether it has models to load. */
    boolean loads() {
        return loads;
    }

    @Override
    public void is(JobStage stage) {
        fleet.reached(this, stage);
    }

    /** It is not there, or nobody follows it any more. */
    @Override
    public void forget() {
        fleet.forget(this);
    }
}
