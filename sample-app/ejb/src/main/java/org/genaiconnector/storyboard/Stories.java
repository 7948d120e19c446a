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
import java.util.List;
import java.util.Optional;
import org.genaiconnector.GenAiException;

/**
 * Session bean that begins stories, has them written, and changes them. {@link StoryMemory} has them, {@link SavedStories} keeps
 * them beyond a restart.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Stories {

    /** A story whose writing ends the application each time is not begun for ever. */
    private static final int WRITINGS = 3;

    @EJB
    private StoryTeller teller;

    @EJB
    private JobBoard board;

    @EJB
    private SavedStories saved;

    @Inject
    private StoryMemory memory;

    @Inject
    private Changes changes;

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
            memory.add(story).ifPresent(saved::forgotten);
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
     * Goes on with a story of before a restart, or of a Storyboard that is gone. What was being written is written again, what was
     * not sent is sent, and jobs are asked for.
     *
     * @param kept belongs to this Storyboard from now on
     */
    public void goOn(StoryRecord kept) {
        goOn(owned(kept));
    }

    private Story owned(StoryRecord kept) {
        Story story = new Story(kept, board::resume, this::changed);
        memory.own(story);
        return story;
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
     * @throws GenAiException category {@code UNAVAILABLE} if another Storyboard may have begun it, and that cannot be found out now
     */
    public Optional<Story> find(String id) throws GenAiException {
        Optional<Story> known = memory.find(id);
        return known.isPresent() ? known : saved.find(id);
    }

    /**
     * All stories that are kept.
     *
     * @return newest first
     */
    public List<StoryView> all() {
        return memory.views();
    }

    /** A story that is to be changed, which belongs to this Storyboard from now on: another one if it did not before. */
    private Story own(Story story) throws GenAiException {
        return saved.claim(story.id()).map(this::owned).orElse(story);
    }

    /**
     * Cancels a story: its writing, and every picture that is not finished. If it belongs to another Storyboard, this one takes it
     * over.
     *
     * @param story not null
     * @return the story now; empty if it had ended
     * @throws ResourceException if ComfyUI could not be asked; the story is cancelled nevertheless, but its pictures may be painted.
     *     Or if the story cannot be taken over; then nothing has happened
     */
    public Optional<StoryView> cancel(Story story) throws ResourceException {
        Story own = own(story);
        boolean cancelled = own.cancel();
        if (own != story) {
            own.resume();
        }
        if (!cancelled) {
            return Optional.empty();
        }
        ResourceException first = null;
        for (TrackedJob job : own.unfinished()) {
            try {
                board.cancel(job);
            } catch (ResourceException e) { // the others perhaps can be cancelled
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return Optional.of(own.view());
    }

    /**
     * Has a scene painted once more. If the story belongs to another Storyboard, this one takes it over.
     *
     * @param story not null
     * @param scene its index, of a scene that there is
     * @return the story now; empty if the scene had not ended
     * @throws GenAiException category {@code UNAVAILABLE} if the story cannot be taken over now
     */
    public Optional<StoryView> paintAgain(Story story, int scene) throws GenAiException {
        Story own = own(story);
        boolean again = own.again(scene);
        if (own != story) {
            goOn(own); // nobody else does, with whatever of it is not sent
        } else if (again) {
            start(own, () -> teller.paintAgain(own, scene));
        }
        return again ? Optional.of(own.view()) : Optional.empty();
    }
}
