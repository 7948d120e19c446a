package org.genaiconnector.storyboard.jpa;

import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Session bean that opens the database of the stories, if the application has one, and makes its tables. The database may come up
 * later than the application.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(
        TransactionAttributeType.NOT_SUPPORTED) // the tables of a database are not made in a transaction of a story
public class StoryDatabase {

    /** JNDI name of the data source (environment: STORYBOARD_DATASOURCE); without it the stories are in memory. */
    @Inject
    @ConfigProperty(name = "storyboard.datasource")
    private Optional<String> dataSource;

    private EntityManagerFactory entities;

    /**
     * Whether there is one.
     *
     * @return true also while it does not answer
     */
    public boolean isConfigured() {
        return dataSource.isPresent();
    }

    /**
     * The entities of the database, which is opened at the first use, and at the next one after a failure.
     *
     * @return of the persistence unit
     * @throws SQLException if the database cannot be opened
     */
    public synchronized EntityManagerFactory entities() throws SQLException {
        if (entities == null) {
            String name = dataSource.orElseThrow();
            makeTables(name);
            entities = Persistence.createEntityManagerFactory(
                    "storyboard", Map.of("jakarta.persistence.jtaDataSource", name));
        }
        return entities;
    }

    private static void makeTables(String name) throws SQLException {
        try (Connection connection = ((DataSource) new InitialContext().lookup(name)).getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : StoryRow.TABLES) {
                statement.execute(table);
            }
        } catch (NamingException e) {
            throw new SQLException("There is no data source " + name + ", which storyboard.datasource names", e);
        }
    }

    @PreDestroy
    synchronized void stop() {
        if (entities != null) {
            entities.close();
        }
    }
}
