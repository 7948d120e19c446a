package org.genaiconnector.ra.statistics;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.DynamicMBean;
import javax.management.ObjectName;

/**
 * The figures of the targets of one LLM factory, as {@code org.genaiconnector:type=Targets,name="..."}. Their keys are those of the
 * targets file, so they are registered again when it changes. Safe for all threads.
 */
public final class TargetFigures implements AutoCloseable {
    /**
     * The figures of one moment, by target and by limit.
     *
     * @param on 1 if the target gets calls, 0 if it is switched off
     * @param underWay calls that have not ended
     * @param answered calls that have used tokens
     * @param failed tries that have failed
     * @param inputTokens of all calls
     * @param outputTokens of all calls
     * @param costMicros in millionths of the currency
     * @param usedPercent of each limit, that of the name that has used most
     * @param refused of each limit, how often it had no room
     */
    public record Now(
            Map<String, Long> on,
            Map<String, Long> underWay,
            Map<String, Long> answered,
            Map<String, Long> failed,
            Map<String, Long> inputTokens,
            Map<String, Long> outputTokens,
            Map<String, Long> costMicros,
            Map<String, Long> usedPercent,
            Map<String, Long> refused) {}

    private static final String TARGET = "target";
    private static final String LIMIT = "limit";

    private final RegisteredBeans beans = new RegisteredBeans();
    private Object shown;

    /** The table for these keys. */
    static List<Figure<Now>> table(List<String> targets, List<String> limits) {
        return List.of(
                figure(
                                "TargetOn",
                                "genai_target_on",
                                "0, 1",
                                "Whether the target gets calls; 0 if it is switched off (label target)")
                        .sums(TARGET, targets, Now::on),
                figure(
                                "TargetCallsUnderWay",
                                "genai_target_calls_under_way",
                                "calls",
                                "Calls of the target that have not ended")
                        .sums(TARGET, targets, Now::underWay),
                figure("TargetCalls", "genai_target_calls_total", "calls", "Calls of the target that have used tokens")
                        .sums(TARGET, targets, Now::answered),
                figure("TargetFailures", "genai_target_failures_total", "calls", "Tries at the target that have failed")
                        .sums(TARGET, targets, Now::failed),
                figure(
                                "TargetInputTokens",
                                "genai_target_input_tokens_total",
                                "tokens",
                                "Tokens of input that the target was sent")
                        .sums(TARGET, targets, Now::inputTokens),
                figure(
                                "TargetOutputTokens",
                                "genai_target_output_tokens_total",
                                "tokens",
                                "Tokens of output of the target")
                        .sums(TARGET, targets, Now::outputTokens),
                figure(
                                "TargetCostMicros",
                                "genai_target_cost_micros_total",
                                "millionths of the currency",
                                "Cost of the target's calls by the configured prices")
                        .sums(TARGET, targets, Now::costMicros),
                figure(
                                "LimitUsedPercent",
                                "genai_limit_used_percent",
                                "percent",
                                "Used part of a limit or budget now (label limit); of several names that of the fullest")
                        .sums(LIMIT, limits, Now::usedPercent),
                figure(
                                "LimitRefused",
                                "genai_limit_refused_total",
                                "looks",
                                "How often a limit or budget had no room for a call; each look of a call that waits counts")
                        .sums(LIMIT, limits, Now::refused));
    }

    private static Figure.Heading<Now> figure(String attribute, String metric, String unit, String description) {
        return new Figure.Heading<>(attribute, metric, unit, description);
    }

    /**
     * Shows figures in place of those that were shown before.
     *
     * @param factory its name
     * @param targets names of all targets
     * @param limits names of all limits
     * @param source reads the figures
     * @param operations of which the MXBean has the operations
     */
    public synchronized void show(
            String factory, List<String> targets, List<String> limits, Supplier<Now> source, DynamicMBean operations) {
        if (shown != null) {
            beans.unregister(shown);
        }
        shown = FiguresBean.with(
                "The targets of an LLM factory, with limits and budgets", table(targets, limits), source, operations);
        beans.register("type=Targets,name=" + ObjectName.quote(factory), shown);
    }

    /** Unregisters the MXBean. */
    @Override
    public void close() {
        beans.close();
    }
}
