package org.genaiconnector.ra.statistics;

/** How message-driven beans were told of the ends of jobs, for management tools. */
public interface DeliveriesMXBean {

    @Description("Ends of jobs that message-driven beans were told")
    long getDelivered();

    @Description("Attempts to tell a bean of an end that failed, those that were repeated included")
    long getFailed();

    @Description("Ends that a bean will not hear of any more, after the last attempt")
    long getGivenUp();
}
