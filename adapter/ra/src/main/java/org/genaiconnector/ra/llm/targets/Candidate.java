package org.genaiconnector.ra.llm.targets;

import java.util.OptionalLong;

/**
 * A model at a target, which may serve a model of the application.
 *
 * @param target name of the target
 * @param model as the service names it
 * @param weight 1 or more
 * @param context tokens of input and output that it takes; empty if that is not said
 * @param name target and model, for people and files
 */
public record Candidate(String target, String model, int weight, OptionalLong context, String name) {

    Candidate(String target, String model, int weight, OptionalLong context) {
        this(target, model, weight, context, target + "/" + model);
    }

    boolean isSame(Candidate other) {
        return target.equals(other.target) && model.equals(other.model);
    }
}
