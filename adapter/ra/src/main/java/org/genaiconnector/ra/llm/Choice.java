package org.genaiconnector.ra.llm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.genaiconnector.ra.llm.targets.Candidate;
import org.genaiconnector.ra.llm.targets.Route;

/** In which order the candidates of a route are tried, by its strategy and by what is known of them. All threads may use it. */
final class Choice {
    private final Function<Candidate, Lane> lanes;

    /** What each candidate has been passed over, by route and candidate. Guarded by itself. */
    private final Map<String, Map<String, Integer>> credits = new HashMap<>();

    Choice(Function<Candidate, Lane> lanes) {
        this.lanes = lanes;
    }

    /**
     * All candidates of a route.
     *
     * @param now of the clock, in nanoseconds
     * @return beginning with the one to be tried first
     */
    List<Candidate> order(Route route, long now) {
        List<Candidate> all = route.candidates();
        if (all.size() == 1) {
            return all;
        }
        return switch (route.strategy()) {
            case ORDER -> all;
            case WEIGHT -> byWeight(route);
            case LEAST_BUSY ->
                sorted(
                        all,
                        Comparator.comparingDouble(
                                one -> (double) lanes.apply(one).underWay() / one.weight()));
            case LOWEST_LATENCY ->
                sorted(all, Comparator.comparingDouble(one -> lanes.apply(one).latency(now)));
        };
    }

    private static List<Candidate> sorted(List<Candidate> all, Comparator<Candidate> order) {
        List<Candidate> sorted = new ArrayList<>(all);
        sorted.sort(order); // keeps the order of equal ones
        return sorted;
    }

    /** Smooth weighted round robin: of any number of calls each candidate is the first of its share, one more or less. */
    private List<Candidate> byWeight(Route route) {
        synchronized (credits) {
            Map<String, Integer> own = credits.computeIfAbsent(route.model(), any -> new HashMap<>());
            int total = 0;
            for (Candidate candidate : route.candidates()) {
                own.merge(candidate.name(), candidate.weight(), Integer::sum);
                total += candidate.weight();
            }
            List<Candidate> order = sorted(route.candidates(), Comparator.comparingInt(one -> -own.get(one.name())));
            own.merge(order.get(0).name(), -total, Integer::sum);
            return order;
        }
    }
}
