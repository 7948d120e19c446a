package org.genaiconnector.ra.llm.targets;

import java.util.List;

/**
 * What stands behind a model of the application.
 *
 * @param model as the application names it
 * @param strategy in which order the candidates are tried
 * @param candidates one or more, none twice, as they are listed
 * @param larger whether a request that is too long for one goes to one with a larger context
 * @param afterTimeout whether a request that one did not answer in time goes to the next, although both may bill it
 */
public record Route(String model, Strategy strategy, List<Candidate> candidates, boolean larger, boolean afterTimeout) {

    public Route {
        candidates = List.copyOf(candidates);
    }
}
