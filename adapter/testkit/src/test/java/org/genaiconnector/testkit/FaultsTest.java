package org.genaiconnector.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looks at every fault from the other end of the wire. */
@Timeout(30)
class FaultsTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private EchoSimulator simulator;

    @BeforeEach
    void start() throws Exception {
        simulator = new EchoSimulator();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private RawHttp connect() throws IOException {
        return new RawHttp(simulator.uri());
    }

    @Test
    void answersTrulyWithoutFaults() throws Exception {
        try (RawHttp http = connect()) {
            RawHttp.Answer answer = http.post("/echo?a=b", "hello").answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("hello");
        }
    }

    @Test
    void resetsBeforeTheFirstByteWithoutAskingTheSimulator() throws Exception {
        simulator.faults().next(Fault.resetBeforeResponse());
        try (RawHttp http = connect()) {
            http.post("/", "hello");
            assertThatThrownBy(http::read).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
        assertThat(simulator.handled).hasValue(0);
        assertThat(simulator.traffic().requests()).hasSize(1);
    }

    @Test
    void closesInOrderBeforeTheFirstByte() throws Exception {
        simulator.faults().next(Fault.closeBeforeResponse());
        try (RawHttp http = connect()) {
            assertThat(http.post("/", "hello").read()).isEqualTo(-1);
        }
    }

    @Test
    void losesTheAnswerToARequestThatHadItsEffect() throws Exception {
        simulator.faults().next(Fault.loseAnswer());
        try (RawHttp http = connect()) {
            http.post("/", "hello");
            assertThatThrownBy(http::read).isInstanceOf(SocketException.class);
        }
        assertThat(simulator.handled).hasValue(1);
    }

    @Test
    void cutsTheAnswerAfterExactlySoManyBytes() throws Exception {
        simulator.faults().next(Fault.closeAfter(40)).next(Fault.resetAfter(9));
        try (RawHttp http = connect()) {
            assertThat(http.post("/", "hello").rest()).hasSize(40).startsWith("HTTP/1.1 200 OK\r\n");
        }
        try (RawHttp http = connect()) {
            assertThat(http.post("/", "hello").read(9)).isEqualTo("HTTP/1.1 ");
            assertThatThrownBy(http::read).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void promisesMoreBytesThanItSends() throws Exception {
        simulator.faults().next(Fault.contentLength(3, End.CLOSE));
        try (RawHttp http = connect()) {
            assertThat(http.post("/", "hello").rest())
                    .contains("Content-Length: 8\r\n")
                    .endsWith("\r\n\r\nhello");
        }
    }

    @Test
    void promisesFewerBytesThanItSends() throws Exception {
        simulator.faults().next(Fault.contentLength(-2, End.KEEP));
        try (RawHttp http = connect()) {
            assertThat(http.post("/", "hello").answer().body()).isEqualTo("hel");
            assertThat(http.post("/", "next").line()).isEqualTo("loHTTP/1.1 200 OK");
        }
    }

    @Test
    void dripsTheAnswer() throws Exception {
        simulator.faults().next(Fault.drip(40, Duration.ofMillis(20)));
        long start = System.nanoTime();
        try (RawHttp http = connect()) {
            RawHttp.Answer answer = http.post("/", "x".repeat(400)).answer();
            assertThat(answer.body()).hasSize(400);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(150));
    }

    @Test
    void staysSilentUntilReleased() throws Exception {
        simulator.faults().next(Fault.silence());
        try (RawHttp http = new RawHttp(simulator.uri(), Duration.ofMillis(100))) {
            http.post("/", "hello");
            assertThatThrownBy(http::read).isInstanceOf(SocketTimeoutException.class);
            simulator.faults().release();
            simulator.traffic().awaitConnectionsOpen(0, SOON);
            assertThat(http.read()).isEqualTo(-1);
        }
    }

    @Test
    void endsSilenceByItselfAfterItsLimit() throws Exception {
        simulator.faults().next(Fault.silence(Duration.ofMillis(50)));
        try (RawHttp http = connect()) {
            assertThat(http.post("/", "hello").read()).isEqualTo(-1);
        }
    }

    @Test
    void delaysTheAnswerOrAnotherFault() throws Exception {
        simulator.faults().next(Fault.delay(Duration.ofMillis(60)));
        simulator.faults().next(Fault.status(503).after(Duration.ofMillis(60)));
        try (RawHttp http = connect()) {
            long start = System.nanoTime();
            assertThat(http.post("/", "hello").answer().body()).isEqualTo("hello");
            assertThat(http.post("/", "hello").answer().status()).isEqualTo(503);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(115));
        }
    }

    @Test
    void answersWithAnyStatusHeadersAndBody() throws Exception {
        simulator
                .faults()
                .next(2, Fault.status(429).header("Retry-After", "2").header("x-should-retry", "true"))
                .next(Fault.status(529).json("{}"))
                .next(Fault.htmlPage(502, "Bad Gateway"))
                .next(Fault.redirect(307, "http://elsewhere.example/"))
                .next(Fault.status(500).body("text/plain", "500 Internal Server Error"))
                .next(Fault.errorUnder200("no"));
        try (RawHttp http = connect()) {
            for (int i = 0; i < 2; i++) {
                RawHttp.Answer limited = http.post("/", "hello").answer();
                assertThat(limited.status()).isEqualTo(429);
                assertThat(limited.header("retry-after")).isEqualTo("2");
                assertThat(limited.header("x-should-retry")).isEqualTo("true");
                assertThat(limited.header("content-length")).isEqualTo("0");
            }
            assertThat(http.get("/").answer().status()).isEqualTo(529);
            RawHttp.Answer page = http.get("/").answer();
            assertThat(page.header("content-type")).isEqualTo("text/html");
            assertThat(page.body()).startsWith("<html>");
            assertThat(http.get("/").answer().header("location")).isEqualTo("http://elsewhere.example/");
            assertThat(http.get("/").answer().body()).isEqualTo("500 Internal Server Error");
            RawHttp.Answer hidden = http.get("/").answer();
            assertThat(hidden.status()).isEqualTo(200);
            assertThat(hidden.body()).contains("\"error\"");
            assertThat(http.post("/", "still here").answer().body()).isEqualTo("still here");
        }
        assertThat(simulator.traffic().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void sendsRawBytesAndKeepsTheConnection() throws Exception {
        simulator.faults().next(Fault.raw("HTTP/1.1 200 Odd\nContent-Length: 2\r\n\r\nok", End.KEEP));
        try (RawHttp http = connect()) {
            assertThat(http.get("/").line()).isEqualTo("HTTP/1.1 200 Odd");
            assertThat(http.read("Content-Length: 2\r\n\r\nok".length())).endsWith("ok");
            assertThat(http.post("/", "next").answer().body()).isEqualTo("next");
        }
    }

    @Test
    void announcesTheEndOfTheConnection() throws Exception {
        simulator.faults().next(Fault.connectionClose());
        try (RawHttp http = connect()) {
            assertThat(http.post("/", "hello").answer().header("connection")).isEqualTo("close");
            assertThat(http.read()).isEqualTo(-1);
        }
    }

    @Test
    void closesAnIdleConnectionWithoutAWord() throws Exception {
        simulator.faults().next(Fault.idleClose(Duration.ofMillis(80)));
        try (RawHttp http = connect()) {
            assertThat(http.post("/", "hello").answer().headers()).doesNotContainKey("connection");
            assertThat(http.read()).isEqualTo(-1);
        }
    }

    @Test
    void closesEveryIdleConnectionAfterTheKeepAliveTime() throws Exception {
        simulator.faults().keepAlive(Duration.ofMillis(300));
        try (RawHttp http = connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(http.post("/", "hello").answer().body()).isEqualTo("hello");
            }
            assertThat(http.read()).isEqualTo(-1);
        }
    }

    @Test
    void idleLimitDoesNotEndASlowAnswer() throws Exception {
        simulator.faults().keepAlive(Duration.ofMillis(50)).next(Fault.delay(Duration.ofMillis(250)));
        try (RawHttp http = connect()) {
            assertThat(http.post("/", "hello").answer().body()).isEqualTo("hello");
        }
    }

    @Test
    void cutsAStreamAfterSoManyEvents() throws Exception {
        simulator.faults().next(Fault.cutStream(2, End.CLOSE)).next(Fault.cutStream(0, End.RESET));
        try (RawHttp http = connect()) {
            assertThat(http.get("/stream").rest())
                    .contains("\"n\":1", "\"n\":2")
                    .doesNotContain("\"n\":3")
                    .doesNotEndWith("0\r\n\r\n");
        }
        try (RawHttp http = connect()) {
            assertThat(http.get("/stream").line()).isEqualTo("HTTP/1.1 200 OK");
            assertThatThrownBy(http::rest).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void endsAStreamProperlyButEarly() throws Exception {
        simulator.faults().next(Fault.endStream(2));
        try (RawHttp http = connect()) {
            assertThat(http.get("/stream").answer().body())
                    .isEqualTo(EchoSimulator.EVENT.formatted(1) + EchoSimulator.EVENT.formatted(2));
            assertThat(http.post("/", "next").answer().body()).isEqualTo("next");
        }
    }

    @Test
    void putsAnErrorIntoAStream() throws Exception {
        simulator.faults().next(Fault.streamError(1, "data: {\"error\":{}}"));
        try (RawHttp http = connect()) {
            assertThat(http.get("/stream").answer().body())
                    .isEqualTo(EchoSimulator.EVENT.formatted(1) + "data: {\"error\":{}}\n\n");
        }
    }

    @Test
    void leavesOutTheTerminator() throws Exception {
        simulator.faults().next(Fault.missingTerminator());
        try (RawHttp http = connect()) {
            assertThat(http.get("/stream").answer().body())
                    .endsWith(EchoSimulator.EVENT.formatted(5))
                    .contains("\"n\":1");
        }
    }

    @Test
    void streamsForEverUntilReleased() throws Exception {
        simulator.faults().next(Fault.endlessStream(2, Duration.ofMillis(1)));
        try (RawHttp http = connect()) {
            http.get("/stream");
            int repeats = 0;
            while (repeats < 20) {
                repeats += http.line().contains("\"n\":2") ? 1 : 0;
            }
            simulator.faults().clear();
            assertThat(http.rest()).doesNotContain("[DONE]");
        }
    }

    @Test
    void streamFaultsLeaveOrdinaryAnswersAlone() throws Exception {
        simulator.faults().always(Fault.cutStream(0, End.RESET));
        try (RawHttp http = connect()) {
            assertThat(http.post("/", "hello").answer().body()).isEqualTo("hello");
        }
    }

    @Test
    void refusesConnectionsAndListensAgainOnTheSamePort() throws Exception {
        try (RawHttp before = connect()) {
            assertThat(before.post("/", "a").answer().body()).isEqualTo("a");
            for (int round = 0; round < 2; round++) {
                simulator.faults().stopListening().stopListening();
                assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
                assertThat(before.post("/", "b").answer().body()).isEqualTo("b");
                simulator.faults().listen().listen();
                try (RawHttp after = connect()) {
                    assertThat(after.post("/", "c").answer().body()).isEqualTo("c");
                }
            }
        }
        assertThat(simulator.traffic().connectionsOpened()).isEqualTo(3);
    }

    @Test
    void killsAllConnections() throws Exception {
        try (RawHttp idle = connect();
                RawHttp busy = connect()) {
            idle.post("/", "a").answer();
            simulator.faults().next(Fault.silence());
            busy.post("/", "b");
            simulator.traffic().awaitRequests(2, SOON);
            assertThat(simulator.traffic().connectionsOpen()).isEqualTo(2);
            simulator.faults().killConnections();
            assertThatThrownBy(idle::read).isInstanceOf(SocketException.class);
            assertThatThrownBy(busy::read).isInstanceOf(SocketException.class);
            simulator.traffic().awaitConnectionsOpen(0, SOON);
        }
    }

    @Test
    void appliesOrdersInTurnAndThenTheLatestStandingOne() throws Exception {
        simulator
                .faults()
                .always(Fault.status(500))
                .always(Match.path("/a"), Fault.status(501))
                .next(Match.method("POST"), Fault.status(502))
                .next(Fault.status(503))
                .next(Fault.none());
        try (RawHttp http = connect()) {
            assertThat(http.get("/a?q").answer().status()).isEqualTo(503);
            assertThat(http.get("/a").answer().status()).isEqualTo(200);
            assertThat(http.post("/b", "x").answer().status()).isEqualTo(502);
            assertThat(simulator.faults().pending()).isZero();
            assertThat(http.get("/a").answer().status()).isEqualTo(501);
            assertThat(http.get("/b").answer().status()).isEqualTo(500);
            simulator.faults().clear();
            assertThat(http.get("/b").answer().status()).isEqualTo(200);
        }
    }

    @Test
    void hitsOnlyReusedConnectionsWhereAskedTo() throws Exception {
        simulator.faults().always(Match.reusedConnection(), Fault.resetBeforeResponse());
        try (RawHttp http = connect()) {
            assertThat(http.post("/", "first").answer().status()).isEqualTo(200);
            http.post("/", "second");
            assertThatThrownBy(http::read).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void recordsWhatCameOnWhichConnection() throws Exception {
        try (RawHttp one = connect();
                RawHttp two = connect()) {
            one.post("/a?x=1", "{\"é\":1}").answer();
            two.get("/b").answer();
            one.get("/c").answer();
        }
        assertThat(simulator.traffic().requests())
                .extracting(RecordedRequest::target)
                .containsExactly("/a?x=1", "/b", "/c");
        assertThat(simulator.traffic().requests())
                .extracting(RecordedRequest::numberOnConnection)
                .containsExactly(1, 1, 2);
        RecordedRequest first = simulator.traffic().requests().get(0);
        assertThat(first.path()).isEqualTo("/a");
        assertThat(first.bodyText()).isEqualTo("{\"é\":1}");
        assertThat(first.header("content-TYPE")).contains("application/json");
        assertThat(simulator.traffic().requests(Match.method("GET"))).hasSize(2);
        assertThat(simulator.traffic().connectionsOpened()).isEqualTo(2);
        simulator.traffic().awaitConnectionsOpen(0, SOON);
        simulator.traffic().forget();
        assertThat(simulator.traffic().requests()).isEmpty();
        assertThat(simulator.traffic().connectionsOpened()).isZero();
    }

    @Test
    void closesWhileARequestIsHeld() throws Exception {
        simulator.faults().next(Fault.silence());
        try (RawHttp http = connect()) {
            http.post("/", "hello");
            simulator.traffic().awaitRequests(1, SOON);
            simulator.close();
            assertThat(http.read()).isEqualTo(-1);
        }
    }
}
