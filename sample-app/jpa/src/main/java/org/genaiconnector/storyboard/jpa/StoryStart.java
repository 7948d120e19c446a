package org.genaiconnector.storyboard.jpa;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import org.genaiconnector.storyboard.SavedStories;
import org.genaiconnector.storyboard.StoryArchive;

/** Session bean that gives the application its archive before the first request comes. */
@Singleton
@Startup
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class StoryStart {

    @EJB
    private StoryDatabase database;

    @EJB
    private StoryArchive archive;

    @EJB
    private SavedStories saved;

    @PostConstruct
    void start() {
        if (database.isConfigured()) {
            saved.use(archive);
        }
    }
}
