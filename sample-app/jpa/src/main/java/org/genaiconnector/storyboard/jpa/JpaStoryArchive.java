package org.genaiconnector.storyboard.jpa;

import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.genaiconnector.storyboard.StoryArchive;
import org.genaiconnector.storyboard.StoryArchiveException;
import org.genaiconnector.storyboard.StoryRecord;

/** Session bean that is the archive: reads and writes stories in the transaction of the caller, or in one of its own. */
@Stateless
@TransactionAttribute(TransactionAttributeType.REQUIRED)
public class JpaStoryArchive implements StoryArchive {

    @EJB
    private StoryDatabase database;

    @Override
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public List<StoryRecord> load() throws StoryArchiveException {
        return with(entities -> entities.createNamedQuery(StoryRow.ALL, StoryRow.class)
                .getResultStream()
                .map(StoryRow::story)
                .toList());
    }

    @Override
    public void save(StoryRecord story) throws StoryArchiveException {
        with(entities -> {
            entities.merge(new StoryRow(story));
            entities.flush(); // here its failure has a cause to tell, and at the commit not
            return null;
        });
    }

    @Override
    public void delete(String id) throws StoryArchiveException {
        with(entities -> {
            StoryRow row = entities.find(StoryRow.class, id);
            if (row != null) {
                entities.remove(row);
                entities.flush();
            }
            return null;
        });
    }

    private <T> T with(Function<EntityManager, T> work) throws StoryArchiveException {
        try {
            EntityManagerFactory factory = database.entities();
            try (EntityManager entities = factory.createEntityManager()) {
                return work.apply(entities);
            }
        } catch (SQLException e) {
            throw new StoryArchiveException(reason(e).orElseGet(e::toString), e);
        } catch (RuntimeException e) { // EclipseLink's own exceptions are not all JPA's
            throw new StoryArchiveException(reason(e).orElseThrow(() -> e), e);
        }
    }

    /** The first line of what the driver says, below the layers of JPA and of the pool; empty if no database has to do with it. */
    private static Optional<String> reason(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(20) // a chain may be a circle
                .filter(SQLException.class::isInstance)
                .reduce((outer, inner) -> inner)
                .map(Throwable::getMessage)
                .flatMap(message -> message.lines().findFirst());
    }
}
