package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.ejb.Asynchronous;
import jakarta.ejb.EJB;
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
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Workflow;

/**
 * Session bean that has a story written and sends its scenes to be painted, on threads of the container. It notes
 * failures in the story and throws nothing, so that every story ends.
 */
@Stateless
@TransactionManagement(TransactionManagementType.BEAN) // no transaction waits for the model; all scenes are sent in one
public class StoryTeller {

    private static final System.Logger LOG = System.getLogger(StoryTeller.class.getName());

    @Resource
    private UserTransaction transaction;

    @EJB
    private StoryWriter writer;

    @EJB
    private Illustrator illustrator;

    @EJB
    private JobBoard board;

    @EJB
    private SavedStories saved;

    /** For the container, which injects the rest. */
    public StoryTeller() {
        this(null, null, null, null);
    }

    StoryTeller(Illustrator illustrator, JobBoard board, SavedStories saved, UserTransaction transaction) {
        this.illustrator = illustrator;
        this.board = board;
        this.saved = saved;
        this.transaction = transaction;
    }

    /**
     * Has a story written, and then all its scenes painted.
     *
     * @param story new
     */
    @Asynchronous
    public void tell(Story story) {
        try {
            StoryRequest request = story.request();
            if (!story.write(() -> writer.write(request.idea(), request.scenes()))) {
                return; // not to be written any more
            }
        } catch (ResourceException | RuntimeException | Error e) {
            if (!story.isUnwanted()) { // or it is how the writing was stopped
                story.failed(failure("The story " + story.id() + " cannot be written", e));
            }
            return;
        }
        send(story);
    }

    /**
     * Has the scenes painted that are not sent yet.
     *
     * @param story written
     */
    @Asynchronous
    public void paint(Story story) {
        send(story);
    }

    private void send(Story story) {
        List<Scene> scenes = story.scenes();
        send(
                story,
                IntStream.range(0, scenes.size())
                        .filter(i -> scenes.get(i).isToBeSent())
                        .boxed()
                        .toList());
    }

    /** All of the scenes or none; the story is kept with their jobs. Without a job store what ComfyUI refuses shows at the commit. */
    private void send(Story story, List<Integer> unsent) {
        if (unsent.isEmpty()) {
            return; // cancelled meanwhile
        }
        List<Scene> scenes = unsent.stream().map(story.scenes()::get).toList();
        Lock order = saved.order();
        try {
            List<Workflow> workflows = new ArrayList<>();
            for (Scene scene : scenes) {
                workflows.add(illustrator.workflow(story.request(), scene.text()));
            }
            order.lock(); // before the transaction has a connection to the database, which the holder of the lock
            // may wait for
            try {
                if (!story.isHandedOver()) {
                    commit(story, unsent, scenes, queue(workflows));
                }
            } finally {
                order.unlock();
            }
        } catch (ResourceException | NotSupportedException | SystemException | RuntimeException | Error e) {
            Failure failure = failure("The scenes of story " + story.id() + " cannot be painted", e);
            for (int i = 0; i < scenes.size(); i++) {
                story.failed(unsent.get(i), scenes.get(i).attempt(), failure);
            }
        }
    }

    private void commit(Story story, List<Integer> unsent, List<Scene> scenes, List<Job> jobs) {
        try {
            keepAndCommit(story.recordOfSent(IntStream.range(0, jobs.size())
                    .boxed()
                    .collect(Collectors.toMap(unsent::get, i -> jobs.get(i).id()))));
            for (int i = 0; i < jobs.size(); i++) {
                sent(story, unsent.get(i), scenes.get(i).attempt(), board.watch(jobs.get(i)));
            }
        } catch (RollbackException
                | HeuristicMixedException
                | HeuristicRollbackException
                | SystemException // Payara's, when ComfyUI is the only resource of the transaction
                | ResourceException
                | RuntimeException
                | Error e) {
            if (story.isHandedOver()) {
                return; // another Storyboard sends them
            }
            Failure failure = failure("The scenes of story " + story.id() + " were not sent", e);
            for (int i = 0; i < jobs.size(); i++) {
                explain(story, unsent.get(i), scenes.get(i).attempt(), jobs.get(i), failure);
            }
        }
    }

    private void keepAndCommit(StoryRecord story)
            throws ResourceException, RollbackException, HeuristicMixedException, HeuristicRollbackException,
                    SystemException {
        boolean kept = false;
        try {
            saved.keep(story);
            kept = true;
        } finally {
            if (!kept) {
                transaction.rollback();
            }
        }
        transaction.commit();
    }

    /** What is queued in a transaction is sent after its commit; without a job store, at its commit. */
    private List<Job> queue(List<Workflow> workflows) throws ResourceException, NotSupportedException, SystemException {
        transaction.begin();
        boolean queued = false;
        try {
            List<Job> jobs = new ArrayList<>();
            for (Workflow workflow : workflows) {
                board.requireRoom();
                jobs.add(illustrator.send(workflow));
            }
            queued = true;
            return jobs;
        } finally {
            if (!queued) {
                transaction.rollback();
            }
        }
    }

    /**
     * Has one scene painted once more, for itself.
     *
     * @param story written
     * @param scene its index
     */
    @Asynchronous
    public void paintAgain(Story story, int scene) {
        send(story, List.of(scene));
    }

    /** A scene that was cancelled while it was being sent, perhaps to be painted again, has a job that is not wanted. */
    private void sent(Story story, int scene, int attempt, TrackedJob job) {
        if (story.sent(scene, attempt, job)) {
            return;
        }
        try {
            board.cancel(job);
        } catch (ResourceException e) {
            OperatorMessage.JOB_NOT_CANCELLED.log(LOG, job.id(), story.id(), Failure.logged(e));
        }
    }

    /** After a commit that failed each job tells what became of it; one that runs nevertheless is watched. */
    private void explain(Story story, int scene, int attempt, Job job, Failure ofCommit) {
        try {
            Optional<TrackedJob> found = board.find(job.id());
            Optional<Failure> refused =
                    found.flatMap(tracked -> Failure.of(tracked.snapshot().status()));
            if (refused.isPresent() || found.isEmpty()) {
                story.failed(scene, attempt, refused.orElse(ofCommit));
            } else {
                sent(story, scene, attempt, found.get());
            }
        } catch (ResourceException | RuntimeException | Error e) {
            story.failed(scene, attempt, Failure.of(e).orElse(ofCommit));
        }
    }

    /** The log names the kind of failure only; the reason, which may quote the story, is in the story. */
    static Failure failure(String what, Throwable e) {
        Optional<Failure> failure = Failure.of(e);
        if (failure.isPresent()) {
            OperatorMessage.STORY_FAILED.log(LOG, what, Failure.logged(e));
            return failure.get();
        }
        if (e instanceof RuntimeException || e instanceof Error) {
            OperatorMessage.STORY_FAILED_UNEXPECTEDLY.logFailure(LOG, e, what);
            return unexpected(what + " for a reason that is in the log of the application server");
        }
        OperatorMessage.STORY_FAILED.log(LOG, what, Failure.logged(e));
        return unexpected(what + ": the transaction was not committed");
    }

    /** Why a story is not written any more whose writing the end of the application has cut off each time. */
    static Failure cutOff(int times) {
        return unexpected(
                "The application ended " + times + " times while the story was written; it is not tried again");
    }

    private static Failure unexpected(String message) {
        return new Failure(FailureCategory.SERVER, message, Optional.empty(), false, Map.of());
    }
}
