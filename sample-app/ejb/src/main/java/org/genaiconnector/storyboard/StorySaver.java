package org.genaiconnector.storyboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Brings the stories from the archive and their changes into it, in the order in which they changed. What fails is tried
 * again when it is run again. Safe for any number of threads.
 */
final class StorySaver implements Runnable {

    private static final System.Logger LOG = System.getLogger(StorySaver.class.getName());

    private final StoryArchive archive;
    private final StoryMemory memory;
    private final Consumer<StoryRecord> goOn;
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
     * @param memory of the application
     * @param goOn receives each story that belongs to this Storyboard from now on
     * @param executor for changes that are to be written soon
     */
    StorySaver(StoryArchive archive, StoryMemory memory, Consumer<StoryRecord> goOn, Executor executor) {
        this.archive = archive;
        this.memory = memory;
        this.goOn = goOn;
        this.executor = executor;
    }

    /** Does something in the archive at once. */
    @FunctionalInterface
    private interface Call<T> {
        T now() throws StoryArchiveException;
    }

    /** Writes a new story at once. */
    void begin(Story story) throws GenAiException {
        atOnce("No story can be begun, because none can be kept", () -> {
            archive.add(story.record());
            return true;
        });
    }

    /** Looks for a story that is not in memory. */
    Optional<Story> find(String id) throws GenAiException {
        return atOnce("The story cannot be read now", () -> {
            Optional<StoryRecord> kept = archive.find(id);
            kept.ifPresent(memory::show);
            return kept.flatMap(story -> memory.find(id));
        });
    }

    /** Makes a story belong to this Storyboard; empty if it does already, or is not there. */
    Optional<StoryRecord> claim(String id) throws GenAiException {
        return atOnce("The story cannot be changed now", () -> {
            if (memory.isOwn(id)) {
                if (archive.isOwn(id)) {
                    return Optional.empty();
                }
                lost(id);
            }
            return archive.claim(id);
        });
    }

    private <T> T atOnce(String without, Call<T> call) throws GenAiException {
        order.lock();
        try {
            load();
            T result = call.now();
            succeeded();
            return result;
        } catch (StoryArchiveException e) {
            failed(e);
            throw new GenAiException(FailureCategory.UNAVAILABLE, without + ": " + e.getMessage(), e);
        } finally {
            order.unlock();
        }
    }

    /** Writes a story in the transaction of this thread. */
    void keep(StoryRecord story) throws GenAiException {
        boolean kept;
        try {
            kept = archive.save(story);
        } catch (StoryArchiveException e) {
            failed(e);
            throw new GenAiException(FailureCategory.UNAVAILABLE, "The story cannot be kept now: " + e.getMessage(), e);
        }
        if (!kept) {
            lost(story.id());
            throw new GenAiException(FailureCategory.CONFLICT, "Another Storyboard goes on with the story");
        }
    }

    private void lost(String id) {
        memory.lose(id);
        OperatorMessage.STORY_HANDED_OVER.log(LOG, id);
    }

    /** Held by who writes. */
    Lock order() {
        return order;
    }

    void changed(Story story) {
        add(story.id(), () -> {
            if (!story.isHandedOver() && !archive.save(story.record())) {
                lost(story.id());
            }
        });
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

    /** Writes all there is to write, until something fails. */
    @Override
    public void run() {
        run(this::load);
    }

    /** The same, and looks what others with the same archive do. */
    void round() {
        run(this::look);
    }

    private void run(Task reading) {
        started.set(false);
        order.lock();
        try {
            reading.run();
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
            look();
        }
    }

    private void look() throws StoryArchiveException {
        if (loaded && !archive.isShared() || stopped) {
            return;
        }
        List<StoryArchive.Mark> marks = archive.renew();
        memory.retain(marks.stream().map(StoryArchive.Mark::id).collect(Collectors.toSet()));
        for (StoryArchive.Mark mark : marks) {
            if (!mark.own()) { // what is in memory of its own is newer
                look(mark);
            }
        }
        loaded = true;
        succeeded();
    }

    private void look(StoryArchive.Mark mark) throws StoryArchiveException {
        if (memory.isOwn(mark.id())) {
            lost(mark.id());
        }
        if (mark.abandoned()) {
            Optional<StoryRecord> taken = archive.claim(mark);
            if (taken.isPresent() && archive.isShared()) {
                OperatorMessage.STORY_TAKEN_OVER.log(LOG, mark.id());
            }
            taken.ifPresent(goOn);
        } else if (!memory.shows(mark.id(), mark.revision())) {
            archive.find(mark.id()).ifPresent(story -> memory.show(story, mark.revision()));
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
