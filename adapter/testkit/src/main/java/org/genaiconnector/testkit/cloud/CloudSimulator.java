package org.genaiconnector.testkit.cloud;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.HttpServer;
import org.genaiconnector.testkit.Simulator;
import org.genaiconnector.testkit.Traffic;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;

/**
 * A simulated Comfy Cloud on loopback ports: the Comfy API v2, a ComfyUI that runs the workflows, and storage that files are
 * downloaded from. It accepts the key {@value #KEY} and refuses what the description of the API refuses. No key of the vendor, no
 * money, no network needed.
 *
 * <pre>{@code
 * try (CloudSimulator cloud = CloudSimulator.start()) {
 *     cloud.credits(0);                                   // the next job is refused with 402
 *     ... connect to cloud.uri() with the key CloudSimulator.KEY ...
 * }
 * }</pre>
 */
public final class CloudSimulator implements Simulator {
    /** The key that counts, also for partner nodes. */
    public static final String KEY = "comfyui-simulated-0001";

    private static final int MANY = 1_000_000;

    private final ComfyUiSimulator comfyUi;
    private final HttpServer storage;
    private final HttpServer api;
    private final CloudJobs jobs;

    private CloudSimulator(UnaryOperator<ComfyUiSimulator.Builder> choices) throws IOException {
        comfyUi = choices.apply(ComfyUiSimulator.builder()).start();
        Storage blobs = new Storage();
        storage = HttpServer.start("cloud-storage", 0, null, blobs);
        blobs.isAt(storage.uri());
        Assets assets = new Assets(blobs);
        jobs = new CloudJobs(new Behind(comfyUi.uri()), assets, MANY, MANY);
        api = HttpServer.start("cloud-simulator", 0, null, new CloudApi(Set.of(KEY), jobs, assets));
    }

    /** Starts a simulator with money enough and a long queue. */
    public static CloudSimulator start() {
        return start(UnaryOperator.identity());
    }

    /**
     * Starts a simulator.
     *
     * @param choices for the ComfyUI that runs the workflows
     */
    public static CloudSimulator start(UnaryOperator<ComfyUiSimulator.Builder> choices) {
        try {
            return new CloudSimulator(choices);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the simulator of Comfy Cloud", e);
        }
    }

    @Override
    public URI uri() {
        return api.uri();
    }

    /** The address of the storage, another origin. */
    public URI storageUri() {
        return storage.uri();
    }

    @Override
    public Faults faults() {
        return api.faults();
    }

    @Override
    public Traffic traffic() {
        return api.faults().traffic();
    }

    /** Makes the storage misbehave. */
    public Faults storageFaults() {
        return storage.faults();
    }

    /** What the storage was asked for. */
    public Traffic storageTraffic() {
        return storage.faults().traffic();
    }

    /** How many jobs can still be paid for. */
    public void credits(int left) {
        jobs.credits(left);
    }

    /** How many jobs may wait and run at a time; one more is refused with 429. */
    public void queueLimit(int most) {
        jobs.queueLimit(most);
    }

    /** How many jobs were accepted. */
    public int jobs() {
        return jobs.count();
    }

    @Override
    public void close() {
        api.close();
        storage.close();
        comfyUi.close();
    }
}
