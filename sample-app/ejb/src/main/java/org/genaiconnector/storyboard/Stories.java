package org.genaiconnector.storyboard;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/** Session bean that keeps the newest stories in memory. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Stories {

    private static final int KEPT = 100;

    @EJB
    private StoryTeller teller;

    private final Map<String, Story> stories = new LinkedHashMap<>();

    /**
     * Begins a story and returns at once.
     *
     * @param idea what it shall be about
     * @param scenes how many, at least 1
     * @return running
     * @throws GenAiException category {@code OVERLOADED} if 100 stories are unfinished
     */
    public Story begin(String idea, int scenes) throws GenAiException {
        Story story = new Story(idea, scenes);
        keep(story);
        teller.tell(story);
        return story;
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

    private void keep(Story story) throws GenAiException {
        synchronized (stories) {
            if (stories.size() >= KEPT) {
                Story oldestEnded = stories.values().stream()
                        .filter(candidate -> candidate.state() != Story.State.RUNNING)
                        .findFirst()
                        .orElseThrow(() -> new GenAiException(
                                FailureCategory.OVERLOADED, KEPT + " stories are unfinished; wait for one of them"));
                stories.remove(oldestEnded.id());
            }
            stories.put(story.id(), story);
        }
    }
}
