package org.genaiconnector.ra.llm;

import java.beans.ConstructorProperties;

/** What calls have used, as administrators see it. With getters, since JMX shows no records on Java 17. */
public final class UsageRow {
    private final String application;
    private final String caller;
    private final String model;
    private final String target;
    private final long calls;
    private final long failures;
    private final long inputTokens;
    private final long outputTokens;
    private final String cost;

    /** One as its getters show it. */
    @ConstructorProperties({
        "application",
        "caller",
        "model",
        "target",
        "calls",
        "failures",
        "inputTokens",
        "outputTokens",
        "cost"
    })
    public UsageRow(
            String application,
            String caller,
            String model,
            String target,
            long calls,
            long failures,
            long inputTokens,
            long outputTokens,
            String cost) {
        this.application = application;
        this.caller = caller;
        this.model = model;
        this.target = target;
        this.calls = calls;
        this.failures = failures;
        this.inputTokens = inputTokens;
        this.outputTokens = outputTokens;
        this.cost = cost;
    }

    /** Empty if it is unknown. */
    public String getApplication() {
        return application;
    }

    /** Empty if it is unknown. */
    public String getCaller() {
        return caller;
    }

    /** As the application names it. */
    public String getModel() {
        return model;
    }

    /** As in the targets file. */
    public String getTarget() {
        return target;
    }

    /** Calls that have used tokens. */
    public long getCalls() {
        return calls;
    }

    /** Tries that have failed. */
    public long getFailures() {
        return failures;
    }

    /** Of all calls. */
    public long getInputTokens() {
        return inputTokens;
    }

    /** Of all calls. */
    public long getOutputTokens() {
        return outputTokens;
    }

    /** By the configured prices, with the currency. */
    public String getCost() {
        return cost;
    }
}
