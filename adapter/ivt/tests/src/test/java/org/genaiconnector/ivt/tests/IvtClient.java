package org.genaiconnector.ivt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.genaiconnector.ivt.tests.control.ControlServlet;

/** A caller of the installation verification test, as an administrator with curl. */
final class IvtClient {
    static final String PAGE = "/genai-connector-ivt/";

    /** Open Liberty keeps an application for as long as a connection that was upgraded to HTTP/2 in it is open. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final Duration LONGEST_RUN = Duration.ofMinutes(3);

    private IvtClient() {}

    /**
     * Runs all checks.
     *
     * @param parameters of the request, for example {@code wait=40}
     * @throws IOException if the response is not a report
     */
    static JsonObject run(URI server, String parameters) throws IOException, InterruptedException {
        HttpResponse<String> response = send(HttpRequest.newBuilder(server.resolve(PAGE + "json?" + parameters))
                .timeout(LONGEST_RUN)
                .POST(HttpRequest.BodyPublishers.noBody()));
        if (response.statusCode() != 200) {
            throw new IOException("The test answered " + response.statusCode() + ": " + response.body());
        }
        try (JsonReader reader = Json.createReader(new StringReader(response.body()))) {
            return reader.readObject();
        }
    }

    /** Asks the application of the adapter that does nothing by several threads of the application server at once. */
    static void askControl(URI server) {
        HttpRequest request =
                HttpRequest.newBuilder(server.resolve("/control/together")).build();
        List<CompletableFuture<HttpResponse<String>>> requests = Stream.generate(
                        () -> HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                .limit(ControlServlet.REQUESTS)
                .toList();
        assertThat(requests).allMatch(response -> response.join().statusCode() == 200);
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
