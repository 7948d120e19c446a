package org.genaiconnector.langchain4j;

import jakarta.resource.ResourceException;
import java.util.Objects;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.genaiconnector.Credentials;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/**
 * Where a model borrows its connections.
 *
 * @param factory not null
 * @param credentials asked for each call; null, or an answer of null, for those of the pool
 */
record Pool(LlmConnectionFactory factory, Supplier<Credentials> credentials) {

    Pool {
        LangChain4jVersion.check();
        Objects.requireNonNull(factory, "factory: set one by factory(...) or by lookup(...)");
    }

    /** Work with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T with(LlmConnection connection) throws ResourceException;
    }

    /** Borrows a connection for some work. Its failures are LangChain4j's. */
    <T> T call(Work<T> work) {
        try (LlmConnection connection = borrow()) {
            return work.with(connection);
        } catch (ResourceException e) {
            throw Failures.of(e);
        }
    }

    private LlmConnection borrow() throws ResourceException {
        Credentials own = credentials == null ? null : credentials.get();
        return own == null ? factory.getConnection() : factory.getConnection(own);
    }

    /**
     * Something that an administrator has put into JNDI.
     *
     * @throws IllegalArgumentException if there is nothing of that name, or something else
     */
    static <T> T find(String name, Class<T> type) {
        Object found;
        try {
            found = new InitialContext().lookup(name);
        } catch (NamingException e) {
            throw new IllegalArgumentException(
                    "There is no " + type.getSimpleName() + " of the name " + name + " in JNDI", e);
        }
        if (!type.isInstance(found)) {
            throw new IllegalArgumentException(name + " in JNDI is no " + type.getSimpleName() + " but "
                    + (found == null ? "empty" : "a " + found.getClass().getName()));
        }
        return type.cast(found);
    }
}
