package org.genaiconnector.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looks at the faults of single answers from the other end of the wire. */
@Timeout(30)
class FaultsTest extends EchoTest {
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
            simulator.traffic().awaitRequests(1, SOON); // else it would be released before it is silent
            assertThatThrownBy(http::read).isInstanceOf(SocketTimeoutException.class);
            simulator.faults().release();
            assertThat(http.waitFor(SOON).read()).isEqualTo(-1);
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
    void usesUpExactlySoManyFaultsUnderConcurrency() throws Exception {
        simulator.faults().next(50, Fault.status(503));
        Callable<Long> client = () -> {
            long failures = 0;
            try (RawHttp http = connect()) {
                for (int i = 0; i < 25; i++) {
                    failures += http.post("/", "x").answer().status() == 503 ? 1 : 0;
                }
            }
            return failures;
        };
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            long failures = 0;
            for (Future<Long> future : threads.invokeAll(Collections.nCopies(8, client))) {
                failures += future.get();
            }
            assertThat(failures).isEqualTo(50);
        } finally {
            threads.shutdownNow();
        }
        assertThat(simulator.traffic().requests())
                .extracting(RecordedRequest::number)
                .isEqualTo(IntStream.rangeClosed(1, 200).boxed().toList());
        assertThat(simulator.traffic().connectionsOpened()).isEqualTo(8);
    }

    @Test
    void takesOrdersBeforeTheServerStarts() {
        Faults faults = new Faults().next(Fault.status(500)).clear();
        assertThat(faults.pending()).isZero();
        assertThatThrownBy(faults::stopListening).isInstanceOf(IllegalStateException.class);
    }
}
