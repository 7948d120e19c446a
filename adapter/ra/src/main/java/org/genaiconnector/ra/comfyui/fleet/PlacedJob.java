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
    private final boolean behind;

    /**
     * One that goes to a backend.
     *
     * @param loads whether it has models to load
     * @param before how many jobs are there
     */
    PlacedJob(Fleet fleet, URI server, JobNeeds needs, boolean loads, int before) {
        this.fleet = fleet;
        this.server = server;
        this.needs = needs;
        this.loads = loads;
        this.behind = before > 0;
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

    /** Whether jobs were there before it. */
    boolean isBehind() {
        return behind;
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
