package org.genaiconnector.ra.database;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** Finds data sources. */
@FunctionalInterface
public interface DataSources {
    /** Those of the application server. */
    DataSources JNDI = DataSources::lookUp;

    /**
     * A data source.
     *
     * @param name in JNDI
     * @return not null
     * @throws NamingException if there is none; perhaps not yet
     */
    DataSource find(String name) throws NamingException;

    private static DataSource lookUp(String name) throws NamingException {
        Object found = new InitialContext().lookup(name);
        if (found instanceof DataSource source) {
            return source;
        }
        throw new NamingException(
                name + " is no data source, but a " + found.getClass().getName());
    }
}
