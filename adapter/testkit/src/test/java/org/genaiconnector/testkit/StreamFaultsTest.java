package org.genaiconnector.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looks at the faults of event streams from the other end of the wire. */
@Timeout(30)
class StreamFaultsTest extends EchoTest {
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
}
