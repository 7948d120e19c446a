package org.genaiconnector.ra.comfyui;

import java.time.Duration;
import org.genaiconnector.ra.connection.AdapterServices;

/** All that this adapter follows jobs with, and those who want to hear of them. One for an adapter. */
public final class JobTrackers implements AutoCloseable {
    /** Long enough for an application to be deployed again. */
    private static final Duration KEEP_ENDS = Duration.ofMinutes(10);

    private final JobNewsroom newsroom = new JobNewsroom(KEEP_ENDS);

    /**
     * The one of an adapter.
     *
     * @param services of the adapter
     * @return always the same until the adapter is started again
     */
    public static JobTrackers of(AdapterServices services) {
        return services.shared(JobTrackers.class, JobTrackers.class, JobTrackers::new);
    }

    /**
     * Tells somebody from now on, beginning with the ends that nobody took in the last 10 minutes (at most 1000), as far as
     * this one takes them.
     *
     * @param observer until {@link #unsubscribe}
     */
    public void subscribe(JobObserver observer) {
        newsroom.subscribe(observer);
    }

    /**
     * Tells somebody no more; what is being told at this moment may still arrive.
     *
     * @param observer as it was subscribed
     */
    public void unsubscribe(JobObserver observer) {
        newsroom.unsubscribe(observer);
    }

    /**
     * Tells what the trackers cannot know: the end of a job that was refused when its transaction was committed, or an end
     * that an observer took and could not deliver before it unsubscribed.
     *
     * @param news not null
     */
    public void tell(JobNews news) {
        newsroom.tell(news);
    }

    @Override
    public void close() {
        newsroom.close();
    }
}
