package org.genaiconnector.ra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.comfyui.ComfyUiConnectionTest;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.http.IsolatedAdapter;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Open Liberty closes the adapter's archive before it stops the adapter")
@Timeout(60)
class ClosedArchiveTest {

    /** The log of the adapter, and what its threads die of. */
    private static final class Complaints extends Handler implements Thread.UncaughtExceptionHandler {
        private final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() > Level.INFO.intValue()) {
                all.add(entry.getMessage() + stackTrace(entry.getThrown()));
            }
        }

        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            all.add(thread.getName() + " died" + stackTrace(thrown));
        }

        private static String stackTrace(Throwable thrown) {
            if (thrown == null) {
                return "";
            }
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return "\n" + text;
        }

        @Override
        public void flush() {
            // nothing is buffered
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    @Test
    void everythingIsClosedAllTheSame() throws Exception {
        Complaints complaints = new Complaints();
        Logger logger = Logger.getLogger("org.genaiconnector.ra");
        Thread.UncaughtExceptionHandler usual = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(complaints);
        logger.addHandler(complaints);
        try (LlmSimulator llm = LlmSimulator.start();
                ComfyUiSimulator comfyUi = ComfyUiSimulator.builder()
                        .stepDelay(Duration.ofMillis(200))
                        .start();
                IsolatedAdapter adapter = IsolatedAdapter.without("jakarta.ws.rs", "org.glassfish.jersey")) {
            assertThat(adapter.run(Stopped.class, llm.openAiUri() + " " + comfyUi.uri()))
                    .isEqualTo("idle true");
            assertThat(complaints.all).isEmpty();
        } finally {
            logger.removeHandler(complaints);
            Thread.setDefaultUncaughtExceptionHandler(usual);
        }
    }

    /** Uses both backends, closes the class loader and stops the adapter; returns whether its works have ended. */
    public static final class Stopped implements Function<String, String> {
        @Override
        public String apply(String addresses) {
            try {
                return stopped(addresses.split(" "));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @SuppressWarnings("resource") // nothing that is used here is closed, because that is what the stop is for
        private static String stopped(String... addresses) throws Exception {
            TestContainer container = new TestContainer();
            GenAiResourceAdapter adapter = new GenAiResourceAdapter();
            adapter.start(container);
            LlmManagedConnectionFactory llm = new LlmManagedConnectionFactory();
            llm.setResourceAdapter(adapter);
            llm.setServerUrl(addresses[0]);
            llm.setProbeOnCreate(
                    false); // whose limit is too short for the first call of a class loader on a busy machine
            llm.setModel("tiny");
            LlmConnectionFactory chats = (LlmConnectionFactory) llm.createConnectionFactory();
            LlmConnection idle = chats.getConnection();
            idle.chat(ChatRequest.of("Hello"));
            ChatStream stream = chats.getConnection().stream(ChatRequest.of("Hello"));
            stream.next();
            ComfyUiManagedConnectionFactory comfyUi = new ComfyUiManagedConnectionFactory();
            comfyUi.setResourceAdapter(adapter);
            comfyUi.setServerUrl(addresses[1]);
            comfyUi.setProbeOnCreate(false);
            ComfyUiConnectionFactory jobs = (ComfyUiConnectionFactory) comfyUi.createConnectionFactory();
            ComfyUiConnection connection = jobs.getConnection();
            Job job = connection.queuePrompt(Workflow.parse(ComfyUiConnectionTest.PAINTING));
            while (connection.findJob(job.id()).orElseThrow().progress().isEmpty()) {
                Thread.onSpinWait();
            }
            closeArchive();
            adapter.stop();
            return "idle " + container.awaitIdle(5_000);
        }

        private static void closeArchive() throws IOException {
            ((Closeable) Stopped.class.getClassLoader()).close();
        }
    }
}
