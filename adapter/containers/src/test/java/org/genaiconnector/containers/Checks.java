package org.genaiconnector.containers;

import java.util.List;

/**
 * What the application in the container does for tests. Tests and application have different class loaders, so only types of the
 * JDK pass between them. A method runs in the caller's transaction, if there is one, else in one of its own.
 */
public interface Checks {
    /** An answer of the model, over a connection of the pool, or with a key that is not the pool's. */
    String chat(String key) throws Exception;

    /** The beginning of an answer whose stream is closed before its end. */
    String beginningOfStream() throws Exception;

    /** A job that is sent at the commit; a width of 0 is refused by ComfyUI. */
    String queue(int width) throws Exception;

    /** Two jobs, over two connections that are open at the same time. */
    List<String> queueNested() throws Exception;

    /** A job in a transaction that is rolled back. */
    String queueAndRollBack() throws Exception;

    /** The state of a job, asked of ComfyUI outside any transaction. */
    String state(String job) throws Exception;

    /** The state in which a job ends, outside any transaction. */
    String await(String job) throws Exception;

    /** An open connection to the LLM service, and one to ComfyUI. */
    List<AutoCloseable> borrow() throws Exception;

    /** Uses and closes what {@link #borrow} returned, or subclasses of it. */
    void useAndClose(List<?> connections) throws Exception;

    /** Number of connections in use. */
    int active();
}
