package org.genaiconnector.storyboard.jpa;

import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Query;
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
    public boolean isShared() {
        return database.isShared();
    }

    @Override
    public List<Mark> renew() throws StoryArchiveException {
        return with(entities -> {
            if (isShared() && execute(entities, StoryStatements.RENEW, me()) == 0) {
                execute(entities, StoryStatements.REGISTER, me());
            }
            return Stream.of(query(entities, StoryStatements.MARKS)
                            .getResultList()
                            .toArray())
                    .map(row -> mark((Object[]) row))
                    .toList();
        });
    }

    private Mark mark(Object[] row) {
        boolean goesOn = ((Number) row[3]).intValue() == 1;
        boolean alive = ((Number) row[4]).intValue() == 1;
        return new Mark((String) row[0], ((Number) row[1]).longValue(), me().equals(row[2]), goesOn && !alive);
    }

    @Override
    public Optional<StoryRecord> find(String id) throws StoryArchiveException {
        return with(entities -> read(entities, id));
    }

    @Override
    public boolean isOwn(String id) throws StoryArchiveException {
        return with(entities ->
                !query(entities, StoryStatements.OWN, id, me()).getResultList().isEmpty());
    }

    @Override
    public Optional<StoryRecord> claim(String id) throws StoryArchiveException {
        return with(entities -> {
            limitLocks(entities);
            execute(entities, StoryStatements.CLAIM, me(), id);
            return read(entities, id);
        });
    }

    @Override
    public Optional<StoryRecord> claim(Mark abandoned) throws StoryArchiveException {
        return with(entities -> {
            boolean free = !query(entities, StoryStatements.LOCK, abandoned.id(), abandoned.revision())
                    .getResultList()
                    .isEmpty();
            if (!free) {
                return Optional.empty();
            }
            execute(entities, StoryStatements.CLAIM, me(), abandoned.id());
            return read(entities, abandoned.id());
        });
    }

    private static Optional<StoryRecord> read(EntityManager entities, String id) {
        return Optional.ofNullable(entities.find(StoryRow.class, id)).map(StoryRow::story);
    }

    @Override
    public void add(StoryRecord story) throws StoryArchiveException {
        with(entities -> {
            entities.persist(new StoryRow(story, me()));
            entities.flush(); // here its failure has a cause to tell, and at the commit not
            return null;
        });
    }

    @Override
    public boolean save(StoryRecord story) throws StoryArchiveException {
        return with(entities -> {
            limitLocks(entities);
            if (execute(entities, StoryStatements.CHANGE, story.id(), me()) == 0) {
                return false;
            }
            entities.merge(new StoryRow(story, me()));
            entities.flush();
            return true;
        });
    }

    @Override
    public void delete(String id) throws StoryArchiveException {
        with(entities -> {
            if (!query(entities, StoryStatements.DELETABLE, id, me())
                    .getResultList()
                    .isEmpty()) {
                entities.remove(entities.find(StoryRow.class, id));
                entities.flush();
            }
            return null;
        });
    }

    private void limitLocks(EntityManager entities) {
        if (database.isPostgreSql()) {
            query(entities, StoryStatements.LIMITS).getResultList();
        }
    }

    private String me() {
        return database.instance();
    }

    private static int execute(EntityManager entities, String sql, Object... values) {
        return query(entities, sql, values).executeUpdate();
    }

    private static Query query(EntityManager entities, String sql, Object... values) {
        Query query = entities.createNativeQuery(sql);
        for (int i = 0; i < values.length; i++) {
            query.setParameter(i + 1, values[i]);
        }
        return query;
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
