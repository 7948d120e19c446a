package org.genaiconnector.benchmarks;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.security.PasswordCredential;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.security.auth.Subject;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.servers.noop.NoopConnectionFactory;
import org.genaiconnector.servers.noop.NoopManagedConnectionFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The adapter's part of a borrow and its release: a container that calls what Payara calls, with a Subject as Payara
 * passes it, and does nothing itself.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BorrowBenchmark {
    private LlmConnectionFactory llm;
    private NoopConnectionFactory noop;

    @Setup
    public void connect() throws ResourceException {
        LlmManagedConnectionFactory ours = Factories.llm(URI.create("http://127.0.0.1:9"));
        llm = (LlmConnectionFactory) ours.createConnectionFactory(new OneConnection(ours));
        NoopManagedConnectionFactory nothing = new NoopManagedConnectionFactory();
        noop = (NoopConnectionFactory) nothing.createConnectionFactory(new OneConnection(nothing));
    }

    @Benchmark
    public void genAi() throws ResourceException {
        llm.getConnection().close();
    }

    @Benchmark
    public void nothing() throws ResourceException {
        noop.getConnection().close();
    }

    /** Connection manager with a single connection that is never in use. */
    private static final class OneConnection implements ConnectionManager, ConnectionEventListener {
        private static final long serialVersionUID = 1L;

        private final transient Subject subject = new Subject();
        private final transient Set<ManagedConnection> pool;

        OneConnection(ManagedConnectionFactory factory) throws ResourceException {
            PasswordCredential blank = new PasswordCredential("", new char[0]);
            blank.setManagedConnectionFactory(factory);
            subject.getPrivateCredentials().add(blank);
            ManagedConnection connection = factory.createManagedConnection(subject, null);
            connection.addConnectionEventListener(this);
            pool = Set.of(connection);
        }

        @Override
        public Object allocateConnection(ManagedConnectionFactory factory, ConnectionRequestInfo request)
                throws ResourceException {
            return factory.matchManagedConnections(pool, subject, request).getConnection(subject, request);
        }

        @Override
        public void connectionClosed(ConnectionEvent event) {
            try {
                ((ManagedConnection) event.getSource()).cleanup();
            } catch (ResourceException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void connectionErrorOccurred(ConnectionEvent event) {
            throw new IllegalStateException("The connection broke", event.getException());
        }

        @Override
        public void localTransactionStarted(ConnectionEvent event) {}

        @Override
        public void localTransactionCommitted(ConnectionEvent event) {}

        @Override
        public void localTransactionRolledback(ConnectionEvent event) {}
    }
}
