package org.genaiconnector.storyboard;

import jakarta.ejb.Asynchronous;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.resource.ResourceException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.genaiconnector.FailureCategory;

/** Session bean that has a story written and sends its scenes to be painted, on a thread of the container. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED) // every scene is sent in a transaction of its own
public class StoryTeller {

    private static final Logger LOG = Logger.getLogger(StoryTeller.class.getName());

    @EJB
    private StoryWriter writer;

    @EJB
    private Illustrator illustrator;

    @EJB
    private JobBoard board;

    /**
     * Tells a story; what fails is noted in it.
     *
     * @param story new
     */
    @Asynchronous
    public void tell(Story story) {
        try {
            List<String> scenes = writer.write(story.idea(), story.length());
            story.written(scenes);
        } catch (ResourceException | EJBException e) {
            story.failed(failure("The story " + story.id() + " cannot be written", e));
            return;
        }
        for (int i = 0; i < story.length(); i++) {
            paint(story, i);
        }
    }

    private void paint(Story story, int scene) {
        try {
            board.requireRoom();
            story.sent(
                    scene,
                    board.watch(illustrator.paint(story.scenes().get(scene).text())));
        } catch (ResourceException | EJBException e) {
            story.failed(scene, failure("Scene " + (scene + 1) + " of story " + story.id() + " cannot be painted", e));
        }
    }

    private static Failure failure(String what, Exception e) {
        Optional<Failure> failure = Failure.of(e);
        if (failure.isPresent()) {
            LOG.log(Level.WARNING, "{0}: {1}", new Object[] {what, failure.get().message()});
            return failure.get();
        }
        LOG.log(Level.SEVERE, what, e);
        return new Failure(FailureCategory.SERVER, what + ": see the server's log", Optional.empty(), false, Map.of());
    }
}
