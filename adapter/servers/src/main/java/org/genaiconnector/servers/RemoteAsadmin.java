package org.genaiconnector.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/** Commands over HTTP, as {@code asadmin} sends them, but without a JVM for each. */
public final class RemoteAsadmin implements Asadmin {
    /** Deploying takes long on a busy machine. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** Not HTTP/2: Payara ends its sessions after half a minute, even while it serves a request. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI base;
    private final String credentials;

    /**
     * Commands for an application server.
     *
     * @param base address of the commands, ends with a slash
     * @param password of the user {@code admin}; empty for none
     */
    public RemoteAsadmin(URI base, String password) {
        this.base = base;
        credentials =
                "Basic " + Base64.getEncoder().encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Report attempt(String command, String operand, Map<String, String> options)
            throws IOException, InterruptedException {
        StringBuilder query = new StringBuilder("?DEFAULT=" + encoded(operand));
        options.forEach(
                (name, value) -> query.append('&').append(name).append('=').append(encoded(value)));
        HttpRequest request = HttpRequest.newBuilder(base.resolve(command + query))
                .header("User-Agent", "hk2-agent") // asks for machine-readable responses
                .header("X-Requested-By", "test")
                .header("Authorization", credentials)
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

    @Override
    public void flush(String pool) throws IOException, InterruptedException {
        run("flush-connection-pool", pool, Map.of());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
