package org.genaiconnector.tests.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/** The commands of {@code asadmin}, sent to the server as that does it, but without a JVM for each of them. */
final class Asadmin {
    /** Deploying on a busy machine takes its time. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /** Not HTTP/2, whose sessions Payara ends after half a minute, even if a request is being served. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI base;

    Asadmin(URI base) {
        this.base = base;
    }

    /**
     * What the server reports.
     *
     * @param failed whether the command did not do what it should
     * @param message for the administrator
     */
    record Report(boolean failed, String message) {}

    /**
     * Has a command done that must not fail.
     *
     * @param operand what follows the options on a command line
     * @param options by name
     * @return the message
     */
    String run(String command, String operand, Map<String, String> options) throws IOException, InterruptedException {
        Report report = attempt(command, operand, options);
        if (report.failed()) {
            throw new AssertionError("asadmin " + command + " " + operand + ": " + report.message());
        }
        return report.message();
    }

    /** Deploys an archive, or deploys it anew if there is one of that name. */
    void deploy(String name, String file) throws IOException, InterruptedException {
        run("deploy", file, Map.of("name", name, "force", "true"));
    }

    /** Has a command done that may fail. */
    Report attempt(String command, String operand, Map<String, String> options)
            throws IOException, InterruptedException {
        StringBuilder query = new StringBuilder("?DEFAULT=" + encoded(operand));
        options.forEach(
                (name, value) -> query.append('&').append(name).append('=').append(encoded(value)));
        HttpRequest request = HttpRequest.newBuilder(base.resolve(command + query))
                .header("User-Agent", "hk2-agent") // answers are for programs
                .header("X-Requested-By", "test")
                .timeout(LONGEST)
                .build();
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException(command + " was answered with status " + response.statusCode());
        }
        Attributes report = new Manifest(response.body()).getMainAttributes();
        return new Report(
                !"SUCCESS".equals(report.getValue("exit-code")),
                report.getValue("message").replace("%%%EOL%%%", "\n"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
