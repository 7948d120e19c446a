package org.genaiconnector.ra.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Checks after a test with {@link Produces}, and after its cleaning up, that the messages were logged as they are listed. */
public final class ProducesExtension implements BeforeEachCallback, AfterEachCallback {
    private static final Logger ADAPTER = Logger.getLogger("org.genaiconnector.ra");
    private static final ExtensionContext.Namespace OWN = ExtensionContext.Namespace.create(ProducesExtension.class);

    @Override
    public void beforeEach(ExtensionContext test) {
        Records records = new Records();
        test.getStore(OWN).put(Records.class, records);
        ADAPTER.addHandler(records);
    }

    @Override
    public void afterEach(ExtensionContext test) throws InterruptedException {
        Records records = test.getStore(OWN).remove(Records.class, Records.class);
        try {
            if (test.getExecutionException().isEmpty()) {
                for (OperatorMessage message : test.getRequiredTestMethod()
                        .getAnnotation(Produces.class)
                        .value()) {
                    records.await(message);
                }
            }
        } finally {
            ADAPTER.removeHandler(records);
        }
    }

    /** What was logged with an id. */
    private static final class Records extends Handler {
        private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

        private final List<LogRecord> logged = new ArrayList<>();

        @Override
        public synchronized void publish(LogRecord entry) {
            if (String.valueOf(entry.getMessage()).startsWith("GENAI-")) {
                logged.add(entry);
                notifyAll();
            }
        }

        /** Waits until the message was logged. */
        synchronized void await(OperatorMessage message) throws InterruptedException {
            long end = System.nanoTime() + LONGEST_WAIT_NANOS;
            while (logged.stream().noneMatch(entry -> is(entry, message)) && System.nanoTime() < end) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
            }
            assertThat(logged)
                    .as(message + " is logged")
                    .extracting(entry -> entry.getLevel() + " " + entry.getMessage())
                    .anyMatch(text -> text.matches(pattern(message)));
        }

        private static boolean is(LogRecord entry, OperatorMessage message) {
            return (entry.getLevel() + " " + entry.getMessage()).matches(pattern(message));
        }

        /** Level, id and words with a value at each place. */
        private static String pattern(OperatorMessage message) {
            Level level = message.level() == System.Logger.Level.ERROR
                    ? Level.SEVERE
                    : Level.parse(message.level().getName());
            return level + " " + message.id() + " "
                    + Pattern.quote(message.words()).replaceAll("\\{\\d}", "\\\\E[^\\\\r\\\\n]+\\\\Q");
        }

        @Override
        public void flush() {
            // keeps everything
        }

        @Override
        public void close() {
            // has nothing open
        }
    }
}
