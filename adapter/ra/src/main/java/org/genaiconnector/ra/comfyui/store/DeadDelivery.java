package org.genaiconnector.ra.comfyui.store;

import java.beans.ConstructorProperties;

/** A delivery that was given up, as administrators see it. With getters, since JMX shows no records on Java 17. */
public final class DeadDelivery {
    private final String subscription;
    private final String job;
    private final int attempts;
    private final String since;
    private final String reason;

    /** One as its getters show it. */
    @ConstructorProperties({"subscription", "job", "attempts", "since", "reason"})
    public DeadDelivery(String subscription, String job, int attempts, String since, String reason) {
        this.subscription = subscription;
        this.job = job;
        this.attempts = attempts;
        this.since = since;
        this.reason = reason;
    }

    /** Its name. */
    public String getSubscription() {
        return subscription;
    }

    /** Id of the job. */
    public String getJob() {
        return job;
    }

    /** How often it was attempted. */
    public int getAttempts() {
        return attempts;
    }

    /** When it was given up, in ISO 8601 and UTC, by the database's clock. */
    public String getSince() {
        return since;
    }

    /** What went wrong in the last attempt, at most 2,000 characters. */
    public String getReason() {
        return reason;
    }
}
