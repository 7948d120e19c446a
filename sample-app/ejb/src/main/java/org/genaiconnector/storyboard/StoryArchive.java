package org.genaiconnector.storyboard;

import java.util.List;
import java.util.Optional;

/**
 * Keeps stories beyond the end of the application. Several Storyboards may share one: each story belongs to at most one of them,
 * and only that one may change it. Safe for any number of threads.
 */
public interface StoryArchive {

    /**
     * A story in the archive, without what is in it.
     *
     * @param id of the story
     * @param revision greater after every change
     * @param own whether it belongs to this Storyboard
     * @param abandoned whether it may not have ended, and belongs to no Storyboard that is alive
     */
    record Mark(String id, long revision, boolean own, boolean abandoned) {}

    /**
     * Whether other Storyboards may use it at the same time.
     *
     * @return false if this one has it for itself
     */
    boolean isShared();

    /**
     * Tells the others that this Storyboard is alive, for 15 seconds, and lists all stories.
     *
     * @return oldest first
     * @throws StoryArchiveException if that cannot be done now
     */
    List<Mark> renew() throws StoryArchiveException;

    /**
     * Reads a story.
     *
     * @param id of the story
     * @return empty if it is not there
     * @throws StoryArchiveException if it cannot be read now
     */
    Optional<StoryRecord> find(String id) throws StoryArchiveException;

    /**
     * Whether a story belongs to this Storyboard.
     *
     * @param id of the story
     * @return false also if it is not there
     * @throws StoryArchiveException if it cannot be read now
     */
    boolean isOwn(String id) throws StoryArchiveException;

    /**
     * Makes a story belong to this Storyboard, whoever has it.
     *
     * @param id of the story
     * @return as it is from now on; empty if it is not there
     * @throws StoryArchiveException if that cannot be done now
     */
    Optional<StoryRecord> claim(String id) throws StoryArchiveException;

    /**
     * Makes an abandoned story belong to this Storyboard.
     *
     * @param abandoned as {@link #renew} listed it
     * @return as it is from now on; empty if it has changed meanwhile: another Storyboard was faster, or its own is alive
     * @throws StoryArchiveException if that cannot be done now
     */
    Optional<StoryRecord> claim(Mark abandoned) throws StoryArchiveException;

    /**
     * Keeps a new story, which belongs to this Storyboard.
     *
     * @param story new
     * @throws StoryArchiveException if it cannot be kept now
     */
    void add(StoryRecord story) throws StoryArchiveException;

    /**
     * Keeps a story as it is in place of what was kept of it, in the transaction of the caller if there is one.
     *
     * @param story added before
     * @return false if it does not belong to this Storyboard any more, or is not there: nothing is kept then
     * @throws StoryArchiveException if it cannot be kept now; the transaction is then marked for rollback
     */
    boolean save(StoryRecord story) throws StoryArchiveException;

    /**
     * Forgets a story that has ended, or belongs to this Storyboard.
     *
     * @param id of the story, which need not be known
     * @throws StoryArchiveException if that cannot be done now
     */
    void delete(String id) throws StoryArchiveException;
}
