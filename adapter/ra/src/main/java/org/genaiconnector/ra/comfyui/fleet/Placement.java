package org.genaiconnector.ra.comfyui.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which backend runs a job: the one that will have finished it first, as far as can be known. Loading models counts twice, since
 * it also keeps the jobs behind this one waiting. A pure function.
 */
public final class Placement {

    private Placement() {}

    /**
     * How long jobs of this kind take, on a backend of weight 1.
     *
     * @param run with its models in memory
     * @param load to load its models
     */
    public record Times(Duration run, Duration load) {
        /** How long such a job keeps its backend. */
        Duration work(boolean loads) {
            return loads ? run.plus(load) : run;
        }
    }

    /**
     * The choice.
     *
     * @param backend empty if there is none
     * @param loads whether the job has models to load there
     * @param reasons why each backend is out of the question, in words; those of possible ones are missing
     * @param possible whether any backend could run it, now or later
     */
    public record Choice(Optional<BackendView> backend, boolean loads, List<String> reasons, boolean possible) {}

    /**
     * Chooses.
     *
     * @param job what it needs
     * @param times of such jobs
     * @param backends in the order of the configuration, which decides between equals
     */
    public static Choice choose(JobNeeds job, Times times, List<BackendView> backends) {
        List<String> reasons = new ArrayList<>();
        List<BackendView> candidates = new ArrayList<>();
        boolean possible = false;
        for (BackendView backend : backends) {
            Optional<String> permanent = lack(job, backend);
            Optional<String> reason = permanent.or(() -> obstacle(backend));
            possible |= permanent.isEmpty();
            if (reason.isPresent()) {
                reasons.add(backend.name() + " " + reason.get());
            } else {
                candidates.add(backend);
            }
        }
        Optional<BackendView> best = candidates.stream()
                .min(Comparator.comparing((BackendView backend) -> cost(job, times, backend))
                        .thenComparing(backend -> backend.loaded().size())
                        .thenComparing(BackendView::jobs));
        return new Choice(best, best.isPresent() && loads(job, best.get()), reasons, possible);
    }

    /** What it costs there: until it would be finished, and what others lose. */
    static Duration cost(JobNeeds job, Times times, BackendView backend) {
        Duration work = backend.ahead().plus(times.run());
        return (loads(job, backend) ? work.plus(times.load().multipliedBy(2)) : work).dividedBy(backend.weight());
    }

    private static boolean loads(JobNeeds job, BackendView backend) {
        return !backend.loaded().containsAll(job.files());
    }

    /** What it lacks for good, or until somebody installs it. */
    private static Optional<String> lack(JobNeeds job, BackendView backend) {
        Set<String> missing = new HashSet<>(job.tags());
        missing.removeAll(backend.tags());
        if (!missing.isEmpty()) {
            return Optional.of("has no tag " + words(List.copyOf(missing)));
        }
        return backend.lacks().isEmpty() ? Optional.empty() : Optional.of("lacks " + words(backend.lacks()));
    }

    private static String words(List<String> all) {
        return all.stream().sorted().collect(Collectors.joining(", "));
    }

    private static Optional<String> obstacle(BackendView backend) {
        return switch (backend.state()) {
            case LIVE -> Optional.empty();
            case DOWN -> Optional.of("does not answer");
            case IDLE -> Optional.of("runs nothing although jobs wait");
            case DRAINED -> Optional.of("is drained");
            case TRIED -> Optional.of("did not take it");
        };
    }
}
