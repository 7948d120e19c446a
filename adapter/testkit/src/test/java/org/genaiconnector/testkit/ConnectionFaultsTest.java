package org.genaiconnector.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looks at connections and their records: idle, refused, killed, counted. */
@Timeout(30)
class ConnectionFaultsTest extends EchoTest {
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

    /** Else a client that connected just before the backend died would go on to talk to it. */
    @Test
    void killsAConnectionThatIsBeingOpened() throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        CompletableFuture<Void> killed = new CompletableFuture<>();
        simulator.beforeOpening = () -> {
            accepted.countDown();
            killed.join();
        };
        try (RawHttp late = connect()) {
            assertThat(accepted.await(SOON.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            simulator.faults().stopListening().killConnections();
            killed.complete(null);
            assertThatThrownBy(late::read).isInstanceOf(SocketException.class);
            simulator.faults().listen();
            try (RawHttp after = connect()) {
                assertThat(after.post("/", "c").answer().body()).isEqualTo("c");
            }
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
