package org.genaiconnector.ivt.tests.control;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.genaiconnector.servers.noop.NoopConnectionFactory;

/** Defines a pool of the adapter that does nothing, and borrows a connection when it is deployed. */
@Startup
@Singleton
@ConnectionFactoryDefinition(
        name = ControlBean.POOL,
        interfaceName = "org.genaiconnector.servers.noop.NoopConnectionFactory",
        resourceAdapter = "#noop",
        transactionSupport = TransactionSupportLevel.NoTransaction,
        minPoolSize = 0,
        maxPoolSize = 1)
public class ControlBean {
    static final String POOL = "java:app/control/noop";

    /** JDK 17 keeps the class of the last record whose {@code equals} it has linked, so here is one. */
    private record Borrowed(String pool) {}

    @PostConstruct
    void borrow() {
        try {
            InitialContext.<NoopConnectionFactory>doLookup(POOL).getConnection().close();
        } catch (NamingException | ResourceException e) {
            throw new IllegalStateException(e);
        }
        if (!new Borrowed(POOL).equals(new Borrowed(POOL.concat("")))) {
            throw new IllegalStateException("Two equal records are not");
        }
    }
}
