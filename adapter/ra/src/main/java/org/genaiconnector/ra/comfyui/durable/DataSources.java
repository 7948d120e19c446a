package org.genaiconnector.ra.comfyui.durable;

import javax.naming.NamingException;
import javax.sql.DataSource;

/** Finds data sources. */
@FunctionalInterface
public interface DataSources {
    /**
     * A data source.
     *
     * @param name in JNDI
     * @return not null
     * @throws NamingException if there is none; perhaps not yet
     */
    DataSource find(String name) throws NamingException;
}
