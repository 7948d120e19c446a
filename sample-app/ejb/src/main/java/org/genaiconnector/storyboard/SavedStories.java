package org.genaiconnector.storyboard;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.genaiconnector.GenAiException;

/**
 * Session bean that keeps the stories in the {@link StoryArchive}, if the application has one: it reads them at the start and
 * writes every change. If several Storyboards share the archive, it shows the stories of the others, and goes on with those of
 * one that is gone. Without an archive the stories are in memory only.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SavedStories {

    private static final long PERIOD_MILLIS = 5_000;

    /** A page shows what happens on another Storyboard that much later. */
    private static final long SHARED_PERIOD_MILLIS = 1_000;

    @Resource
    private ManagedScheduledExecutorService executor;

    @EJB
    private Stories stories;

    @EJB
    private JobBoard board;

    @Inject
    private StoryMemory memory;

    private volatile StorySaver saver;
    private volatile boolean shared;
    private volatile ScheduledFuture<?> repetition;

    /**
     * Reads the stories from an archive and goes on with them: at once if it can be read, otherwise as soon as it can.
     *
     * @param archive used from now on
     */
    public void use(StoryArchive archive) {
        StorySaver added = new StorySaver(archive, memory, stories::goOn, executor);
        saver = added;
        if (archive.isShared()) {
            shared = true;
            board.followAll();
        }
        added.round();
        long period = shared ? SHARED_PERIOD_MILLIS : PERIOD_MILLIS;
        repetition = executor.scheduleWithFixedDelay(added::round, period, period, TimeUnit.MILLISECONDS);
    }

    /**
     * Whether other Storyboards may have the same archive.
     *
     * @return false also without an archive
     */
    public boolean isShared() {
        return shared;
    }

    /**
     * Looks for a story that is not in memory, since it was begun on another Storyboard just now.
     *
     * @param id of the story
     * @return in memory from now on; empty if the archive does not have it, or is not shared
     * @throws GenAiException category {@code UNAVAILABLE} if the archive cannot be read now
     */
    public Optional<Story> find(String id) throws GenAiException {
        return shared ? saver.find(id) : Optional.empty();
    }

    /**
     * Makes a story belong to this Storyboard, whoever has it.
     *
     * @param id of a story in memory
     * @return what to go on with; empty if it belongs to this Storyboard already, or is gone
     * @throws GenAiException category {@code UNAVAILABLE} if that cannot be done now
     */
    public Optional<StoryRecord> claim(String id) throws GenAiException {
        StorySaver present = saver;
        return present == null || !shared && memory.isOwn(id) ? Optional.empty() : present.claim(id);
    }

    /**
     * Keeps a new story before anybody is told of it.
     *
     * @param story new
     * @throws GenAiException category {@code UNAVAILABLE} if it cannot be kept
     */
    public void begin(Story story) throws GenAiException {
        StorySaver present = saver;
        if (present != null) {
            present.begin(story);
        }
    }

    /**
     * Keeps a story in the caller's transaction, together with what else that changes; {@link #order} is to be held
     * until its end.
     *
     * @param story as it will be when the transaction is committed
     * @throws GenAiException category {@code UNAVAILABLE} if it cannot be kept; the transaction is to be rolled back
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public void keep(StoryRecord story) throws GenAiException {
        StorySaver present = saver;
        if (present != null) {
            present.keep(story);
        }
    }

    /**
     * Held by who writes stories, so that an older state never comes after a newer one.
     *
     * @return to be held for a short time
     */
    public Lock order() {
        StorySaver present = saver;
        return present == null ? new ReentrantLock() : present.order();
    }

    /**
     * Keeps what has become of a story, soon.
     *
     * @param story begun
     */
    public void changed(Story story) {
        StorySaver present = saver;
        if (present != null) {
            present.changed(story);
        }
    }

    /**
     * Keeps a story no longer.
     *
     * @param story that may have been kept
     */
    public void forgotten(Story story) {
        StorySaver present = saver;
        if (present != null) {
            present.forgotten(story);
        }
    }

    @PreDestroy
    void stop() {
        StorySaver present = saver;
        if (present != null) {
            present.stop();
        }
        ScheduledFuture<?> repeated = repetition;
        if (repeated != null) {
            repeated.cancel(false); // H2 closes its file when a thread in it is interrupted
        }
    }
}
