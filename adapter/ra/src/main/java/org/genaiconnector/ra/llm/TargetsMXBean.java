package org.genaiconnector.ra.llm;

import java.util.List;

/**
 * What an administrator does with the targets of an LLM factory: the operations of {@code
 * org.genaiconnector:type=Targets,name="..."} with the factory's name.
 */
public interface TargetsMXBean {
    /** All targets, in the order of the configuration. */
    List<TargetRow> targets();

    /** All limits that have counted something, each name by itself. */
    List<LimitRow> limits();

    /** What calls have used, by application, caller, model and target, since the adapter started or since {@link #resetUsage}. */
    List<UsageRow> usage();

    /** Sets what calls have used to zero. Limits and budgets go on. */
    void resetUsage();

    /**
     * Gives a target no more calls; those under way go on. It is on again after a restart.
     *
     * @param target its name
     */
    void switchOff(String target);

    /**
     * Gives a target calls again.
     *
     * @param target its name
     */
    void switchOn(String target);
}
