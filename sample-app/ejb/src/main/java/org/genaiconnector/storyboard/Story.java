package org.genaiconnector.storyboard;

import jakarta.resource.ResourceException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;

/** A story being written and painted. Safe for any number of threads. */
public final class Story {

    /** How far a story is. */
    public enum State {
        /** Being written or painted. */
        RUNNING,
        /** Every scene that was not cancelled has its picture, and there is one. */
        COMPLETED,
        /** Cancelled before it had a picture, or as a whole. */
        CANCELLED,
        /** It could not be written, or some picture could not be painted. */
        FAILED
    }

    private final String id;
    private final Instant begun;
    private final StoryRequest request;
    private final Consumer<Story> listener;
    private List<Scene> scenes = List.of();
    private Failure failure;
    private boolean cancelled;
    private int writings = 1;
    private Thread writer;
    private List<?> shown = List.of();
    private final List<Runnable> heard = new ArrayList<>();
    private boolean handedOver;

    /**
     * A new story.
     *
     * @param request what it is to be
     * @param listener called after every change of its state or that of a scene, on the thread that brings it; must not block
     */
    Story(StoryRequest request, Consumer<Story> listener) {
        this.id = UUID.randomUUID().toString();
        this.begun = Instant.now().truncatedTo(ChronoUnit.MICROS); // as databases keep it
        this.request = request;
        this.listener = listener;
    }

    /**
     * A story as it was kept.
     *
     * @param kept what is known of it
     * @param jobs finds the jobs of its scenes
     * @param listener as of a new story
     */
    Story(StoryRecord kept, Function<JobStatus, TrackedJob> jobs, Consumer<Story> listener) {
        this.id = kept.id();
        this.begun = kept.begun();
        this.request = kept.request();
        this.listener = listener;
        this.writings = kept.writings();
        this.cancelled = kept.cancelled();
        this.failure = kept.failure().orElse(null);
        this.scenes = kept.scenes().stream()
                .map(scene -> Scene.kept(scene, scene.job().map(jobs)))
                .toList();
    }

    /**
     * The story's id.
     *
     * @return a UUID
     */
    public String id() {
        return id;
    }

    /**
     * What was asked for.
     *
     * @return as the user sent it
     */
    public StoryRequest request() {
        return request;
    }

    /**
     * The story now.
     *
     * @return made of one look at each job
     */
    public synchronized StoryView view() {
        List<SceneView> views = scenes.stream().map(Scene::view).toList();
        return StoryView.of(id, request, begun, views, Optional.ofNullable(failure), cancelled);
    }

    /** The story now, to be kept. */
    synchronized StoryRecord record() {
        return record(scenes.stream().map(Scene::record).toList());
    }

    /**
     * The story once some of its scenes have been sent, to be kept with their jobs.
     *
     * @param sent ids of the jobs by the indexes of the scenes
     */
    synchronized StoryRecord recordOfSent(Map<Integer, String> sent) {
        List<StoryRecord.SceneRecord> records = new ArrayList<>();
        for (int i = 0; i < scenes.size(); i++) {
            StoryRecord.SceneRecord record = scenes.get(i).record();
            records.add(sent.containsKey(i) ? record.with(JobStatus.of(sent.get(i), JobState.PENDING)) : record);
        }
        return record(records);
    }

    private StoryRecord record(List<StoryRecord.SceneRecord> records) {
        return new StoryRecord(
                id, request, begun, view().state(), writings, cancelled, records, Optional.ofNullable(failure));
    }

    /** Goes on after it was kept: from now on the listener is called. */
    void resume() {
        List<TrackedJob> jobs;
        synchronized (this) {
            jobs = scenes.stream().flatMap(scene -> scene.job().stream()).toList();
        }
        changed();
        jobs.forEach(this::listen);
    }

    /** Not under this lock: the job calls under its own. */
    private void listen(TrackedJob job) {
        Runnable end = job.listen(snapshot -> changed());
        synchronized (this) {
            if (!handedOver) {
                heard.add(end);
                return;
            }
        }
        end.run();
    }

    /** Another one is in its place: its writing ends, and nobody hears of it any more. */
    void handOver() {
        List<Runnable> ends;
        synchronized (this) {
            handedOver = true;
            if (writer != null) {
                writer.interrupt();
            }
            ends = List.copyOf(heard);
            heard.clear();
        }
        ends.forEach(Runnable::run);
    }

    /** Whether another one is in its place, so that it is to do nothing any more. */
    synchronized boolean isHandedOver() {
        return handedOver;
    }

    /** Whether it must still be written. */
    synchronized boolean isToBeWritten() {
        return scenes.isEmpty() && failure == null && !cancelled;
    }

    /** Whether it has scenes that must still be sent. */
    synchronized boolean isToBePainted() {
        return scenes.stream().anyMatch(Scene::isToBeSent);
    }

    /**
     * Its writing begins once more.
     *
     * @return false if it was begun that often before
     */
    synchronized boolean writeAgain(int most) {
        if (writings >= most) {
            return false;
        }
        writings++;
        return true;
    }

    /** Writes the scenes of a story; an interrupt ends it. */
    @FunctionalInterface
    interface Writing {
        List<String> write() throws ResourceException;
    }

    /**
     * Has the story written on this thread, which is interrupted if it is not to be written any more.
     *
     * @return false if it is not to be written
     */
    boolean write(Writing writing) throws ResourceException {
        synchronized (this) {
            if (isUnwanted()) {
                return false;
            }
            writer = Thread.currentThread();
        }
        List<String> texts;
        try {
            texts = writing.write();
        } finally {
            synchronized (this) {
                writer = null;
                if (isUnwanted()) {
                    Thread.interrupted(); // was for the writing, and not for what this thread does next
                }
            }
        }
        return written(texts);
    }

    private boolean written(List<String> texts) {
        synchronized (this) {
            if (isUnwanted()) {
                return false;
            }
            scenes = texts.stream().map(Scene::written).toList();
        }
        changed();
        return true;
    }

    /** Whether it is cancelled, or handed over. */
    synchronized boolean isUnwanted() {
        return cancelled || handedOver;
    }

    /** It cannot go on: it is not written, or what of it is not sent cannot be sent. Of no matter once it was cancelled. */
    void failed(Failure why) {
        synchronized (this) {
            if (scenes.isEmpty() && !cancelled) {
                failure = why;
            }
            scenes = scenes.stream()
                    .map(scene -> scene.isToBeSent() ? scene.failed(why) : scene)
                    .toList();
        }
        changed();
    }

    /**
     * A scene has been sent.
     *
     * @param attempt of the scene when it was queued
     * @return false if it was cancelled meanwhile, perhaps to be painted again, and this job is not wanted any more
     */
    boolean sent(int scene, int attempt, TrackedJob job) {
        boolean wanted;
        synchronized (this) {
            if (scenes.get(scene).attempt() != attempt) {
                return false;
            }
            wanted = scenes.get(scene).isToBeSent();
            replace(scene, scenes.get(scene).sent(job));
        }
        listen(job);
        return wanted;
    }

    /**
     * A scene cannot be sent.
     *
     * @param attempt of the scene when it was queued; if the scene is to be painted again since then, nothing changes
     */
    void failed(int scene, int attempt, Failure why) {
        synchronized (this) {
            if (scenes.get(scene).attempt() != attempt) {
                return;
            }
            replace(scene, scenes.get(scene).failed(why));
        }
        changed();
    }

    /** The jobs that have not ended. */
    synchronized List<TrackedJob> unfinished() {
        return scenes.stream()
                .flatMap(scene -> scene.job().stream())
                .filter(job -> !job.state().isFinal())
                .toList();
    }

    /** What is not sent yet never will be; false if the story has ended. */
    boolean cancel() {
        synchronized (this) {
            boolean active =
                    scenes.stream().anyMatch(scene -> !scene.view().state().isFinal());
            if (failure != null || !active && (cancelled || !scenes.isEmpty())) {
                return false;
            }
            cancelled = true;
            if (writer != null) {
                writer.interrupt();
            }
            scenes = scenes.stream().map(Scene::cancelled).toList();
        }
        changed();
        return true;
    }

    /** A scene that has ended is to be painted once more; false if it has not ended. */
    boolean again(int scene) {
        synchronized (this) {
            if (!scenes.get(scene).view().state().isFinal()) {
                return false;
            }
            cancelled = false;
            replace(scene, scenes.get(scene).again());
        }
        changed();
        return true;
    }

    synchronized List<Scene> scenes() {
        return scenes;
    }

    private void replace(int index, Scene scene) {
        List<Scene> changed = new ArrayList<>(scenes);
        changed.set(index, scene);
        scenes = List.copyOf(changed);
    }

    /** Tells the listener, but not of progress, which the jobs tell themselves. */
    private void changed() {
        synchronized (this) {
            StoryView now = view();
            List<?> visible = List.of(
                    now.state(),
                    now.scenes().stream().map(SceneView::state).toList(),
                    scenes.stream().map(Scene::job).toList());
            if (handedOver || visible.equals(shown)) {
                return;
            }
            shown = visible;
        }
        listener.accept(this);
    }
}
