package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** All text that a person could see: what is logged until {@link #close()}, and what tests note. */
final class VisibleText implements AutoCloseable {
    private final Queue<String> words = new ConcurrentLinkedQueue<>();
    private final Handler log = new Log();
    private final Logger root = Logger.getLogger("");
    private final Logger ours = Logger.getLogger("org.genaiconnector.ra");

    VisibleText() {
        root.addHandler(log);
        ours.setLevel(Level.ALL);
    }

    /** Formats every record as in a log file. */
    private final class Log extends Handler {
        private final SimpleFormatter formatter = new SimpleFormatter();

        private Log() {
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord entry) {
            words.add(formatter.format(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Notes what something prints as. */
    <T> T note(T object) {
        words.add(String.valueOf(object));
        return object;
    }

    /** Notes a failure with its whole stack of causes. */
    Throwable noteFailure(ThrowingCallable call) {
        Throwable failure = catchThrowable(call);
        assertThat(failure).as("something that fails").isNotNull();
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        words.add(text.toString());
        for (Throwable each = failure; each != null; each = each.getCause()) {
            note(each);
            note(each.getMessage());
        }
        return failure;
    }

    private void noteMBeans() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : server.queryNames(new ObjectName("org.genaiconnector:*"), null)) {
            note(name);
            try {
                for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                    note(server.getAttribute(name, attribute.getName()));
                }
            } catch (InstanceNotFoundException e) {
                // one of an earlier test, which has ended meanwhile
            }
        }
    }

    long count(String text) {
        return words.stream().filter(each -> each.contains(text)).count();
    }

    boolean contains(String text) {
        return words.stream().anyMatch(each -> each.contains(text));
    }

    /** Fails if a secret is visible, also in the MBeans. */
    void assertNone(List<String> secrets) throws Exception {
        noteMBeans();
        assertThat(words).as("something was noted at all").hasSizeGreaterThan(10);
        assertThat(words).noneMatch(text -> secrets.stream().anyMatch(text::contains));
    }

    @Override
    public void close() {
        ours.setLevel(null);
        root.removeHandler(log);
    }
}
