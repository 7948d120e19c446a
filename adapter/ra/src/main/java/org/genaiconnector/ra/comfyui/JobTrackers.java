package org.genaiconnector.ra.comfyui;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.ra.connection.AdapterServices;

/** All that this adapter follows jobs with, and those who want to hear of them. One for an adapter. */
public final class JobTrackers implements JobObserver, AutoCloseable {
    private final List<JobObserver> observers = new CopyOnWriteArrayList<>();

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
     * Tells somebody from now on.
     *
     * @param observer until {@link #unsubscribe}
     */
    public void subscribe(JobObserver observer) {
        observers.add(observer);
    }

    /**
     * Tells somebody no more; what is being told at this moment may still arrive.
     *
     * @param observer as it was subscribed
     */
    public void unsubscribe(JobObserver observer) {
        observers.remove(observer);
    }

    @Override
    public void onNews(JobNews news) {
        observers.forEach(observer -> observer.onNews(news));
    }

    @Override
    public void onPreview(JobPreview preview) {
        observers.forEach(observer -> observer.onPreview(preview));
    }

    @Override
    public void close() {
        observers.clear();
    }
}
