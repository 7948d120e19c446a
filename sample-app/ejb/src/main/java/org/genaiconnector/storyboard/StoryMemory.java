package org.genaiconnector.storyboard;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * The stories in memory: those of this Storyboard, which it changes, and those of others with the same archive, which it only
 * shows. Safe for any number of threads.
 */
@ApplicationScoped
public class StoryMemory {

    private static final int KEPT = 100;

    /** Read before its revision was known, or not ours any more: the next look at the archive replaces it. */
    private static final long UNKNOWN = -1;

    @EJB
    private JobBoard board;

    @Inject
    private Changes changes;

    /** Also the lock of everything here; "synchronized" methods would lock the container's proxy as well. */
    private final Map<String, Held> stories = new HashMap<>();

    /** A story; the revision counts only for one of others. */
    private record Held(Story story, boolean own, long revision) {}

    /** For the container, which injects the rest. */
    public StoryMemory() {
        this(null, null);
    }

    StoryMemory(JobBoard board, Changes changes) {
        this.board = board;
        this.changes = changes;
    }

    Optional<Story> find(String id) {
        synchronized (stories) {
            return Optional.ofNullable(stories.get(id)).map(Held::story);
        }
    }

    /** Newest first. */
    List<StoryView> views() {
        List<Held> all;
        synchronized (stories) {
            all = new ArrayList<>(stories.values());
        }
        return all.stream()
                .map(held -> held.story().view())
                .sorted(Comparator.comparing(StoryView::begun)
                        .thenComparing(StoryView::id)
                        .reversed())
                .toList();
    }

    boolean isOwn(String id) {
        synchronized (stories) {
            return stories.containsKey(id) && stories.get(id).own();
        }
    }

    /** Whether a story of others is shown as it was at a revision. */
    boolean shows(String id, long revision) {
        synchronized (stories) {
            Held held = stories.get(id);
            return held != null && !held.own() && held.revision() == revision;
        }
    }

    /**
     * Adds a new story of this Storyboard. If there are too many, the oldest that has ended goes.
     *
     * @return the one that has gone
     * @throws GenAiException category {@code OVERLOADED} if none has ended
     */
    Optional<Story> add(Story story) throws GenAiException {
        synchronized (stories) {
            Optional<Story> oldestEnded = Optional.empty();
            if (stories.size() >= KEPT) {
                StoryView ended = views().stream()
                        .filter(candidate -> candidate.state() != Story.State.RUNNING)
                        .reduce((newer, older) -> older)
                        .orElseThrow(() -> new GenAiException(
                                FailureCategory.OVERLOADED,
                                KEPT + " stories are unfinished; wait for one of them, or cancel one"));
                oldestEnded = Optional.of(stories.remove(ended.id()).story());
            }
            put(story, true, UNKNOWN);
            return oldestEnded;
        }
    }

    /** A story of the archive belongs to this Storyboard from now on. */
    void own(Story story) {
        put(story, true, UNKNOWN);
    }

    /** Shows a story that does not belong to this Storyboard, by the newest that the archive has of it. */
    void show(StoryRecord kept, long revision) {
        Story shown = new Story(kept, board::resume, changes::story);
        put(shown, false, revision);
        shown.resume();
    }

    void show(StoryRecord kept) {
        show(kept, UNKNOWN);
    }

    private void put(Story story, boolean own, long revision) {
        Held before;
        synchronized (stories) {
            before = stories.put(story.id(), new Held(story, own, revision));
        }
        if (before != null && before.story() != story) {
            before.story().handOver();
        }
    }

    /**
     * A story belongs to another Storyboard from now on, or is not in the archive any more. It is shown as it was until the next
     * look at the archive.
     */
    void lose(String id) {
        Held held;
        synchronized (stories) {
            held = stories.computeIfPresent(id, (key, before) -> new Held(before.story(), false, UNKNOWN));
        }
        if (held != null) {
            held.story().handOver();
        }
    }

    /** The archive has no other stories than these. */
    void retain(Set<String> ids) {
        List<Held> gone;
        synchronized (stories) {
            gone = stories.entrySet().stream()
                    .filter(held -> !ids.contains(held.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            gone.forEach(held -> stories.remove(held.story().id()));
        }
        gone.forEach(held -> held.story().handOver());
    }
}
