package org.genaiconnector.storyboard;

import java.util.List;

/** Keeps stories beyond the end of the application. Safe for any number of threads. */
public interface StoryArchive {

    /**
     * Reads all stories.
     *
     * @return oldest first
     * @throws StoryArchiveException if they cannot be read now
     */
    List<StoryRecord> load() throws StoryArchiveException;

    /**
     * Keeps a story as it is, in the transaction of the caller if there is one.
     *
     * @param story new, or in place of what was kept of it
     * @throws StoryArchiveException if it cannot be kept now; the transaction is then marked for rollback
     */
    void save(StoryRecord story) throws StoryArchiveException;

    /**
     * Forgets a story.
     *
     * @param id of the story, which need not be known
     * @throws StoryArchiveException if that cannot be done now
     */
    void delete(String id) throws StoryArchiveException;
}
