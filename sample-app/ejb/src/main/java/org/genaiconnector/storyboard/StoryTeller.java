package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.ejb.Asynchronous;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.resource.ResourceException;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.Job;

/** Session bean that has a story written and sends its scenes to be painted, on a thread of the container. */
@Stateless
@TransactionManagement(TransactionManagementType.BEAN) // no transaction waits for the model; all scenes are sent in one
public class StoryTeller {

    private static final Logger LOG = Logger.getLogger(StoryTeller.class.getName());

    @Resource
    private UserTransaction transaction;

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
        try {
            paint(story);
        } catch (ResourceException | EJBException e) {
            story.failed(failure("The scenes of story " + story.id() + " cannot be painted", e));
        } catch (NotSupportedException | SystemException e) {
            throw new EJBException("No transaction for story " + story.id(), e);
        }
    }

    /** All scenes or none: what the server refuses shows at the commit. */
    private void paint(Story story) throws ResourceException, NotSupportedException, SystemException {
        List<Job> jobs = new ArrayList<>();
        transaction.begin();
        boolean committing = false;
        try {
            for (Scene scene : story.scenes()) {
                board.requireRoom();
                jobs.add(illustrator.paint(scene.text()));
            }
            committing = true;
            transaction.commit();
            for (int i = 0; i < jobs.size(); i++) {
                story.sent(i, board.watch(jobs.get(i)));
            }
        } catch (RollbackException | HeuristicMixedException | HeuristicRollbackException e) {
            LOG.log(Level.WARNING, "The scenes of story {0} were not sent: {1}", new Object[] {
                story.id(), e.getMessage()
            });
            explain(story, jobs);
        } finally {
            if (!committing) {
                transaction.rollback();
            }
        }
    }

    /** What was refused, the job itself tells. */
    private void explain(Story story, List<Job> jobs) throws ResourceException {
        for (int i = 0; i < jobs.size(); i++) {
            Optional<Failure> failure = board.find(jobs.get(i).id())
                    .flatMap(job -> Failure.of(job.snapshot().status()));
            if (failure.isPresent()) {
                story.failed(i, failure.get());
            } else {
                story.sent(i, board.watch(jobs.get(i))); // and cancelled, because another one was refused
            }
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
