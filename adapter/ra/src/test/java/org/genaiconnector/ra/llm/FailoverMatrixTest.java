package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.ResourceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.DocumentSection;
import org.genaiconnector.ra.llm.targets.Strategy;
import org.genaiconnector.testkit.Fault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Failures of the first of two targets, and of both: who answers, or what the caller gets, and how many requests each service has
 * received, for each strategy, streamed and not. {@code docs/llm-targets.md} shows the table.
 */
class FailoverMatrixTest {
    /** So many bytes of an answer reach into its body, and into the first events of a stream. */
    private static final int BODY = 600;

    private static final TargetServers SERVERS = new TargetServers(2);

    @AfterAll
    static void stop() {
        SERVERS.close();
    }

    @AfterEach
    void forget() {
        SERVERS.forget();
    }

    /**
     * A row.
     *
     * @param fault of the first service
     * @param whole the outcome and the requests at both services
     * @param streamed likewise
     * @param both what the caller gets if both fail, and the requests
     */
    private record Row(String what, Fault fault, String whole, String streamed, String both) {
        private static Row of(String what, Fault fault, String one, String both) {
            return new Row(what, fault, one, one, both);
        }

        @Override
        public String toString() {
            return what;
        }

        private boolean isSilence() {
            return what.equals("silence");
        }

        private int patience() {
            return isSilence() ? 400 : 20_000;
        }

        private String markdown() {
            return "| " + what + " | " + whole + " | " + streamed + " | " + both + " |";
        }
    }

    static List<Row> rows() {
        return List.of(
                Row.of("silence", Fault.silence(), "b, 1 + 1", "`TIMEOUT_RESPONSE`, 1 + 1"),
                Row.of(
                        "reset before the first byte",
                        Fault.resetBeforeResponse(),
                        "`COMMUNICATION`, 1 + 0",
                        "`COMMUNICATION`, 1 + 0"),
                new Row(
                        "closed within the answer",
                        Fault.closeAfter(BODY),
                        "`TRUNCATED`, 1 + 0",
                        "`TRUNCATED`, 1 + 0",
                        "`TRUNCATED`, 1 + 0"),
                Row.of("400", Fault.status(400), "`INVALID_REQUEST`, 1 + 0", "`INVALID_REQUEST`, 1 + 0"),
                Row.of("401", Fault.status(401), "b, 1 + 1", "`AUTHENTICATION`, 1 + 1"),
                Row.of("402", Fault.status(402), "b, 1 + 1", "`QUOTA`, 1 + 1"),
                Row.of("403", Fault.status(403), "b, 1 + 1", "`PERMISSION`, 1 + 1"),
                Row.of("404", Fault.status(404), "b, 1 + 1", "`NOT_FOUND`, 1 + 1"),
                Row.of("408", Fault.status(408), "b, 1 + 1", "`TIMEOUT_SERVER`, 2 + 2"),
                Row.of("413", Fault.status(413), "`TOO_LARGE`, 1 + 0", "`TOO_LARGE`, 1 + 0"),
                Row.of("429", Fault.status(429), "b, 1 + 1", "`RATE_LIMIT`, 2 + 2"),
                Row.of("500", Fault.status(500), "b, 1 + 1", "`SERVER`, 2 + 2"),
                Row.of("501", Fault.status(501), "b, 1 + 1", "`UNSUPPORTED`, 1 + 1"),
                Row.of("502", Fault.status(502), "b, 1 + 1", "`UNAVAILABLE`, 2 + 2"),
                Row.of("503", Fault.status(503), "b, 1 + 1", "`UNAVAILABLE`, 2 + 2"),
                Row.of("504", Fault.status(504), "`UNAVAILABLE`, 1 + 0", "`UNAVAILABLE`, 1 + 0"),
                Row.of("524 (Cloudflare's)", Fault.status(524), "`SERVER`, 1 + 0", "`SERVER`, 1 + 0"),
                Row.of("529", Fault.status(529), "b, 1 + 1", "`OVERLOADED`, 2 + 2"));
    }

    /** All faults with all strategies, streamed and not, at one service and at both. */
    static Stream<Object[]> cells() {
        return rows().stream()
                .flatMap(row -> Stream.of(Strategy.values())
                        .flatMap(strategy -> Stream.of(false, true)
                                .flatMap(streamed -> Stream.of(false, true)
                                        .map(both -> new Object[] {row, strategy, streamed, both}))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void hasOneOutcome(Row row, Strategy strategy, boolean streamed, boolean both) throws Exception {
        String expected = both ? row.both() : streamed ? row.streamed() : row.whole();
        String outcome = outcome(row, strategy, streamed, both, row.patience());
        if (row.isSilence() && !outcome.equals(expected)) { // perhaps the healthy one was too slow this once
            SERVERS.forget();
            outcome = outcome(row, strategy, streamed, both, 10 * row.patience());
        }
        assertThat(outcome).isEqualTo(expected);
    }

    private static String outcome(Row row, Strategy strategy, boolean streamed, boolean both, int patience)
            throws ResourceException {
        SERVERS.server(0).faults().always(row.fault());
        if (both) {
            SERVERS.server(1).faults().always(row.fault());
        }
        try (LlmConnection connection = SERVERS.connect(
                managed -> managed.setResponseTimeoutMillis(patience),
                ", \"strategy\": \"" + strategy.word() + "\"",
                "")) {
            String answerer = streamed ? stream(connection) : chat(connection);
            return answerer + ", " + SERVERS.chats(0) + " + " + SERVERS.chats(1);
        }
    }

    private static String chat(LlmConnection connection) {
        try {
            return connection.chat(ChatRequest.of("Hi")).routing().orElseThrow().target();
        } catch (GenAiException e) {
            return "`" + e.category() + "`";
        }
    }

    private static String stream(LlmConnection connection) {
        try (ChatStream stream = connection.stream(ChatRequest.of("Hi"))) {
            ChatResponse response = null;
            while (stream.hasNext()) {
                if (stream.next() instanceof StreamEvent.End end) {
                    response = end.response();
                }
            }
            return response.routing().orElseThrow().target();
        } catch (GenAiException e) {
            return "`" + e.category() + "`";
        }
    }

    @Test
    void theDocumentShowsTheTable() throws IOException {
        List<String> lines = new ArrayList<>(
                List.of("| fault of a | whole answer | streamed | a and b have it |", "|---|---|---|---|"));
        rows().forEach(row -> lines.add(row.markdown()));
        new DocumentSection("llm-targets.md", "failover").assertHas(lines);
    }
}
