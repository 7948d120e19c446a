package org.genaiconnector.ra.llm;

import java.beans.ConstructorProperties;

/** A target, as administrators see it. With getters, since JMX shows no records on Java 17. */
public final class TargetRow {
    private final String name;
    private final String provider;
    private final String state;
    private final int underWay;

    /** One as its getters show it. */
    @ConstructorProperties({"name", "provider", "state", "underWay"})
    public TargetRow(String name, String provider, String state, int underWay) {
        this.name = name;
        this.provider = provider;
        this.state = state;
        this.underWay = underWay;
    }

    /** As in the targets file. */
    public String getName() {
        return name;
    }

    /** What it is. */
    public String getProvider() {
        return provider;
    }

    /** {@code ON}, {@code OFF} if it is switched off, {@code FAILING} if a model of it is left out because it keeps failing. */
    public String getState() {
        return state;
    }

    /** Calls that have not ended. */
    public int getUnderWay() {
        return underWay;
    }
}
