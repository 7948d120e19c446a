package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.tests.Eventually;

/** A simulated LLM service for one check, which can keep its callers waiting. */
final class Backend implements AutoCloseable {
    /** Long enough for a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Match CHAT = Match.path("/v1/chat/completions");

    private final LlmSimulator server;

    private Backend(LlmSimulator server) {
        this.server = server;
    }

    static Backend start() {
        return new Backend(LlmSimulator.start());
    }

    /** Starts a service that accepts these keys only. */
    static Backend start(String... keys) {
        return new Backend(LlmSimulator.builder().apiKeys(keys).start());
    }

    URI uri() {
        return server.openAiUri();
    }

    /** Answers no call until {@link #answer()}. */
    Backend hold() {
        server.faults().always(CHAT, Fault.delay(Duration.ofDays(1)));
        return this;
    }

    /** Answers the held calls, and all later ones. */
    void answer() {
        server.faults().clear();
    }

    /** Answers after a moment, so that calls overlap. */
    Backend slow() {
        server.faults().always(CHAT, Fault.delay(Duration.ofMillis(50)));
        return this;
    }

    /** Closes the port and all connections. */
    void goDown() {
        server.faults().stopListening().killConnections();
    }

    /** Opens the port again. */
    void comeBack() {
        server.faults().listen();
    }

    List<RecordedRequest> chats() {
        return server.traffic().requests(CHAT);
    }

    /** Asserts that the chats came in this number of rounds with these keys, each key on one connection of its own. */
    void assertServedInTurn(int rounds, String... keys) {
        List<String> round = Stream.of(keys).map(key -> "Bearer " + key).toList();
        assertThat(chats())
                .extracting(Backend::authorization)
                .isEqualTo(IntStream.range(0, rounds)
                        .boxed()
                        .flatMap(i -> round.stream())
                        .toList());
        assertThat(chats().stream()
                        .collect(Collectors.groupingBy(
                                RecordedRequest::connection,
                                Collectors.mapping(Backend::authorization, Collectors.toSet())))
                        .values())
                .containsExactlyInAnyOrderElementsOf(round.stream().map(Set::of).toList());
    }

    private static String authorization(RecordedRequest chat) {
        return chat.header("Authorization").orElseThrow();
    }

    void awaitChats(int count) throws Exception {
        Eventually.isTrue(PATIENCE, () -> chats().size() >= count);
    }

    /** Number of connections that were accepted since the start. */
    long connectionsOpened() {
        return server.traffic().connectionsOpened();
    }

    int connectionsOpen() {
        return server.traffic().connectionsOpen();
    }

    void awaitConnectionsOpen(int count) {
        server.traffic().awaitConnectionsOpen(count, PATIENCE);
    }

    @Override
    public void close() {
        server.close();
    }
}
