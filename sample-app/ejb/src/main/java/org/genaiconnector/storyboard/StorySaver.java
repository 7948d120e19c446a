package org.genaiconnector.storyboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Brings the stories from the archive once and their changes into it, in the order in which they changed. What fails is tried
 * again when it is run again. Safe for any number of threads.
 */
final class StorySaver implements Runnable {

    private static final System.Logger LOG = System.getLogger(StorySaver.class.getName());

    private final StoryArchive archive;
    private final Consumer<List<StoryRecord>> restore;
    private final Executor executor;

    /** What is to be done for each story; an entry leaves with its success, unless the story has changed again. */
    private final Map<String, Task> tasks = new LinkedHashMap<>();

    /** Held while the archive is at work, so that an older state never comes after a newer one. */
    private final Lock order = new ReentrantLock();

    private final AtomicBoolean started = new AtomicBoolean();
    private boolean loaded;
    private volatile boolean failing;
    private volatile boolean stopped;

    /** Something to do in the archive. */
    @FunctionalInterface
    private interface Task {
        void run() throws StoryArchiveException;
    }

    /**
     * A saver, which does nothing by itself.
     *
     * @param restore receives what the archive has, once, before any change is written
     * @param executor for changes that are to be written soon
     */
    StorySaver(StoryArchive archive, Consumer<List<StoryRecord>> restore, Executor executor) {
        this.archive = archive;
        this.restore = restore;
        this.executor = executor;
    }

    /** Writes a new story at once. */
    void begin(Story story) throws GenAiException {
        order.lock();
        try {
            load();
            archive.save(story.record());
            succeeded();
        } catch (StoryArchiveException e) {
            failed(e);
            throw new GenAiException(
                    FailureCategory.UNAVAILABLE,
                    "No story can be begun, because none can be kept: " + e.getMessage(),
                    e);
        } finally {
            order.unlock();
        }
    }

    /** Writes a story in the transaction of this thread. */
    void keep(StoryRecord story) throws GenAiException {
        try {
            archive.save(story);
        } catch (StoryArchiveException e) {
            failed(e);
            throw new GenAiException(FailureCategory.UNAVAILABLE, "The story cannot be kept now: " + e.getMessage(), e);
        }
    }

    /** Held by who writes. */
    Lock order() {
        return order;
    }

    void changed(Story story) {
        add(story.id(), () -> archive.save(story.record()));
    }

    void forgotten(Story story) {
        add(story.id(), () -> archive.delete(story.id()));
    }

    private void add(String id, Task task) {
        synchronized (tasks) {
            tasks.put(id, task);
        }
        if (!failing && !started.getAndSet(true)) {
            try {
                executor.execute(this);
            } catch (RejectedExecutionException e) { // the next round does it, unless the application stops
                started.set(false);
            }
        }
    }

    /** Does all there is to do, until something fails. */
    @Override
    public void run() {
        started.set(false);
        order.lock();
        try {
            load();
            for (Map.Entry<String, Task> task : all()) {
                if (stopped) {
                    return;
                }
                work(task.getKey(), task.getValue());
            }
        } catch (StoryArchiveException e) {
            failed(e);
        } catch (RuntimeException e) { // would end the repetition
            if (!stopped) {
                OperatorMessage.STORIES_NOT_SAVED_UNEXPECTEDLY.logFailure(LOG, e);
            }
        } finally {
            order.unlock();
        }
    }

    private List<Map.Entry<String, Task>> all() {
        synchronized (tasks) {
            return new ArrayList<>(new LinkedHashMap<>(tasks).entrySet());
        }
    }

    private void work(String id, Task task) throws StoryArchiveException {
        try {
            task.run();
            succeeded();
            synchronized (tasks) {
                tasks.remove(id, task);
            }
        } catch (StoryArchiveException e) {
            synchronized (tasks) { // behind the others, which perhaps can be written
                if (tasks.remove(id, task)) {
                    tasks.put(id, task);
                }
            }
            throw e;
        }
    }

    private void load() throws StoryArchiveException {
        if (!loaded) {
            List<StoryRecord> kept = archive.load();
            loaded = true;
            restore.accept(kept);
            succeeded();
        }
    }

    /** Once for each outage. */
    private void failed(StoryArchiveException e) {
        if (!failing && !stopped) {
            failing = true;
            OperatorMessage.STORIES_NOT_SAVED.log(LOG, e.getMessage());
        }
    }

    private void succeeded() {
        if (failing) {
            failing = false;
            OperatorMessage.STORIES_SAVED_AGAIN.log(LOG);
        }
    }

    /** From now on failures are not worth a message: the application takes its database away. */
    void stop() {
        stopped = true;
    }
}
