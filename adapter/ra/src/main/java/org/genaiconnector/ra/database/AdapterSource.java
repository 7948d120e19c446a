package org.genaiconnector.ra.database;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.genaiconnector.ra.connection.AdapterServices;

/**
 * What a store needs, as the adapter gets it of its application server.
 *
 * @param name of the data source in JNDI
 * @param sources where it is found
 * @param services of the adapter
 */
public record AdapterSource(String name, DataSources sources, AdapterServices services) implements StoreSource {

    private record Task(Runnable action) implements Work {
        @Override
        public void run() {
            action.run();
        }

        @Override
        public void release() {
            // it is quick
        }
    }

    @Override
    public DataSource dataSource() throws NamingException {
        return sources.find(name);
    }

    @Override
    public boolean inTransaction() {
        return services.inTransaction();
    }

    @Override
    public void runOutside(Runnable task) {
        try {
            services.startWork(new Task(task));
        } catch (WorkException e) {
            throw new IllegalStateException("The Work Manager gives no thread: " + e.getMessage(), e);
        }
    }
}
