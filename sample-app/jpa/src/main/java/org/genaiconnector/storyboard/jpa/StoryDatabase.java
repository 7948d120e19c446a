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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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

    private static final Logger LOG = System.getLogger(StoryDatabase.class.getName());

    /** JNDI name of the data source (environment: STORYBOARD_DATASOURCE); without it the stories are in memory. */
    @Inject
    @ConfigProperty(name = "storyboard.datasource")
    private Optional<String> dataSource;

    /** Whether no other Storyboard uses it at the same time, so that this one need not wait for others after a crash. */
    @Inject
    @ConfigProperty(name = "storyboard.exclusive", defaultValue = "false")
    private boolean exclusive;

    /** A new one in each run. */
    private final String instance = UUID.randomUUID().toString();

    private EntityManagerFactory entities;
    private volatile boolean postgreSql;

    /**
     * Whether there is one.
     *
     * @return true also while it does not answer
     */
    public boolean isConfigured() {
        return dataSource.isPresent();
    }

    /**
     * Whether other Storyboards may use it at the same time.
     *
     * @return false if this one has it for itself
     */
    public boolean isShared() {
        return !exclusive;
    }

    /**
     * By which this Storyboard is known to the others.
     *
     * @return a UUID
     */
    public String instance() {
        return instance;
    }

    /**
     * Whether it is PostgreSQL.
     *
     * @return false also before it was opened
     */
    public boolean isPostgreSql() {
        return postgreSql;
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
            open(name);
            entities = Persistence.createEntityManagerFactory(
                    "storyboard", Map.of("jakarta.persistence.jtaDataSource", name));
        }
        return entities;
    }

    private void open(String name) throws SQLException {
        try (Connection connection = connect(name);
                Statement statement = connection.createStatement()) {
            postgreSql = "PostgreSQL".equals(connection.getMetaData().getDatabaseProductName());
            for (String sql : StoryRow.TABLES) {
                make(statement, sql);
            }
            statement.execute(StoryStatements.FORGET);
        }
    }

    /** PostgreSQL and H2 fail if two Storyboards make the same at once, and then it is there. */
    private static void make(Statement statement, String sql) throws SQLException {
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            statement.execute(sql);
        }
    }

    private static Connection connect(String name) throws SQLException {
        try {
            return ((DataSource) new InitialContext().lookup(name)).getConnection();
        } catch (NamingException e) {
            throw new SQLException("There is no data source " + name + ", which storyboard.datasource names", e);
        }
    }

    /** The others need not wait until the lease is over. */
    @PreDestroy
    synchronized void stop() {
        if (entities == null) {
            return;
        }
        entities.close();
        try (Connection connection = connect(dataSource.orElseThrow());
                PreparedStatement statement = connection.prepareStatement(StoryStatements.UNREGISTER)) {
            statement.setString(1, instance);
            statement.executeUpdate();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "The others will notice the end of this Storyboard by themselves", e);
        }
    }
}
