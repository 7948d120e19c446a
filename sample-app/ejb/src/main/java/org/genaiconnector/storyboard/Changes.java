package org.genaiconnector.storyboard;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * All changes of jobs, stories and backends in one order, for those who watch everything at once. Of each thing the newest
 * change is kept for those who come back after a pause. Safe for any number of threads.
 */
@ApplicationScoped
public class Changes {

    /** More than what a page may have missed in a pause that it did not notice. */
    private static final int KEPT = 2_000;

    /** Also the lock of everything here; "synchronized" methods would lock the container's proxy as well. */
    private final Map<String, Change> newest = new LinkedHashMap<>();

    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private long last;
    private long forgotten;

    /**
     * Calls a listener with what has changed since, and then with every change, on the thread that brings it. A listener must
     * not block.
     *
     * @param since number of the last change that the listener knows; 0 for all that are kept
     * @param listener called by one thread at a time
     * @return ends the subscription
     */
    public Runnable listen(long since, Consumer<Change> listener) {
        synchronized (newest) {
            newest.values().stream().filter(change -> change.number() > since).forEach(listener);
            listeners.add(listener);
        }
        return () -> listeners.remove(listener);
    }

    /**
     * The number of the newest change.
     *
     * @return 0 if there was none
     */
    public long last() {
        synchronized (newest) {
            return last;
        }
    }

    /**
     * Whether nothing newer than a change has been forgotten.
     *
     * @param since number of the change
     * @return false if a listener that knows no later change must ask for the state of things
     */
    public boolean coverFrom(long since) {
        synchronized (newest) {
            return since >= forgotten;
        }
    }

    /**
     * How the backends are, of those of which it has been heard.
     *
     * @return the newest of each
     */
    public List<Probe> backends() {
        synchronized (newest) {
            return newest.values().stream()
                    .filter(Change.OfBackend.class::isInstance)
                    .map(change -> ((Change.OfBackend) change).probe())
                    .toList();
        }
    }

    void job(JobSnapshot job) {
        publish(number -> new Change.OfJob(number, job));
    }

    /** The application remembers it no longer, and so its outputs, which may be long, go as well. */
    void forgetJob(String id) {
        synchronized (newest) {
            Change gone = newest.remove(Change.OfJob.key(id));
            forgotten = gone == null ? forgotten : Math.max(forgotten, gone.number());
        }
    }

    /** Looks at the story under the same lock as it is numbered, so that a newer number never has an older view. */
    void story(Story story) {
        publish(number -> new Change.OfStory(number, story.view()));
    }

    void backend(Probe probe) {
        publish(number -> new Change.OfBackend(number, probe));
    }

    private void publish(LongFunction<Change> numbered) {
        synchronized (newest) {
            Change change = numbered.apply(++last);
            newest.remove(change.key()); // so that the map stays in the order of the numbers
            newest.put(change.key(), change);
            Iterator<Change> oldest = newest.values().iterator();
            while (newest.size() > KEPT) {
                forgotten = oldest.next().number();
                oldest.remove();
            }
            listeners.forEach(listener -> listener.accept(change));
        }
    }
}
