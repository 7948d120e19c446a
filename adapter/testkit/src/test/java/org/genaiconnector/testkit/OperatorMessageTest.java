package org.genaiconnector.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulators log each message for operators, and the documentation lists it. */
class OperatorMessageTest {
    private ComfyUiSimulator comfyUi;

    @AfterEach
    void stop() {
        if (comfyUi != null) {
            comfyUi.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isLogged(OperatorMessage message) throws IOException, InterruptedException {
        String logged =
                switch (message) {
                    case CONNECTION_NOT_ACCEPTED -> logged("Listener", this::failToAccept);
                    case NODE_FAILED -> logged("comfyui.Execution", this::runClassThatDoesNotFit);
                    case WORKER_DIED -> logged("comfyui.Worker", this::killWorker);
                };

        String words = Pattern.quote(message.words()).replaceAll("\\{\\d}", "\\\\E.+\\\\Q");
        assertThat(logged).matches(message.level() + " " + message.id() + " " + words);
    }

    @Test
    void hasNumbersAsTheyAreInEachLocale() throws IOException, InterruptedException {
        assertThat(logged("values", () -> workerDied(1_234_567))).contains("Job 1234567 ended");
    }

    @Test
    void hasSignsOfPatternsAsTheyAre() throws IOException, InterruptedException {
        assertThat(logged("values", () -> workerDied("{0}$1'\\"))).contains("Job {0}$1'\\ ended");
    }

    private static void workerDied(Object job) {
        OperatorMessage.WORKER_DIED.log(System.getLogger("org.genaiconnector.testkit.values"), job);
    }

    private interface Action {
        void run() throws IOException;
    }

    /** The first message of a logger. */
    private static String logged(String source, Action action) throws IOException, InterruptedException {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        Logger logger = Logger.getLogger("org.genaiconnector.testkit." + source);
        logger.setFilter(entry -> !messages.add(entry.getLevel() + " " + entry.getMessage()));
        try {
            action.run();
            return messages.poll(10, TimeUnit.SECONDS);
        } finally {
            logger.setFilter(null);
        }
    }

    private void failToAccept() {
        Iterator<IOException> failures = List.of(new IOException("Too many open files"), new ClosedChannelException())
                .iterator();

        new Listener(new ServerConnector(new Server())).accept(() -> {
            throw failures.next();
        });

        assertThat(failures).isExhausted();
    }

    /** What the simulator does under the name needs a picture. */
    private void runClassThatDoesNotFit() throws IOException {
        comfyUi = ComfyUiSimulator.builder().nodeClasses("""
                {"SaveImage": {"input": {"required": {"images": ["STRING", {}], "filename_prefix": ["STRING", {}]}},
                  "output": [], "output_node": true}}""").start();

        submit("{\"class_type\": \"SaveImage\", \"inputs\": {\"images\": \"x\", \"filename_prefix\": \"x\"}}");
    }

    private void killWorker() throws IOException {
        comfyUi = ComfyUiSimulator.builder().start();
        comfyUi.killWorker();

        submit("{\"class_type\": \"PreviewAny\", \"inputs\": {\"source\": \"x\"}}");
    }

    private void submit(String node) throws IOException {
        try (RawHttp client = new RawHttp(comfyUi.uri())) {
            RawHttp.Answer answer = client.post("/prompt", "{\"prompt\": {\"1\": " + node + "}}")
                    .answer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }
    }

    @Test
    void haveIdsOfTheirOwn() {
        assertThat(Stream.of(OperatorMessage.values()).map(OperatorMessage::id))
                .doesNotHaveDuplicates()
                .isSorted()
                .allMatch(id -> id.matches("GENAI-17\\d\\d"));
    }

    @ParameterizedTest
    @EnumSource
    void isListedInTheDocumentation(OperatorMessage message) throws IOException {
        Path document = Path.of("..", "..", "docs", "operator-messages.md");

        assertThat(Files.readString(document).replaceAll("\\s+", " "))
                .contains("- " + message.id() + " (" + message.level() + "): "
                        + message.words().replaceAll("\\{\\d}", "...") + ". " + message.remedy());
    }
}
