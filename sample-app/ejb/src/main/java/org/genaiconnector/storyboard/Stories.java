package org.genaiconnector.storyboard;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.resource.ResourceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/** Session bean that has the newest stories in memory, and has them written. {@link SavedStories} keeps them beyond a restart. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Stories {

    private static final int KEPT = 100;

    /** A story whose writing ends the application each time is not begun for ever. */
    private static final int WRITINGS = 3;

    @EJB
    private StoryTeller teller;

    @EJB
    private JobBoard board;

    @EJB
    private SavedStories saved;

    @Inject
    private Changes changes;

    private final Map<String, Story> stories = new LinkedHashMap<>();

    /**
     * Begins a story and returns at once.
     *
     * @param request what it is to be; {@link WorkflowTemplates#check} has found nothing wrong
     * @return running
     * @throws GenAiException category {@code OVERLOADED} if 100 stories are unfinished, {@code UNAVAILABLE} if stories cannot be kept
     *     now
     */
    public Story begin(StoryRequest request) throws GenAiException {
        Story story = new Story(request, this::changed);
        saved.begin(story);
        try {
            keep(story);
        } catch (GenAiException e) {
            saved.forgotten(story);
            throw e;
        }
        changes.story(story);
        start(story, () -> teller.tell(story));
        return story;
    }

    private void changed(Story story) {
        changes.story(story);
        saved.changed(story);
    }

    /**
     * Goes on with the stories of before a restart. What was being written is written again, what was not sent is sent, and jobs
     * are asked for.
     *
     * @param kept oldest first
     */
    public void restore(List<StoryRecord> kept) {
        List<Story> restored = kept.stream()
                .map(story -> new Story(story, board::resume, this::changed))
                .toList();
        synchronized (stories) {
            restored.forEach(story -> stories.put(story.id(), story));
        }
        restored.forEach(this::goOn);
    }

    private void goOn(Story story) {
        boolean write = story.isToBeWritten();
        boolean begun = write && story.writeAgain(WRITINGS);
        story.resume();
        if (write && !begun) {
            story.failed(StoryTeller.cutOff(WRITINGS));
        } else if (write) {
            start(story, () -> teller.tell(story));
        } else if (story.isToBePainted()) {
            start(story, () -> teller.paint(story));
        }
    }

    /** A story that the container has no thread for has an end, too. */
    private static void start(Story story, Runnable asynchronousCall) {
        try {
            asynchronousCall.run();
        } catch (EJBException e) {
            story.failed(StoryTeller.failure("The story " + story.id() + " cannot go on", e));
        }
    }

    /**
     * Finds a story.
     *
     * @param id as in {@link Story#id()}
     * @return empty if unknown or forgotten
     */
    public Optional<Story> find(String id) {
        synchronized (stories) {
            return Optional.ofNullable(stories.get(id));
        }
    }

    /**
     * All stories that are kept.
     *
     * @return newest first
     */
    public List<StoryView> all() {
        List<Story> all;
        synchronized (stories) {
            all = new ArrayList<>(stories.values());
        }
        Collections.reverse(all);
        return all.stream().map(Story::view).toList();
    }

    /**
     * Cancels a story: its writing, and every picture that is not finished.
     *
     * @param story not null
     * @return false if it has ended
     * @throws ResourceException if ComfyUI could not be asked; the story is cancelled nevertheless, but its pictures may be painted
     */
    public boolean cancel(Story story) throws ResourceException {
        if (!story.cancel()) {
            return false;
        }
        ResourceException first = null;
        for (TrackedJob job : story.unfinished()) {
            try {
                board.cancel(job);
            } catch (ResourceException e) { // the others perhaps can be cancelled
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return true;
    }

    /**
     * Has a scene painted once more.
     *
     * @param story not null
     * @param scene its index, of a scene that there is
     * @return false if it has not ended
     */
    public boolean paintAgain(Story story, int scene) {
        if (!story.again(scene)) {
            return false;
        }
        start(story, () -> teller.paintAgain(story, scene));
        return true;
    }

    private void keep(Story story) throws GenAiException {
        synchronized (stories) {
            if (stories.size() >= KEPT) {
                Story oldestEnded = stories.values().stream()
                        .filter(candidate -> candidate.view().state() != Story.State.RUNNING)
                        .findFirst()
                        .orElseThrow(() -> new GenAiException(
                                FailureCategory.OVERLOADED,
                                KEPT + " stories are unfinished; wait for one of them, or cancel one"));
                stories.remove(oldestEnded.id());
                saved.forgotten(oldestEnded);
            }
            stories.put(story.id(), story);
        }
    }
}
