package org.genaiconnector.ra.comfyui.store;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Figures of a store at one moment, over all instances.
 *
 * @param jobs by state; states without jobs are missing
 * @param oldestWaiting how long the oldest job that was never sent has waited; empty if none waits
 * @param inFlight jobs that a backend has or may have, by its address; backends without are missing
 * @param waiting deliveries that wait or are being made, by subscription
 * @param dead deliveries that were given up, by subscription
 * @param instances that are alive
 * @param takeOvers dead instances whose work this one has released since it started
 */
public record StoreFigures(
        Map<StoredState, Long> jobs,
        Optional<Duration> oldestWaiting,
        Map<String, Long> inFlight,
        Map<String, Long> waiting,
        Map<String, Long> dead,
        long instances,
        long takeOvers) {

    public StoreFigures {
        jobs = Map.copyOf(jobs);
        inFlight = Map.copyOf(inFlight);
        waiting = Map.copyOf(waiting);
        dead = Map.copyOf(dead);
    }
}
