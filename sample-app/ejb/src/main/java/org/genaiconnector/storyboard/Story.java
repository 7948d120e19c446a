package org.genaiconnector.storyboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.genaiconnector.comfyui.JobState;

/** A story being written and painted. Safe for any number of threads. */
public final class Story {

    /** How far a story is. */
    public enum State {
        /** Being written or painted. */
        RUNNING,
        /** Every scene has its picture. */
        COMPLETED,
        /** It could not be written, or some picture could not be painted. */
        FAILED
    }

    private final String id = UUID.randomUUID().toString();
    private final String idea;
    private final int length;
    private List<Scene> scenes = List.of();
    private Failure failure;

    Story(String idea, int length) {
        this.idea = idea;
        this.length = length;
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
     * What it is about.
     *
     * @return not null
     */
    public String idea() {
        return idea;
    }

    /**
     * How many scenes were asked for.
     *
     * @return at least 1
     */
    public int length() {
        return length;
    }

    /**
     * The scenes as they are now.
     *
     * @return empty until the story is written
     */
    public synchronized List<Scene> scenes() {
        return scenes;
    }

    /**
     * Why the story could not be written.
     *
     * @return empty if it was, or is not yet
     */
    public synchronized Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * How far it is.
     *
     * @return final once every scene has ended
     */
    public synchronized State state() {
        if (failure != null) {
            return State.FAILED;
        }
        if (scenes.isEmpty() || scenes.stream().anyMatch(scene -> !scene.state().isFinal())) {
            return State.RUNNING;
        }
        return scenes.stream().allMatch(scene -> scene.state() == JobState.COMPLETED) ? State.COMPLETED : State.FAILED;
    }

    synchronized void written(List<String> texts) {
        scenes = texts.stream().map(Scene::written).toList();
    }

    synchronized void sent(int scene, TrackedJob job) {
        replace(scene, scenes.get(scene).sent(job));
    }

    synchronized void failed(int scene, Failure why) {
        replace(scene, scenes.get(scene).failed(why));
    }

    synchronized void failed(Failure why) {
        failure = why;
    }

    private void replace(int index, Scene scene) {
        List<Scene> changed = new ArrayList<>(scenes);
        changed.set(index, scene);
        scenes = List.copyOf(changed);
    }
}
