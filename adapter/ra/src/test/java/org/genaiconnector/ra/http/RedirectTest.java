package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.genaiconnector.CircuitState;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects of downloads, to storage of another origin and back. */
@Timeout(30)
class RedirectTest {
    private static final String KEY = "sk-never-elsewhere";
    private static final String TOKEN = "token-of-the-query";
    private static final String COOKIE = "session-of-the-gateway";

    private final List<String> atHome = new CopyOnWriteArrayList<>();
    private final List<String> atStorage = new CopyOnWriteArrayList<>();
    private RawServer home;
    private RawServer storage;
    private HttpBackend backend;

    @AfterEach
    void close() {
        backend.close();
        home.close();
        if (storage != null) {
            storage.close();
        }
    }

    /** Answers each request by its head. */
    private static RawServer server(List<String> heads, Function<String, String> answers) {
        return RawServer.start(socket -> {
            for (String head = RawServer.head(socket.getInputStream());
                    !head.isEmpty();
                    head = RawServer.head(socket.getInputStream())) {
                heads.add(head);
                write(socket, answers.apply(head));
            }
        });
    }

    private static void write(Socket socket, String answer) throws IOException {
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
    }

    private static String to(int status, String location) {
        return "HTTP/1.1 " + status + " X\r\nLocation: " + location + "\r\nContent-Length: 5\r\n\r\nmoved";
    }

    private static String ok(String content) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + content.length() + "\r\n\r\n" + content;
    }

    private HttpConnection connect(Duration call, CircuitPolicy circuit) {
        HttpSettings settings = TestBackends.settings(home.uri("http"), Duration.ofSeconds(5), call);
        backend = TestBackends.with(new HttpSettings(
                "Test server",
                settings.server(),
                settings.connectTimeout(),
                settings.responseTimeout(),
                settings.callTimeout(),
                settings.retry(),
                circuit,
                new Transport(
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        Optional.empty(),
                        Map.of("User-Agent", "adapter", "Cookie", COOKIE, "X-Team", "blue"),
                        "token=" + TOKEN,
                        TransportKind.AUTO,
                        true)));
        return backend.connect(Map.of("Authorization", "Bearer " + KEY, "X-API-Key", KEY), List.of(KEY));
    }

    private HttpConnection connect() {
        return connect(Duration.ofSeconds(10), new CircuitPolicy(0, Duration.ofSeconds(1)));
    }

    private HttpCall file() {
        return HttpCall.get(backend.resource("/view")).followingRedirects();
    }

    private String download(HttpConnection connection) throws GenAiException {
        return connection.call(file(), answer -> new String(answer.body(), StandardCharsets.UTF_8));
    }

    private void assertNoCredentials(List<String> heads) {
        assertThat(heads)
                .isNotEmpty()
                .allSatisfy(head -> assertThat(head.toLowerCase(Locale.ROOT))
                        .doesNotContain(
                                KEY, TOKEN, COOKIE, "authorization", "x-api-key", "cookie", "x-team", "referer"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void sendNoCredentialsToAnotherOrigin(int status) throws Exception {
        storage = server(atStorage, head -> ok("picture"));
        home = server(atHome, head -> to(status, storage.uri("http") + "/bucket/a%20b.png?X-Signature=5ig%2Fned"));
        HttpConnection connection = connect();

        String content = connection.call(
                file().header("Range", "bytes=3-"), answer -> new String(answer.body(), StandardCharsets.UTF_8));

        assertThat(content).isEqualTo("picture");
        assertThat(atHome).singleElement().asString().contains(KEY, TOKEN, COOKIE);
        assertNoCredentials(atStorage);
        assertThat(atStorage)
                .singleElement()
                .asString()
                .startsWith("GET /bucket/a%20b.png?X-Signature=5ig%2Fned HTTP/1.1\r\n")
                .contains("User-Agent: adapter\r\n", "Range: bytes=3-\r\n");
    }

    @Test
    void keepTheMethod() throws Exception {
        storage = server(atStorage, head -> "HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n");
        home = server(atHome, head -> "HTTP/1.1 303 X\r\nLocation: " + storage.uri("http") + "/x\r\n\r\n");
        HttpConnection connection = connect();
        HttpCall head = new HttpCall("HEAD", backend.resource("/view"), Map.of(), null, Repeatable.ALWAYS);

        assertThat(connection.<Optional<String>>call(
                        head.followingRedirects(), answer -> answer.header("Content-Length")))
                .hasValue("77");
        assertThat(atStorage).singleElement().asString().startsWith("HEAD /x HTTP/1.1\r\n");
    }

    @Test
    void keepCredentialsWithinTheBackend() throws Exception {
        home = server(atHome, head -> head.startsWith("GET /files/") ? ok("picture") : to(302, "files/x"));

        assertThat(download(connect())).isEqualTo("picture");
        assertThat(atHome.get(1)).contains("Authorization: Bearer " + KEY);
    }

    @Test
    void sendNoCredentialsBackFromAnotherOrigin() throws Exception {
        storage = server(atStorage, head -> to(302, home.uri("http") + "/back"));
        home = server(
                atHome, head -> head.startsWith("GET /back") ? ok("picture") : to(302, storage.uri("http") + "/"));

        assertThat(download(connect())).isEqualTo("picture");
        assertNoCredentials(atStorage);
        assertNoCredentials(atHome.subList(1, 2));
    }

    @Test
    void areNotFollowedForOtherCalls() {
        storage = server(atStorage, head -> ok("{}"));
        home = server(atHome, head -> to(307, storage.uri("http") + "/"));
        HttpConnection connection = connect();
        HttpCall post = HttpCall.post(backend.resource("/prompt"), Repeatable.ALWAYS);

        assertThat(TestBackends.category(() -> connection.call(post, answer -> answer)))
                .isEqualTo(FailureCategory.PROTOCOL);
        assertThat(TestBackends.category(() -> TestBackends.get(backend, connection)))
                .isEqualTo(FailureCategory.PROTOCOL);
        assertThat(storage.connections()).isZero();
        assertThatThrownBy(post::followingRedirects).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void endAfterFive() {
        home = server(atHome, head -> to(302, "/again"));
        HttpConnection connection = connect();

        assertThat(TestBackends.failure(() -> download(connection)))
                .hasMessageContaining("there are more than 5 in a row")
                .extracting(GenAiException::category)
                .isEqualTo(FailureCategory.PROTOCOL);
        assertThat(atHome).hasSize(6);
    }

    @ParameterizedTest
    @CsvSource({
        "'', it names no address",
        "ftp://storage.example/x, that is no address of HTTP",
        "file:///etc/passwd, that is no address of HTTP",
        "http://, that is no address of HTTP",
        "http://a b/, that is no address of HTTP",
        "https://anna:pass@storage.example/x, the address has a user or password",
        "https://storage.example/x?token=token-of-the-query, the address repeats a credential",
        "https://storage.example/sk-never-elsewhere, the address repeats a credential",
        "http://169.254.169.254/latest/meta-data, it leads to a link-local address",
    })
    void areNotFollowedToOddPlaces(String location, String why) {
        home = server(atHome, head -> to(302, location));
        HttpConnection connection = connect();

        assertThat(TestBackends.failure(() -> download(connection)))
                .hasMessageContaining("Test server at " + home.uri("http") + " answered /view with status 302")
                .hasMessageContaining("this redirect is not followed: " + why)
                .hasMessageNotContaining(KEY)
                .hasMessageNotContaining(TOKEN)
                .extracting(GenAiException::category)
                .isEqualTo(FailureCategory.PROTOCOL);
        assertThat(connection.isBroken()).isFalse();
    }

    @Test
    void areNotFollowedFromHttpsToHttp() {
        home = server(atHome, head -> ok(""));
        connect();
        Redirects redirects = new Redirects(TestBackends.settings(
                URI.create("https://cloud.example"), Duration.ofSeconds(1), Duration.ofSeconds(1)));
        HttpCall call = HttpCall.get(HttpResource.of(URI.create("https://cloud.example/view?a=b")));
        HttpAnswer answer = new HttpAnswer(
                "Cloud", "/view", 302, Map.of("Location", List.of("http://storage.example/x")), new byte[0]);

        assertThatThrownBy(() -> redirects.next(Redirects.first(call), answer, 1))
                .hasMessage("Cloud answered /view with status 302 (to http://storage.example/x): (empty)"
                        + " -- this redirect is not followed: from https to http the file would come unprotected");
    }

    @ParameterizedTest
    @CsvSource({
        // a backend on the internet leads to the internet only
        "93.184.216.34, 8.8.8.8, true",
        "93.184.216.34, 10.0.0.1, false",
        "93.184.216.34, 100.64.0.1, false",
        "93.184.216.34, 127.0.0.1, false",
        "93.184.216.34, 0.0.0.0, false",
        "93.184.216.34, ::1, false",
        "93.184.216.34, ::ffff:127.0.0.1, false",
        "93.184.216.34, fd00::1, false",
        "2606:2800:220:1::1, 2001:4860:4860::8888, true",
        // one of the own network also there
        "10.0.0.5, 192.168.1.1, true",
        "10.0.0.5, 8.8.8.8, true",
        "10.0.0.5, 127.0.0.1, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 10.0.0.1, true",
        // never where clouds offer keys to machines
        "93.184.216.34, 169.254.169.254, false",
        "10.0.0.5, 169.254.169.254, false",
        "127.0.0.1, 169.254.169.254, false",
        "127.0.0.1, fe80::1, false",
        "169.254.3.4, 169.254.3.5, true",
    })
    void leadNoNearerThanTheBackend(String from, String to, boolean allowed) throws Exception {
        home = server(atHome, head -> ok(""));
        connect();
        GuardedNames names = new GuardedNames(from);
        if (allowed) {
            assertThat(names.resolve(to)).hasSize(1);
        } else {
            assertThatThrownBy(() -> names.resolve(to)).isInstanceOf(GuardedNames.TooNearException.class);
        }
    }

    @Test
    void nameTheStorageThatRefuses() {
        storage = server(atStorage, head -> "HTTP/1.1 403 X\r\nContent-Length: 11\r\n\r\nsig5igned/x");
        home = server(atHome, head -> to(302, storage.uri("http") + "/b/x?sig=5igned"));
        HttpConnection connection = connect();

        assertThat(TestBackends.failure(() -> download(connection)))
                .hasMessageContaining("The storage to which Test server at " + home.uri("http") + " redirects, at "
                        + storage.uri("http"))
                .hasMessageNotContaining("5igned")
                .extracting(GenAiException::category)
                .isEqualTo(FailureCategory.PERMISSION);
    }

    @Test
    void doNotBlameTheBackendForItsStorage() throws Exception {
        storage = server(atStorage, head -> "HTTP/1.1 503 X\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n");
        String away = storage.uri("http") + "/";
        home = server(atHome, head -> head.startsWith("GET /view") ? to(302, away) : ok("alive"));
        HttpConnection connection = connect(Duration.ofSeconds(10), new CircuitPolicy(1, Duration.ofMinutes(1)));

        assertThat(TestBackends.category(() -> download(connection))).isEqualTo(FailureCategory.UNAVAILABLE);
        storage.close();
        assertThat(TestBackends.category(() -> download(connection))).isEqualTo(FailureCategory.UNAVAILABLE);

        assertThat(backend.circuit()).isEqualTo(CircuitState.CLOSED);
        assertThat(connection.isBroken()).isFalse();
        assertThat(TestBackends.get(backend, connection)).isEqualTo("alive");
    }

    @Test
    void countForTheDeadline() {
        storage = RawServer.start(socket -> {
            RawServer.head(socket.getInputStream());
            socket.getInputStream().read(); // silent until the other side closes
        });
        home = server(atHome, head -> to(302, storage.uri("http") + "/"));
        HttpConnection connection = connect(Duration.ofMillis(200), new CircuitPolicy(0, Duration.ofSeconds(1)));

        assertThat(TestBackends.category(() -> download(connection))).isEqualTo(FailureCategory.DEADLINE);
    }

    @Test
    void areEndedWithTheirConnection() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        storage = RawServer.start(socket -> {
            RawServer.head(socket.getInputStream());
            asked.countDown();
            socket.getInputStream().read();
        });
        home = server(atHome, head -> to(302, storage.uri("http") + "/"));
        HttpConnection connection = connect();
        RawServer.daemon(() -> {
            try {
                asked.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.close();
        });

        assertThat(TestBackends.category(() -> download(connection))).isEqualTo(FailureCategory.CANCELLED);
    }
}
