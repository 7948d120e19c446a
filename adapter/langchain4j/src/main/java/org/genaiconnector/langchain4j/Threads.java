package org.genaiconnector.langchain4j;

import java.util.concurrent.Executor;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The threads that read streams if the application names none. */
final class Threads {
    private static final String DEFAULT = "java:comp/DefaultManagedExecutorService";

    private Threads() {}

    /** The default managed executor of the application server, or outside of one a new daemon thread for each task. */
    static Executor ofTheServer() {
        try {
            if (new InitialContext().lookup(DEFAULT) instanceof Executor managed) {
                return managed;
            }
        } catch (NamingException e) { // no application server, or none with concurrency utilities
            return Threads::start;
        }
        return Threads::start;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "genai-stream");
        thread.setDaemon(true);
        thread.start();
    }
}
