package org.genaiconnector.ra.llm;

import java.beans.ConstructorProperties;

/** What a limit or budget has counted, as administrators see it. With getters, since JMX shows no records on Java 17. */
public final class LimitRow {
    private final String scope;
    private final String name;
    private final String measure;
    private final String most;
    private final String used;
    private final long refused;
    private final boolean shadow;

    /** One as its getters show it. */
    @ConstructorProperties({"scope", "name", "measure", "most", "used", "refused", "shadow"})
    public LimitRow(String scope, String name, String measure, String most, String used, long refused, boolean shadow) {
        this.scope = scope;
        this.name = name;
        this.measure = measure;
        this.most = most;
        this.used = used;
        this.refused = refused;
        this.shadow = shadow;
    }

    /** What it belongs to: target, model, key, application or caller. */
    public String getScope() {
        return scope;
    }

    /** Which of them; empty for calls without one. */
    public String getName() {
        return name;
    }

    /** What it counts, as in the targets file. */
    public String getMeasure() {
        return measure;
    }

    /** What it allows; money in units of the currency. */
    public String getMost() {
        return most;
    }

    /** What counts now, reservations of calls under way included. */
    public String getUsed() {
        return used;
    }

    /** How often it had no room. */
    public long getRefused() {
        return refused;
    }

    /** Whether it only counts. */
    public boolean isShadow() {
        return shadow;
    }
}
